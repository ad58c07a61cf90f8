"""MM-Fit's raw format (and the sample's, which copies it): workouts of left-watch acceleration, 3-D pose and labels.

The format's facts stand in design.md §3. Only three files of a workout are read; other modalities may be absent.
"""

import csv
import re
import warnings
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from tokenize import TokenError
from typing import NamedTuple
from zipfile import BadZipFile

import numpy as np
from scipy.constants import g
from scipy.signal import savgol_filter

from pose2imu.datasets.recording import STEP_BACK, RawRecording, read_clock
from pose2imu.errors import InputError
from pose2imu.interpolation import interpolate

NON_ACTIVITY = "non_activity"
CLASSES: tuple[str, ...] = (
    "squats",
    "lunges",
    "bicep_curls",
    "situps",
    "pushups",
    "tricep_extensions",
    "dumbbell_rows",
    "jumping_jacks",
    "dumbbell_shoulder_press",
    "lateral_shoulder_raises",
    NON_ACTIVITY,
)
_WORKOUTS = {
    "P0": "w01 w03 w06 w08 w10 w14",
    "P1": "w02 w04 w07 w09 w11 w15",
    "P2": "w00 w05",
    "P3": "w12",
    "P4": "w13",
    "P5": "w16",
    "P6": "w17",
    "P7": "w18",
    "P8": "w19",
    "P9": "w20",
}
# MM-Fit has ten people; the names from P3 on are ours.
PARTICIPANTS: Mapping[str, str] = {name: person for person, names in _WORKOUTS.items() for name in names.split()}

# Columns of the raw pose array: column 0 is the frame number, column 1 + j is joint j. Arms are right first.
POSE_COLUMNS = 18
LEFT_ARM, NECK, MID_HIP, RIGHT_WRIST = [15, 16, 17], 10, 1, 14
# The arm check: samples per second of its clock, the shortest recording it judges in seconds, and by how much the right
# wrist's correlation must be higher. On simulated workouts the two differ by 0.05 to 0.4. A day is no workout.
CHECK_RATE, CHECK_SECONDS, CHECK_MARGIN, DAY = 25, 10.0, 0.04, 86400.0


class Set(NamedTuple):
    """A row of a label file: frames `first` to `last`, inclusive."""

    first: int
    last: int
    label: int


def read(folder: Path, participants: Mapping[str, str] = PARTICIPANTS) -> Iterator[RawRecording]:
    """Yield the workouts wNN found in `folder` (or in its `mm-fit` folder), sorted, one at a time.

    The subject of a workout that `participants` lacks is the workout itself.
    """
    workouts = _workouts(folder) or _workouts(folder / "mm-fit")
    if not workouts:
        raise InputError(f"{folder}: expected folders w00, w01, ... as in MM-Fit's archive, found none")
    for workout in workouts:
        yield _read_workout(workout, participants.get(workout.name, workout.name))


def _workouts(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("w*") if path.is_dir() and re.fullmatch(r"w\d\d", path.name))


def _read_workout(folder: Path, subject: str) -> RawRecording:
    name = folder.name
    path = folder / f"{name}_sw_l_acc.npy"
    watch = _load(path, "(rows, 5): frame, time in ms, x, y, z", (None, 5))
    pose = _load(folder / f"{name}_pose_3d.npy", "(3, frames, 18)", (3, None, POSE_COLUMNS))
    sets = read_labels(folder / f"{name}_labels.csv")

    # A row without a frame or a time has no place in either stream; NaN in x, y, z is the resampling's business.
    watch = watch[np.isfinite(watch[:, :2]).all(axis=1)]
    if not len(watch):
        raise InputError(f"{path}: expected rows with a frame and a time, found none")
    if watch.dtype in (np.float16, np.float32) and (precision := np.spacing(np.abs(watch[:, 1]).max())) > 1:
        raise InputError(f"{path}: times in ms as {watch.dtype} are {precision:.0f} ms apart; expected float64")
    watch = watch.astype(float)
    clock = read_clock((watch[:, 1] - watch[0, 1]) / 1000, str(path), "times")
    for note in clock.packets:  # of a clock that steps back, the resampling tells
        warnings.warn(f"{path}: {note}", stacklevel=2)
    frame, time = watch[:, 0], clock.time
    pose_frame = pose[0, :, 0]
    pose_time = frame_times(frame, time, pose_frame)
    for row in (stretch.start for stretch in clock.stretches[1:]):
        # Times from both sides of a step back make no mean, and nothing lies between them.
        pose_time[(pose_frame >= frame[row - 1]) & (pose_frame <= frame[row])] = np.nan
    timed = np.isfinite(pose_time)
    if not timed.any():
        raise InputError(
            f"{folder / f'{name}_pose_3d.npy'}: expected frames between {frame.min():.0f} and {frame.max():.0f}, "
            "those of the acceleration, found none"
        )
    if (label := label_frames(frame, sets)).min() == CLASSES.index(NON_ACTIVITY):
        expected = f"expected sets within frames {frame.min():.0f} to {frame.max():.0f}, those of the acceleration"
        raise InputError(f"{folder / f'{name}_labels.csv'}: {expected}, found none")
    metres = np.moveaxis(pose[:, timed], 0, -1) / 1000
    recording = RawRecording(
        name=name,
        subject=subject,
        acceleration_time=time,
        acceleration=watch[:, 2:],
        label=label,
        joints_time=pose_time[timed],
        joints=metres[:, [*LEFT_ARM, NECK, MID_HIP]],
    )
    left_arm_check(recording, metres[:, RIGHT_WRIST])
    return recording


