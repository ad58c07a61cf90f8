"""What a sensor on a limb would measure, by physics alone: no training, any person."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.constants import g
from scipy.interpolate import CubicSpline
from scipy.spatial.transform import Rotation
from tqdm import tqdm

from pose2imu.errors import InputError
from pose2imu.formats.streams import ARM, Place, Poses
from pose2imu.synthesis.axes import Limb, axes_of, carried_normal, turning
from pose2imu.synthesis.motion import Piece, Stretch, pieces, stretches
from pose2imu.synthesis.options import about, check_ranges, factor_of, place_of, rotation_of

COLUMNS = ("time", "ax", "ay", "az", "gx", "gy", "gz")
GRAVITY = np.array([0.0, 0.0, -g])  # m/s², z up
SMOOTHING = 0.1  # seconds
EARLY = 1e-9  # seconds that a moment may be before a frame and count as on it
MOST_SAMPLES = 50_000_000  # six days at 100 Hz; a clock that leaps spans more
CARRYING = 25.0  # Hz at which normals are carried, or at fewer frames a second
AROUND = 30  # of them on either side, beyond which a spline through them feels nothing


def synthesize(
    poses: Poses,
    place: str = "right_wrist",
    *,
    rate: float = 100.0,
    along: float | None = None,
    rotation: Rotation | Sequence[float] | None = None,
    gravity: bool = True,
    unit: str = "m/s2",
    noise: float = 0.0,
    turn_noise: float = 0.0,
    smoothing: float = SMOOTHING,
    seed: int = 0,
) -> pd.DataFrame:
    """Simulate a worn sensor, by the physics of a rigid limb.

    Its axes, unless it is rotated: x along the bone from its near joint to its far one, y normal to the limb's plane,
    z completing a right-handed frame.

    Parameters
    ----------
    poses
        As `formats.poses.read_poses` gives them.
    place
        One of formats.streams.PLACES: right_wrist, left_thigh and so on.
    rate
        Samples a second.
    along
        The sensor's place on its bone, from its near joint (0) to its far one (1); else the place's usual one.
    rotation
        How the sensor sits on the bone: turns vectors in the sensor's axes into the bone's. Three Euler angles in
        degrees about the fixed x, y and z, in this order; or a quaternion x, y, z, w; or a Rotation.
    gravity
        Specific force, as sensors measure it: 9.8 upwards at rest. Else linear acceleration: 0 at rest.
    unit
        Of acceleration: m/s2 or g.
    noise, turn_noise
        Standard deviations of white noise, in m/s² and rad/s.
    smoothing
        Seconds between the knots of the splines through the joints: more for noisier poses, 0 for none. A motion that
        takes seven times as long is off by 0.1 %, one that takes three times as long by 4 %.
    seed
        Of the noise.

    Returns
    -------
    pandas.DataFrame
        time (s, on the poses' clock), ax, ay, az (in `unit`), gx, gy, gz (rad/s); NaN in gaps of poses that are too
        long to be interpolated. `attrs` has the options, and under `notes` what was guessed and interpolated.
    """
    where = place_of(place, poses.name)
    share = where.along if along is None else along
    check_ranges(poses.name, rate=rate, along=share, noise=noise, turn_noise=turn_noise, smoothing=smoothing)
    factor = factor_of(unit, poses.name)
    mount = rotation_of(rotation, poses.name)
    start = float(poses.time[0])
    poses = replace(poses, time=poses.time - start)  # seconds since 1970 leave few digits
    parts, notes = stretches(poses, where)
    count = int(np.floor(poses.time[-1] * rate + 1e-6)) + 1
    if count > MOST_SAMPLES:
        raise InputError(
            f"{poses.name}: its times span {poses.time[-1]:.4g} s; expected at most {MOST_SAMPLES / rate:.0f}"
        )
    moments = np.arange(count) / rate
    values = np.full((count, 6), np.nan)
    with tqdm(total=count, desc=poses.name, unit=" samples", unit_scale=True, disable=None, leave=False) as bar:
        for part in parts:
            for rows, found in _measured(poses, where, part, share, moments, smoothing, gravity):
                for axes in (slice(0, 3), slice(3, 6)):
                    values[rows, axes] = mount.apply(found[:, axes], inverse=True)
                bar.update(rows.stop - rows.start)
    if not np.isfinite(values).any():
        raise InputError(f"{poses.name}: no sample at {rate:g} Hz falls on its frames; expected a higher rate")
    random = np.random.default_rng(seed)
    for axes, level in ((slice(0, 3), noise), (slice(3, 6), turn_noise)):
        if level > 0:
            values[:, axes] += random.normal(0, level, (count, 3))
    values[:, :3] *= factor
    moments += start
    table = pd.DataFrame({"time": moments} | {name: values[:, axis] for axis, name in enumerate(COLUMNS[1:])})
    table.attrs.update(
        {
            **about(poses.name, place, where.limb, rate, unit, mount, gravity, how="physics"),
            **{"along": share, "smoothing": smoothing, "noise": noise, "turn_noise": turn_noise, "seed": seed},
            "notes": [*poses.notes, *notes],
        }
    )
    return table


def _measured(
    poses: Poses, where: Place, stretch: Stretch, share: float, moments: np.ndarray, smoothing: float, gravity: bool
) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield rows of `moments`, and what is measured there (rows, 6) in the bone's axes, in m/s² and rad/s."""
    fitted = list(pieces(poses, where, stretch, smoothing))
    known, carried = _carried(poses, where, stretch, fitted)
    for one in fitted:
        rows = _rows(stretch, one, moments)
        time = moments[rows]
        if not len(time):
            continue
        first, last = np.searchsorted(known, time[[0, -1]])
        near = slice(max(first - AROUND, 0), last + AROUND)
        normals = CubicSpline(known[near], carried[near])
        position, velocity, change = (one.spline(time, nu=order) for order in range(3))
        limb, speed, acceleration = (_limb(joints, where) for joints in (position, velocity, change))
        axes = axes_of(limb, normals(time))
        bone = 0 if where.near_bone else 1
        felt = (1 - share) * change[:, bone] + share * change[:, bone + 1] - (GRAVITY if gravity else 0.0)
        # Into the sensor's axes: those are columns.
        turned = turning(axes, limb, speed, acceleration, normals, time)
        yield rows, np.hstack([np.einsum("tji,tj->ti", axes, felt), turned])


def _carried(poses: Poses, where: Place, stretch: Stretch, fitted: Sequence[Piece]) -> tuple[np.ndarray, np.ndarray]:
    """Give carried normals (n, 3), and when (n,) s: in a share of the frames, for they are smooth."""
    step = float(np.median(np.diff(stretch.time)))
    every = max(int(1 / (step * CARRYING)), 1)
    chosen = np.unique(np.append(np.arange(0, len(stretch.time), every), len(stretch.time) - 1))
    time = stretch.time[chosen]
    starts = np.searchsorted(chosen, [one.start for one in fitted])
    parts = np.split(time, starts[1:])
    limb = _limb(np.concatenate([one.spline(part) for one, part in zip(fitted, parts, strict=True)]), where)
    return time, carried_normal(limb, _rightward(poses, where, stretch.frames[chosen]), every * step)


def _rows(stretch: Stretch, piece: Piece, moments: np.ndarray) -> slice:
    """Give the moments that fall on a piece: up to the next one's first frame, or on the stretch's last."""
    start = np.searchsorted(moments, stretch.time[piece.start] - EARLY)
    last = piece.stop == len(stretch.time)
    stop = stretch.time[-1] + EARLY if last else stretch.time[piece.stop] - EARLY
    return slice(int(start), int(np.searchsorted(moments, stop)))


def _limb(joints: np.ndarray, where: Place) -> Limb:
    """Take the two bones of joints (time, 3, 3), or of their derivatives."""
    first, second = joints[:, 1] - joints[:, 0], joints[:, 2] - joints[:, 1]
    return Limb(first, second, where.near_bone, 1.0 if where.limb[0].endswith(ARM[0]) else -1.0)


def _rightward(poses: Poses, where: Place, frames: np.ndarray) -> np.ndarray | None:
    """Give what points to the person's right (frames, 3), as far as the poses have it."""
    near, right = where.limb[0], where.limb[0].startswith("right")
    middle = "neck" if near.endswith(ARM[0]) else "mid_hip"
    across = ("left_shoulder", "right_shoulder"), ("left_hip", "right_hip")
    own = across if middle == "neck" else across[::-1]
    for start, end in (own[0], (middle, near) if right else (near, middle), own[1]):
        if start in poses.joints and end in poses.joints:
            vector = poses.joints[end][frames] - poses.joints[start][frames]
            if np.isfinite(vector).any():
                return vector
    return None
