"""How long a run took when it was last trained, as its runtime.json says: no result, so DVC ignores it."""

import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pose2imu.atomic import write_json

if TYPE_CHECKING:  # it brings torch, and what only reads a record needs none
    from pose2imu.settings import Settings


def write_runtime(path: Path, settings: "Settings[Any]", seconds: float, epochs: int | None = None) -> None:
    """Write what differs from one machine to the next: apart, so that a rerun's results stay byte-identical."""
    runtime = {
        "seconds": round(seconds, 1),
        **({"seconds_per_epoch": round(seconds / epochs, 3)} if epochs else {}),
        "device": settings.device,
        "threads": settings.options.threads,
        "processor": platform.processor() or platform.machine(),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in ("torch", "numpy")}},
    }
    write_json(path, runtime)


def recorded_seconds(folder: Path) -> float | None:
    """Read the seconds of the training of the run whose folder it is; None where there is no record."""
    try:
        return float(json.loads((folder / "runtime.json").read_bytes())["seconds"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def hours(seconds: float) -> str:
    """Put a duration as a person would: in minutes, or in hours."""
    return f"{seconds / 60:.0f} minutes" if seconds < 2 * 3600 else f"{seconds / 3600:.1f} hours"
