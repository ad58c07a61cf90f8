"""Poses in .npy, .npz and .mat files."""

from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from scipy.io import loadmat
from scipy.io.matlab import MatReadError

from pose2imu.errors import InputError
from pose2imu.formats.tracks import Tracks, tracks_of

TIMES = ("time", "times", "timestamp", "timestamps", "t")
RATES = ("rate", "fps", "framerate", "frame_rate", "mocap_framerate", "mocap_frame_rate")


def read_npy(path: Path, format: str | None, person: int) -> Tracks:
    """Read one array; it is mapped, for a day of poses is larger than what is taken of it."""
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise InputError(f"{path}: {_first_line(error)}; expected an array of numbers in NumPy's format") from error
    if not isinstance(array, np.ndarray):
        raise InputError(f"{path}: an archive of arrays; expected one array: is it an .npz?")
    return tracks_of(array, str(path), format, person)


def read_npz(path: Path, format: str | None, person: int) -> Tracks:
    """Read an archive of arrays: joints, and time and rate where it has them."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (ValueError, EOFError, BadZipFile, AttributeError, TypeError) as error:
        raise InputError(f"{path}: {_first_line(error)}; expected arrays of numbers in NumPy's .npz") from error
    return _from_arrays(path, arrays, format, person)


def read_mat(path: Path, format: str | None, person: int) -> Tracks:
    """Read a MATLAB file such as UTD-MHAD's."""
    try:
        arrays = {name: array for name, array in loadmat(path).items() if not name.startswith("__")}
    except (ValueError, TypeError, MatReadError, NotImplementedError, EOFError) as error:
        raise InputError(f"{path}: {_first_line(error)}; expected a MATLAB file up to version 7.2") from error
    return _from_arrays(path, arrays, format, person)


def _from_arrays(path: Path, arrays: dict[str, np.ndarray], format: str | None, person: int) -> Tracks:
    by_name = {name.lower(): array for name, array in arrays.items()}
    time = next((by_name[name] for name in TIMES if name in by_name), None)
    rate = next((by_name[name] for name in RATES if name in by_name and np.size(by_name[name]) == 1), None)
    found = ", ".join(f"{name} {np.shape(array)}" for name, array in arrays.items()) or "nothing"
    if "betas" in by_name and "poses" in by_name:
        raise InputError(f"{path}: SMPL's parameters ({found}); expected positions of joints: run its body model first")
    # Of several, the first that can be joints: what is flat is a time, what has two axes may be weights.
    for array in sorted(by_name.values(), key=lambda array: -np.ndim(array)):
        if np.ndim(array) < 2 or array is time:
            continue
        try:
            tracks = tracks_of(np.asarray(array), str(path), format, person)
        except InputError:
            if sum(np.ndim(other) > 1 for other in by_name.values()) == 1:
                raise
            continue
        frames = len(next(iter(tracks.joints.values())))
        time = None if time is None else np.ravel(time)
        if time is not None and len(time) != frames:
            raise InputError(f"{path}: {len(time)} times and {frames} frames; expected one for each")
        stated = None if rate is None else float(np.ravel(rate)[0])
        return Tracks(tracks.joints, tracks.format, time, "time", stated, notes=tracks.notes)
    raise InputError(f"{path}: {found}; expected joints (frames, joints, 3)")


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
