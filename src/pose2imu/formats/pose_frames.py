"""Which way is up in a file of poses, and how long is its metre: as said, or as the person's torso tells."""

from collections.abc import Mapping

import numpy as np

from pose2imu.errors import InputError

UPS = ("x", "y", "z", "-x", "-y", "-z")
UNITS = {"m": 1.0, "cm": 0.01, "mm": 0.001, "in": 0.0254}
# Metres from mid-hip to neck: of a child of three to a giant. The units guessed are a factor of ten or more apart.
TORSO = 0.2, 1.0
GUESSED_UNITS = ("m", "cm", "mm")
# Of frames in which the torso points along one axis: fewer, and which is up is a guess that should be looked at.
CLEAR = 0.7
FARTHEST = 5.0  # metres of a joint from its body's middle
WAY = 10_000.0  # metres that a body may go from where it mostly is
STILL = 0.001  # metres that a mid-hip wanders which is the origin of its frame


def derived(joints: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Add neck and mid-hip, the mean of shoulders and of hips, where a format lacks them."""
    out = dict(joints)
    for middle, side in (("neck", "shoulder"), ("mid_hip", "hip")):
        ends = [joints[name] for name in (f"right_{side}", f"left_{side}") if name in joints]
        if middle not in out and len(ends) == 2:
            out[middle] = (ends[0] + ends[1]) / 2
    return out


def torso(joints: Mapping[str, np.ndarray]) -> np.ndarray | None:
    """Give what points up in a person who stands, (frames, 3): mid-hip to neck, or the nearest to it that is there."""
    for low, high in (
        ("mid_hip", "neck"),
        ("mid_hip", "head"),
        ("right_hip", "right_shoulder"),
        ("left_hip", "left_shoulder"),
    ):
        if low in joints and high in joints:
            return joints[high] - joints[low]
    return None


def up_axis(joints: Mapping[str, np.ndarray], of: str, said: str | None) -> tuple[str, str]:
    """Settle which axis points up; returns it and a note."""
    if said is not None:
        if said.lstrip("+") not in UPS:
            raise InputError(f"{of}: up axis {said}; expected one of {', '.join(UPS)}")
        return said.lstrip("+"), f"up {said}: as said"
    trunk = torso(joints)
    if trunk is None:
        raise InputError(f"{of}: no torso that tells which axis points up; expected --pose-up, one of {', '.join(UPS)}")
    trunk = trunk[np.isfinite(trunk).all(axis=1)]
    if not len(trunk):
        raise InputError(f"{of}: no frame with a torso, which tells the axis that points up; expected --pose-up")
    axis = np.abs(trunk).argmax(axis=1)
    code = axis + 3 * (trunk[np.arange(len(trunk)), axis] < 0)
    shares = np.bincount(code, minlength=6) / len(trunk)
    best = int(shares.argmax())
    note = f"up {UPS[best]}: the torso points along it in {shares[best]:.0%} of frames"
    return UPS[best], note if shares[best] >= CLEAR else f"{note}, which is unsure: say --pose-up"


def turned(points: np.ndarray, up: str) -> np.ndarray:
    """Turn points (frames, 3) whose axis `up` points up so that the third does; a rotation, so that left stays left."""
    axis = "xyz".index(up[-1])
    out = points[:, [(axis + 1) % 3, (axis + 2) % 3, axis]]
    return out * np.array([1.0, -1.0, -1.0]) if up.startswith("-") else out


def metres(joints: Mapping[str, np.ndarray], of: str, said: str | float | None) -> tuple[float, str]:
    """Settle how many metres a unit of the file is; returns it and a note."""
    if said is not None:
        return _said_metres(said, of), f"unit {said}: as said"
    trunk = torso(joints)
    with np.errstate(over="ignore"):  # of numbers that are no lengths
        length = np.nan if trunk is None else _median(np.linalg.norm(trunk, axis=1))
    if not np.isfinite(length):
        raise InputError(
            f"{of}: no torso that tells the unit of length; expected --pose-unit, one of {', '.join(UNITS)}"
        )
    for unit in GUESSED_UNITS:
        if TORSO[0] <= length * UNITS[unit] <= TORSO[1]:
            return UNITS[unit], f"unit {unit}: the torso is {length:.3g} long"
    raise InputError(
        f"{of}: a torso of {length:.3g}, which is one of {TORSO[0]} to {TORSO[1]:.0f} m in none of "
        f"{', '.join(GUESSED_UNITS)}; expected --pose-unit: one of {', '.join(UNITS)}, or the metres of a unit"
    )


def _said_metres(said: str | float, of: str) -> float:
    if said in UNITS:
        return UNITS[str(said)]
    try:
        factor = float(said)
    except ValueError:
        factor = np.nan
    if not (np.isfinite(factor) and factor > 0):
        raise InputError(f"{of}: unit of length {said}; expected one of {', '.join(UNITS)}, or the metres of a unit")
    return factor


def without_lost(joints: Mapping[str, np.ndarray]) -> tuple[dict[str, np.ndarray], list[str]]:
    """Give NaN where a joint is exactly at the origin in some frames, as trackers write what they have lost.

    One that is there in all frames is the origin of its frame.
    """
    zero = {name: (points == 0).all(axis=1) for name, points in joints.items()}
    lost = {name: rows for name, rows in zero.items() if rows.any() and not rows.all()}
    out = {name: np.where(lost[name][:, None], np.nan, p) if name in lost else p for name, p in joints.items()}
    count = sum(int(rows.sum()) for rows in lost.values())
    return out, [f"{count} positions are exactly 0, 0, 0: taken as missing"] if count else []


def believable(joints: Mapping[str, np.ndarray], of: str) -> tuple[dict[str, np.ndarray], list[str]]:
    """Give NaN where a joint, in metres, is too far from the others to belong to one body; most of them: InputError."""
    anchor = next((joints[name] for name in ("mid_hip", "neck") if name in joints), next(iter(joints.values())))
    usual = [_median(axis) for axis in anchor.T]
    out, far = {}, 0
    for name, points in joints.items():
        with np.errstate(invalid="ignore"):  # of infinite ones
            beyond = (np.abs(points - anchor) > FARTHEST).any(axis=1) | (np.abs(points - usual) > WAY).any(axis=1)
        count, finite = int(beyond.sum()), int(np.isfinite(points).all(axis=1).sum())
        if 2 * count > max(finite, 1):
            raise InputError(
                f"{of}: {name} is over {FARTHEST:.0f} m from its body, or that over {WAY:.0f} m away, in {count} of "
                f"{len(points)} frames; expected joints of one body: is it in another unit?"
            )
        out[name] = np.where(beyond[:, None], np.nan, points) if count else points
        far += count
    return out, [f"{far} positions are over {FARTHEST:.0f} m from their body: taken as missing"] if far else []


def about_the_origin(joints: Mapping[str, np.ndarray]) -> list[str]:
    """Say so where the body's own way is missing, for its mid-hip is the origin: what accelerates it is missing too."""
    hip = joints.get("mid_hip")
    if hip is None or not np.isfinite(hip).any():
        return []
    wandered = np.nanmax(np.nanmax(hip, axis=0) - np.nanmin(hip, axis=0))
    still = wandered < STILL
    return ["the mid-hip never moves: how the body as a whole is accelerated is missing"] if still else []


def mirrored(joints: Mapping[str, np.ndarray], up: str) -> list[str]:
    """Say so where feet point backwards: the file's axes are left-handed then, or its left is right."""
    needed = [f"{side}_{joint}" for side in ("right", "left") for joint in ("hip", "ankle", "foot")]
    if not all(name in joints for name in needed):
        return []
    some = {name: np.asarray(joints[name][:: max(len(joints[name]) // 1000, 1)], dtype=np.float64) for name in needed}
    some = {name: turned(points, up) for name, points in some.items()}
    forward = np.cross([0.0, 0.0, 1.0], some["right_hip"] - some["left_hip"])
    feet = [some[f"{side}_foot"] - some[f"{side}_ankle"] for side in ("right", "left")]
    backwards = _median(np.sign(np.concatenate([(foot * forward).sum(axis=1) for foot in feet]))) < 0
    return ["feet point backwards: are its axes left-handed, or left and right exchanged?"] if backwards else []


def _median(values: np.ndarray) -> float:
    values = values[np.isfinite(values)]
    return float(np.median(values)) if len(values) else np.nan
