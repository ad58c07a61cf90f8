"""Runs with scarce sensor data in parallel processes, without DVC: for a machine that has neither DVC nor much time.

python checks/scarce_runs.py --jobs 16 --minutes 9

Runs the two commands of each run that params.yaml's studies name and whose folder in reports/scarce is not finished,
one thread each. After the time given it starts no more, and waits for those under way, or ends them after --grace. Run
again, it goes on. Order: real clips alone and with synthetic ones, seed by seed; then the other rows. On the machine
that has DVC, `dvc commit` of the stages then takes over what the folders hold.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pose2imu.command import parser_of, run
from pose2imu.layout import scarce_folder
from pose2imu.recipes import load_scarce_runs
from pose2imu.reporting.scarce.results import expected

LOGS = Path("data/logs/scarce")
FIRST_ROWS = ("strong_cnn", "synthetic_clips")
LEVELS = ("one_a_class", "quarter", "all", "eighth", "half")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
POLL_SECONDS = 0.2


class Run(NamedTuple):
    """A run of the experiment."""

    scenario: str
    level: str
    row: str
    seed: int

    def finished(self) -> bool:
        """Say whether the second command has written all it writes."""
        return (self.folder() / "metrics.json").is_file()

    def folder(self) -> Path:
        """Name the folder that is kept of it."""
        return scarce_folder(*self)

    def commands(self) -> list[list[str]]:
        """Give the commands of its stage in dvc.yaml."""
        named = [self.row, self.scenario, self.level, str(self.seed)]
        return [[sys.executable, f"stages/scarce_{half}.py", *named] for half in ("train", "evaluate")]


def ordered(rows: list[str] | None, scenarios: list[str] | None) -> list[Run]:
    """List all runs of the studies, the most telling ones first: whole seeds of the two rows, then the others'."""
    about = load_scarce_runs()
    runs = [Run(*one) for one in expected(about)]
    runs = [one for one in runs if one.row in (rows or [one.row]) and one.scenario in (scenarios or [one.scenario])]
    names = list(about.names)

    def key(one: Run) -> tuple[bool, bool, int, int, int]:
        level = LEVELS.index(one.level) if one.level in LEVELS else len(LEVELS)
        return one.scenario != "clips", one.row not in FIRST_ROWS, one.seed, level, names.index(one.row)

    return sorted(runs, key=key)


def started(waiting: Iterator[Run]) -> tuple[Run, subprocess.Popen[bytes]] | None:
    """Start the next run that is not finished; None where there is none."""
    for one in waiting:
        if not one.finished():
            LOGS.mkdir(parents=True, exist_ok=True)
            log = (LOGS / f"{'-'.join(map(str, one))}.txt").open("wb")
            script = " && ".join(" ".join(command) for command in one.commands())
            environment = {**os.environ, **ONE_THREAD}
            process = subprocess.Popen(
                ["sh", "-c", script], stdout=log, stderr=subprocess.STDOUT, env=environment, start_new_session=True
            )
            return one, process
    return None


def main() -> None:
    """Run what is missing."""
    parser = parser_of(__doc__)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--minutes", type=float, default=1e9, help="after which no run is started")
    parser.add_argument("--grace", type=float, default=1e9, help="minutes after that in which runs may still end")
    parser.add_argument("--rows", nargs="+")
    parser.add_argument("--scenarios", nargs="+")
    parser.add_argument("--list", action="store_true", help="say what is missing, in order, and run nothing")
    arguments: argparse.Namespace = parser.parse_args()
    runs = ordered(arguments.rows, arguments.scenarios)
    missing = [one for one in runs if not one.finished()]
    print(f"{len(missing)} of {len(runs)} runs are missing", flush=True)
    if arguments.list:
        print("\n".join(" ".join(map(str, one)) for one in missing))
        return
    begin, waiting = time.monotonic(), iter(missing)
    running: list[tuple[Run, subprocess.Popen[bytes], float]] = []
    failed = done = 0
    while True:
        minutes = (time.monotonic() - begin) / 60
        while minutes < arguments.minutes and len(running) < arguments.jobs and (new := started(waiting)):
            running.append((*new, time.monotonic()))
        if not running or minutes > arguments.minutes + arguments.grace:
            break
        time.sleep(POLL_SECONDS)
        for item in [item for item in running if item[1].poll() is not None]:
            running.remove(item)
            one, process, since = item
            failed, done = failed + (process.returncode != 0), done + (process.returncode == 0)
            what = "done" if process.returncode == 0 else f"FAILED, see {LOGS}"
            print(f"{what}: {' '.join(map(str, one))}, {time.monotonic() - since:.0f} s", flush=True)
    for _, process, _ in running:
        os.killpg(process.pid, 15)
    print(f"{done} done, {failed} failed, {len(running)} ended, {(time.monotonic() - begin) / 60:.1f} minutes")


if __name__ == "__main__":
    run(main)
