"""What may be asked of a virtual sensor, and how it is told beside its signal."""

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from scipy.constants import g
from scipy.spatial.transform import Rotation

from pose2imu.errors import InputError
from pose2imu.formats.streams import PLACES, Place

UNITS = {"m/s2": 1.0, "g": 1 / g}
RANGES = {
    "rate": (0.1, 10_000.0),
    "along": (0.0, 1.0),
    "noise": (0.0, 1000.0),
    "turn_noise": (0.0, 1000.0),
    "smoothing": (0.0, 10.0),
}


def place_of(name: str, of: str) -> Place:
    """Find a place by its name."""
    if name not in PLACES:
        raise InputError(f"{of}: a sensor at {name}; expected one of {', '.join(PLACES)}")
    return PLACES[name]


def factor_of(unit: str, of: str) -> float:
    """Give what acceleration in m/s² is multiplied by."""
    if unit not in UNITS:
        raise InputError(f"{of}: acceleration in {unit}; expected one of {', '.join(UNITS)}")
    return UNITS[unit]


def check_ranges(of: str, **values: float) -> None:
    """Refuse values, by the names of RANGES, that are out of theirs."""
    for name, value in values.items():
        least, most = RANGES[name]
        if not least <= value <= most:
            raise InputError(f"{of}: {name.replace('_', ' ')} {value:g}; expected {least:g} to {most:g}")


def rotation_of(said: Rotation | Sequence[float] | None, of: str) -> Rotation:
    """Read three Euler angles in degrees about the fixed x, y and z, or a quaternion x, y, z, w; nothing: no turn."""
    if said is None:
        return Rotation.identity()
    if isinstance(said, Rotation):
        return said
    numbers = np.asarray(said, dtype=np.float64)
    if numbers.shape == (3,) and np.isfinite(numbers).all():
        return Rotation.from_euler("xyz", numbers, degrees=True)
    if numbers.shape == (4,) and np.isfinite(numbers).all() and np.linalg.norm(numbers) > 1e-6:
        return Rotation.from_quat(numbers)
    raise InputError(f"{of}: a rotation of {said}; expected three angles in degrees or a quaternion x, y, z, w")


def about(
    source: str, place: str, limb: Sequence[str], rate: float, unit: str, mount: Rotation, gravity: bool, how: str
) -> dict[str, Any]:
    """Tell, as JSON has it, what a signal is: its source, units, placement, axes and gravity convention."""
    bone = f"along the bone of {', '.join(limb)} that wears it, from near to far joint"
    return {
        "source": source,
        "how": how,
        "place": place,
        "rate": rate,
        "units": {"time": "s", "acceleration": unit, "angular_velocity": "rad/s"},
        "gravity": "included: +9.80665 m/s2 upwards at rest" if gravity else "left out: 0 at rest",
        "axes": f"x {bone}; y normal to the limb's plane; z completes a right-handed frame; then turned by rotation",
        "rotation": [float(part) for part in mount.as_quat()],  # x, y, z, w: the sensor's axes → the bone's
        "pose2imu": _version(),
    }


def _version() -> str:
    try:
        return version("pose2imu")
    except PackageNotFoundError:  # from a folder on the path
        return "unknown"