def _load(path: Path, expected: str, shape: tuple[int | None, ...]) -> np.ndarray:
    try:
        array = np.load(path)
    except FileNotFoundError as error:
        raise InputError(f"{path}: missing; expected an array {expected}") from error
    except (OSError, ValueError, EOFError, TokenError, BadZipFile, MemoryError) as error:
        raise InputError(f"{path}: cannot be read as .npy; expected an array {expected}") from error
    if not isinstance(array, np.ndarray):
        raise InputError(f"{path}: holds several arrays, as .npz does; expected an array {expected}")
    fits = array.ndim == len(shape) and all(want in (None, got) for want, got in zip(shape, array.shape, strict=True))
    if not fits or not array.size or array.dtype.kind not in "fiu":
        raise InputError(f"{path}: expected numbers {expected}, found {array.dtype} {array.shape}")
    return array


def read_labels(path: Path) -> list[Set]:
    """The sets of a label file, in order of time. A byte-order mark and rows with nothing in them are passed over."""
    sets = []
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except FileNotFoundError as error:
        raise InputError(f"{path}: missing; expected rows of first frame, last frame, repetitions, exercise") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: cannot be read as csv") from error
    for number, row in enumerate(rows, start=1):
        if not any(cell.strip() for cell in row):
            continue
        try:
            first, last, _, exercise = row
            found = Set(int(first), int(last), CLASSES.index(exercise.strip()))
            np.array(found, dtype=np.int64)
        except (ValueError, OverflowError) as error:
            raise InputError(
                f"{path}, row {number}: expected first frame, last frame, repetitions and one of "
                f"{', '.join(CLASSES)}; found {','.join(row)!r}"
            ) from error
        if found.last < found.first:
            raise InputError(f"{path}, row {number}: the last frame {found.last} is before the first, {found.first}")
        sets.append(found)
    sets.sort()
    for earlier, later in pairwise(sets):
        if later.first <= earlier.last:
            raise InputError(
                f"{path}: rows overlap: frames {earlier.first}-{earlier.last} and {later.first}-{later.last}"
            )
    return sets


def label_frames(frame: np.ndarray, sets: list[Set]) -> np.ndarray:
    """(N,) class index of each frame number (N,); frames in no set are non-activity. `sets` is in order."""
    label = np.full(len(frame), CLASSES.index(NON_ACTIVITY))
    if sets:
        first, last, exercise = np.array(sets).T
        row = np.searchsorted(first, frame, side="right") - 1
        inside = (row >= 0) & (frame <= last[row])
        label[inside] = exercise[row[inside]]
    return label


def frame_times(frame: np.ndarray, time: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Seconds (M,) of the frames `wanted` (M,), by a map through the watch's rows (N,); NaN outside its span.

    Several rows share a frame, and timestamps repeat: a frame's time is the mean over its rows.
    """
    known, row, count = np.unique(frame, return_inverse=True, return_counts=True)
    return np.interp(wanted, known, np.bincount(row, time) / count, left=np.nan, right=np.nan)


def left_arm_check(recording: RawRecording, right_wrist: np.ndarray) -> None:
    """Warn if the watch moves with the right wrist (frames, 3) in metres clearly more than with the recording's own.

    The strength of each wrist's acceleration with gravity is correlated with that of the watch's reading: it does not
    depend on how the watch sits. Exercises move both arms alike, so both correlations are high.
    """
    first, last = recording.joints_time[0], recording.joints_time[-1]
    # A clock that cannot be followed is the resampling's business.
    if last - first > DAY or (np.diff(recording.joints_time) < -STEP_BACK).any():
        return
    clock = np.arange(first, last, 1 / CHECK_RATE)
    if len(clock) < CHECK_SECONDS * CHECK_RATE:
        return
    strength = np.linalg.norm(recording.acceleration, axis=1)
    watch = _on_clock(clock, recording.acceleration_time, strength[:, None])[:, 0]
    left, right = (
        _fit(watch, _on_clock(clock, recording.joints_time, wrist)) for wrist in (recording.joints[:, 2], right_wrist)
    )
    if right > left + CHECK_MARGIN:
        warnings.warn(
            f"{recording.name}: the watch moves with the right wrist (correlation {right:.2f}) more than with the left "
            f"({left:.2f}); are the pose's arms swapped?",
            stacklevel=2,
        )


def _fit(watch: np.ndarray, wrist: np.ndarray) -> float:
    """Correlation of the watch's strength (T,) with that of a wrist at (T, 3); 0 where one of them never changes."""
    # Fitting a parabola over 0.36 s keeps the pose's noise out of the second derivative.
    acceleration = savgol_filter(wrist, 9, 2, deriv=2, delta=1 / CHECK_RATE, axis=0)
    up = np.array([0, 0, g])
    # Axis 2 is vertical, but whether it points up or down is not documented: take what fits.
    strengths = [np.linalg.norm(acceleration + gravity, axis=1) for gravity in (up, -up)]
    return max(
        float(np.corrcoef(strength, watch)[0, 1]) if strength.std() > 0 and watch.std() > 0 else 0.0
        for strength in strengths
    )


def _on_clock(clock: np.ndarray, time: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Values (N, columns) at the moments of `clock`, by linear interpolation over what is missing."""
    present = np.isfinite(values).all(axis=1)
    if not present.any():
        return np.zeros((len(clock), values.shape[1]))
    return interpolate(clock, time[present], values[present])
