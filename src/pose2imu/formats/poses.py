"""Reading poses, from whatever file they are in: `read_poses`."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pose2imu.errors import InputError
from pose2imu.formats.joint_names import formats
from pose2imu.formats.mocap import read_bvh, read_c3d, read_trc
from pose2imu.formats.ntu_skeleton import read_skeleton
from pose2imu.formats.pose_arrays import read_mat, read_npy, read_npz
from pose2imu.formats.pose_clock import frame_times
from pose2imu.formats.pose_frames import (
    about_the_origin,
    believable,
    derived,
    metres,
    mirrored,
    turned,
    up_axis,
    without_lost,
)
from pose2imu.formats.pose_json import read_json
from pose2imu.formats.pose_tables import read_csv, read_parquet, tracks_of_table
from pose2imu.formats.streams import SIDES, Poses
from pose2imu.formats.tracks import Tracks, as_float64, tracks_of

if TYPE_CHECKING:
    import pandas as pd

Reader = Callable[[Path, str | None, int], Tracks]
# By suffix; each takes the path, the format of the list of joints or None, and which person.
READERS: dict[str, Reader] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_csv,
    ".parquet": read_parquet,
    ".pq": read_parquet,
    ".npy": read_npy,
    ".npz": read_npz,
    ".mat": read_mat,
    ".json": read_json,
    ".bvh": read_bvh,
    ".c3d": read_c3d,
    ".trc": read_trc,
    ".skeleton": read_skeleton,
}
# What tells a neck and a mid-hip, the axis that points up and the unit of length.
TELLING = ("head", "neck", "mid_hip", *(f"{side}_{joint}" for side in SIDES for joint in ("shoulder", "hip")))
FORMATS = ("named", *formats())


def read_poses(
    path: str | Path,
    *,
    format: str | None = None,
    up: str | None = None,
    unit: str | float | None = None,
    rate: float | None = None,
    person: int = 0,
    only: Collection[str] | None = None,
) -> Poses:
    """Read poses from a file, in metres, z up; what is not said is guessed, and noted with its evidence.

    Parameters
    ----------
    path
        CSV, Parquet, NPY, NPZ, MAT, JSON, BVH, C3D, TRC or NTU's .skeleton.
    format
        The order of joints where they go by number, one of FORMATS; else told by their number or names.
    up
        The axis that points up in the file, x to -z; else the one along which the torso points most of the time.
    unit
        Of lengths: m, cm, mm, in, or metres a unit; else told by the torso's length.
    rate
        Frames a second, where the file has no times, or other ones than it has.
    person
        Which of several, counted from 0.
    only
        The joints to keep, of streams.JOINT_NAMES: a day of poses is large. Neck and mid-hip always stay.

    Raises
    ------
    InputError
        One line that names the file, says what was found and what was expected.
    """
    path = Path(path)
    _check_format(path, format)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise InputError(f"{path}: poses in a file {path.suffix or 'without a suffix'}; expected {', '.join(READERS)}")
    if not path.exists():
        raise InputError(f"{path}: not there; expected a file of poses")
    if path.is_dir() or path.stat().st_size == 0:
        raise InputError(f"{path}: {'a folder' if path.is_dir() else 'an empty file'}; expected a file of poses")
    return settled(_read(reader, path, format, person), path, up, unit, rate, only)


def poses_of(
    values: "np.ndarray | pd.DataFrame",
    *,
    name: str = "poses",
    format: str | None = None,
    up: str | None = None,
    unit: str | float | None = None,
    rate: float | None = None,
    person: int = 0,
) -> Poses:
    """Read poses from an array (frames, joints, 3), its axes in any order, or a table as a CSV file would be.

    Arguments are those of `read_poses`; `name` is for what is said of them.
    """
    path = Path(name)
    _check_format(path, format)
    if isinstance(values, np.ndarray):
        tracks = tracks_of(values, name, format, person)
    else:
        tracks = tracks_of_table(path, values, format, person)
    return settled(tracks, path, up, unit, rate)


def settled(
    tracks: Tracks,
    path: Path,
    up: str | None,
    unit: str | float | None,
    rate: float | None,
    only: Collection[str] | None = None,
) -> Poses:
    """Settle what a file leaves open: neck and mid-hip, the axis that points up, metres, seconds."""
    of = str(path)
    frames = len(next(iter(tracks.joints.values())))
    if frames < 2:
        raise InputError(f"{of}: {frames} frames; expected at least 2")
    wanted = set(tracks.joints) if only is None else {*only, *TELLING}
    found = {name: points for name, points in tracks.joints.items() if name in wanted} or tracks.joints
    joints, lost = without_lost(as_float64(found))
    joints = derived(joints)
    if not any(np.isfinite(points).all(axis=1).any() for points in joints.values()):
        raise InputError(f"{of}: all joints are NaN in all {frames} frames; expected positions")
    axis, up_note = up_axis(joints, of, up)
    metre, unit_note = metres(joints, of, unit if unit is not None else tracks.unit)
    if unit is None and tracks.unit is not None:
        unit_note = f"unit {tracks.unit}: of the file"
    if only is not None:
        joints = {name: points for name, points in joints.items() if name in {*only, "neck", "mid_hip"}}
    time, kept, clock_notes = frame_times(tracks.time, tracks.time_name, tracks.rate, frames, of, rate)
    everything = len(kept) == frames
    for name in list(joints):  # one by one: a day of poses is large
        points = joints[name] if everything else joints[name][kept]
        joints[name] = turned(points, axis) * metre
    joints, far = believable(joints, of)
    handed = mirrored(tracks.joints, axis)
    notes = (*tracks.notes, up_note, unit_note, *clock_notes, *lost, *far, *handed, *about_the_origin(joints))
    return Poses(path.stem, time, joints, notes)


def _read(reader: Reader, path: Path, format: str | None, person: int) -> Tracks:
    """Read a file; a broken one makes libraries raise whatever, from zlib.error to TokenError."""
    try:
        return reader(path, format, person)
    except InputError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.filename:  # it may not be read
            raise
        reason = (str(error).splitlines() or [""])[0]
        raise InputError(f"{path}: {type(error).__name__}: {reason}; expected a whole file of poses") from error


def _check_format(path: Path, format: str | None) -> None:
    if format is not None and format not in FORMATS:
        raise InputError(f"{path}: format {format}; expected one of {', '.join(FORMATS)}")
