"""DVC's own time: what `dvc repro -s` of one cheap stage takes beyond the stage's command, on the full project.

With --before, a commit is measured beside this checkout, in turn, in a throw-away clone: its stage is --before-stage.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from pose2imu.atomic import write_csv
from pose2imu.command import parser_of, run
from pose2imu.dvc import dvc_command, environment
from pose2imu.layout import REPORTS

REPEATS = 3


def measured(folder: Path, stage: str) -> dict[str, float]:
    """Measure a stage of a checkout once: CPU and wall seconds with DVC, and of its command alone."""
    alone = _seconds(folder, sys.executable, f"stages/{stage}.py")
    whole = _seconds(folder, *dvc_command("repro", "--quiet", "--single-item", "--force", stage))
    return {"cpu": whole[0] - alone[0], "wall": whole[1] - alone[1]}


def _seconds(folder: Path, *command: str) -> tuple[float, float]:
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment(folder), check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return cpu, time.perf_counter() - begin


def main() -> None:
    """Measure, write reports/overhead.csv."""
    parser = parser_of(__doc__)
    parser.add_argument("--stage", default="trials", help="cheap, of this checkout (%(default)s)")
    parser.add_argument("--before", metavar="COMMIT", help="measure this commit too")
    parser.add_argument("--before-stage", default="choices", help="the same stage there (%(default)s)")
    arguments: argparse.Namespace = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        cases = {"now": (Path(), arguments.stage)}
        if arguments.before:
            clone = Path(temporary) / "before"
            subprocess.run(["git", "clone", "--quiet", ".", str(clone)], check=True)
            subprocess.run(["git", "checkout", "--quiet", "--detach", arguments.before], cwd=clone, check=True)
            cases = {"before": (clone, arguments.before_stage), **cases}
        taken: dict[str, list[dict[str, float]]] = {name: [] for name in cases}
        for _ in range(REPEATS):
            for name, case in cases.items():
                taken[name].append(measured(*case))
        rows = [
            {
                "checkout": name,
                "command": f"dvc repro --single-item --force {stage}",
                "dvc_lock_lines": len((folder / "dvc.lock").read_text(encoding="utf-8").splitlines()),
                "dvc_yaml_lines": len((folder / "dvc.yaml").read_text(encoding="utf-8").splitlines()),
                "overhead_cpu_seconds": round(statistics.median(one["cpu"] for one in taken[name]), 2),
                "overhead_wall_seconds": round(statistics.median(one["wall"] for one in taken[name]), 2),
                "measured_by": "python " + " ".join(["checks/overhead.py", *sys.argv[1:]]),
            }
            for name, (folder, stage) in cases.items()
        ]
    table = pd.DataFrame(rows)
    write_csv(REPORTS / "overhead.csv", table)
    print(table.to_string(index=False))


if __name__ == "__main__":
    run(main)
