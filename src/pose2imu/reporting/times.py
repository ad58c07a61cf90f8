"""How long trainings took when they were last run, for README.md: the sums of their runtime.json; and one on a GPU."""

import json
from collections.abc import Sequence
from pathlib import Path

from pose2imu.layout import REPORTS, SCARCE
from pose2imu.runtime import hours, recorded_seconds


def times(benchmarks: Sequence[str], root: Path = Path()) -> str:
    """Write a table: command, of how many of its trainings the time was recorded, and their time on one core."""
    commands = {name: f"dvc repro report@{name}" for name in benchmarks} | {SCARCE: "dvc repro scarce"}
    lines = ["| from scratch | trainings recorded | time on one core |", "| --- | --: | --: |"]
    for name, command in commands.items():
        runs = sorted({path.parent for path in (root / REPORTS / name / "runs").rglob("*") if path.is_file()})
        seconds = [taken for run in runs if (taken := recorded_seconds(run)) is not None]
        lines.append(f"| `{command}` | {len(seconds)} of {len(runs)} | {hours(sum(seconds))} |")
    return "\n".join(lines) + "\n" + on_a_gpu(root / REPORTS)


def on_a_gpu(folder: Path) -> str:
    """Say what checks/gpu.py saw of a joint run on a GPU; nothing where it has not run."""
    path = folder / "gpu.json"
    found = json.loads(path.read_bytes()) if path.is_file() else {}
    if "run" not in found:
        return ""
    run, name = found["run"], found["card"]["name"]
    took = f"a joint run took {run['seconds']:.0f} seconds, {run['times']:.0f} times as fast as without CUDA graphs"
    return f"\nOn one {name} {took} ([gpu.md](reports/gpu.md)).\n"
