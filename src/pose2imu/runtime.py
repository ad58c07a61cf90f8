"""How long a run took when it was last trained, as its runtime.json says: no result, so DVC ignores it."""

import json
from pathlib import Path

from pose2imu.layout import run_folder


def recorded_seconds(benchmark: str, row: str, seed: int, root: Path = Path()) -> float | None:
    """Read the seconds of a run's training; None where there is no record."""
    try:
        return float(json.loads((root / run_folder(benchmark, row, seed) / "runtime.json").read_bytes())["seconds"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def hours(seconds: float) -> str:
    """Put a duration as a person would: in minutes, or in hours."""
    return f"{seconds / 60:.0f} minutes" if seconds < 2 * 3600 else f"{seconds / 3600:.1f} hours"
