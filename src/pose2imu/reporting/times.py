"""How long trainings took when they were last run, for README.md: the sums of their runtime.json."""

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
    return "\n".join(lines) + "\n"
