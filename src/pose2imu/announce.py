"""What a long `dvc repro` is about to do, said once before its first training: hours should surprise nobody."""

import contextlib
import os
import sys
from pathlib import Path

import psutil

from pose2imu.layout import run_folder, weights_file
from pose2imu.recipes import load_runs
from pose2imu.runtime import hours, recorded_seconds

SILENT = {"POSE2IMU_RUNNER": "1"}  # in the environment of what the runner starts: it has said so itself
REMEMBERED = Path(".dvc/tmp/announced")
WORTH_SAYING = 600  # seconds


def announce(benchmark: str) -> None:
    """Say what the DVC command that runs this training has before it, if it is long; never fail for it."""
    with contextlib.suppress(Exception):
        if SILENT.items() <= os.environ.items() or (command := dvc_command_above()) is None:
            return
        if REMEMBERED.exists() and REMEMBERED.read_text(encoding="utf-8") == command:
            return
        if lines := announcement(benchmark):
            REMEMBERED.parent.mkdir(parents=True, exist_ok=True)
            REMEMBERED.write_text(command, encoding="utf-8")
            print(*lines, sep="\n", file=sys.stderr, flush=True)


def announcement(benchmark: str, root: Path = Path()) -> list[str]:
    """Put into lines how much of a benchmark has no weights here; none where that is little."""
    runs = load_runs(benchmark, root)
    # Trials keep no weights.
    tried = {row for row in runs.alone if row != runs.methods[row]}
    missing = [
        (row, seed)
        for row, seeds in (runs.evaluated | runs.alone).items()
        for seed in (seeds if row not in tried else [])
        if not (root / weights_file(benchmark, row, seed)).exists()
    ]
    taken = [recorded_seconds(root / run_folder(benchmark, row, seed)) for row, seed in missing]
    total, unknown = sum(filter(None, taken)), taken.count(None)
    if total < WORTH_SAYING:
        return []
    stage = os.environ.get("DVC_STAGE", "a single stage")
    without = f" ({unknown} have no record)" if unknown else ""
    return [
        f"{len(missing)} runs of {benchmark} have no weights in data/models: {hours(total)} of training{without}.",
        "DVC trains those that its target needs, one by one. Ctrl-C is safe; git's files change at a run's evaluation.",
        "  dvc repro --allow-missing TARGET              takes what is finished as it is",
        f"  dvc repro {stage:<35} and other single stages: as little as that",
        f"  {f'python -m pose2imu.runner {benchmark} --dry-run':<45} what is missing; without --dry-run side by side",
    ]


def dvc_command_above() -> str | None:
    """Name the DVC process that started this one, by its id and when it began; None where there is none."""
    for process in psutil.Process().parents():
        if any(Path(part).name == "dvc" or part == "pose2imu.dvc" for part in process.cmdline()[:4]):
            return f"{process.pid} {process.create_time()}"
    return None
