"""How long a run took when it was last trained, as its runtime.json says: no result, so DVC ignores it."""

import json
from pathlib import Path


def recorded_seconds(folder: Path) -> float | None:
    """Read the seconds of the training of the run whose folder it is; None where there is no record."""
    try:
        return float(json.loads((folder / "runtime.json").read_bytes())["seconds"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def hours(seconds: float) -> str:
    """Put a duration as a person would: in minutes, or in hours."""
    return f"{seconds / 60:.0f} minutes" if seconds < 2 * 3600 else f"{seconds / 3600:.1f} hours"
