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
    """Read the seconds on a CPU of the training of the run whose folder it is; None where none are recorded."""
    try:
        record = json.loads((folder / "runtime.json").read_bytes())
        return float(record["seconds"]) if record.get("device", "cpu") == "cpu" else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def hours(seconds: float) -> str:
    """Put a duration as a person would: in minutes, or in hours."""
    return f"{seconds / 60:.0f} minutes" if seconds < 2 * 3600 else f"{seconds / 3600:.1f} hours"
