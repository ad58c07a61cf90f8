"""What a file says of itself where `pose2imu synthesize` wrote it: units, rate and gravity need not be guessed then."""

import json
from pathlib import Path
from typing import Any

KEY = b"pose2imu"  # of a Parquet file's metadata; beside other files lies a .json of their whole name


def units_said(path: Path) -> tuple[dict[str, Any], list[str]]:
    """Give unit, turn_unit, time_unit and rate, as far as they are said, and notes; nothing where nothing is."""
    about = _about(path)
    units = about.get("units")
    if not isinstance(units, dict):
        return {}, []
    known = {
        "unit": units.get("acceleration"),
        "turn_unit": units.get("angular_velocity"),
        "time_unit": units.get("time"),
        "rate": about.get("rate") if path.suffix.lower() == ".npy" else None,  # which has no times
    }
    notes = [f"gravity is {about['gravity']}, as the file says"] if isinstance(about.get("gravity"), str) else []
    return {key: value for key, value in known.items() if value is not None}, notes


def _about(path: Path) -> dict[str, Any]:
    try:
        if path.suffix.lower() == ".parquet":
            import pyarrow.parquet as pq  # noqa: PLC0415 a quarter of a second, and few files need it

            raw = (pq.read_schema(path).metadata or {}).get(KEY, b"{}")
        else:
            raw = path.with_name(f"{path.name}.json").read_bytes()
        about = json.loads(raw)
    except (OSError, ValueError):  # none, or another's: the numbers are read all the same
        return {}
    about = about if isinstance(about, dict) else {}
    signals = about.get("signals")
    if isinstance(signals, list) and len(signals) == 1 and isinstance(signals[0], dict):  # of an array of one
        return signals[0]
    return about
