"""Clips of own recordings, in physical units: to train on, also poses that stand alone; to test on, sensor data."""

import warnings
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from pose2imu.datasets.own import read_recording
from pose2imu.datasets.own_files import Line, read_description, read_lines
from pose2imu.errors import InputError
from pose2imu.formats.streams import PLACES
from pose2imu.interpolation import interpolate
from pose2imu.layout import NORMALIZED, OWN_DATA, RESAMPLED
from pose2imu.loading.clips import Clips
from pose2imu.preprocessing.arrays import HOLE, RESAMPLED_COLUMNS, load
from pose2imu.preprocessing.resample import clean

VERTICAL = 2  # formats.poses gives z up


def paired_clips(name: str, splits: tuple[str, ...], rate: int) -> Clips:
    """Read the clips of some splits, with poses and sensor data; labels are the benchmark's."""
    resampled, normalized = load(RESAMPLED / name, RESAMPLED_COLUMNS), load(NORMALIZED / name)
    table = normalized.table
    rows = [row for row, split in enumerate(table.split) if split in splits]
    parts = [normalized.of(row) for row in rows]
    index = pd.DataFrame(
        {
            "recording": table.recording.iloc[rows].to_numpy(),
            "subject": table.subject.iloc[rows].to_numpy(),
            "label": [int(normalized.label[part][normalized.label[part] != HOLE][0]) for part in parts],
            "near_bone": PLACES[read_description(OWN_DATA / name).place].near_bone,
        }
    )
    joints = [np.asarray(resampled.joints[part], np.float64) for part in parts]
    return Clips(index, list(joints), [np.array(resampled.acceleration[part].T) for part in parts], rate, VERTICAL)


def lines_alone(name: str, classes: Sequence[str]) -> list[Line]:
    """Find the recordings of poses alone that may be learned from: of a class, and of nobody who is only tested on."""
    table = load(NORMALIZED / name).table
    tested = set(table.subject[table.split == "test"]) - set(table.subject[table.split == "train"])
    alone = [line for line in read_lines(OWN_DATA / name) if line.acceleration is None and line.subject not in tested]
    return [line for line in alone if line.activity in classes]


def with_poses_alone(clips: Clips, name: str, classes: Sequence[str], max_gap: float) -> Clips:
    """Add the clips of poses alone to others; warns of those that are left out for a gap."""
    added = list(_alone(name, classes, clips.rate, max_gap))
    if not added:
        return clips
    rows = pd.DataFrame(
        {
            "recording": [line.recording for line, _ in added],
            "subject": [line.subject for line, _ in added],
            "label": [classes.index(str(line.activity)) for line, _ in added],
            "near_bone": bool(clips.index.near_bone.iat[0]),
        }
    )
    index = pd.concat([clips.index, rows], ignore_index=True)
    joints, acceleration = [*clips.joints, *(one for _, one in added)], [*clips.acceleration, *(None for _ in added)]
    return Clips(index, joints, acceleration, clips.rate, clips.vertical)


def _alone(name: str, classes: Sequence[str], rate: int, max_gap: float) -> Iterator[tuple[Line, np.ndarray]]:
    folder = OWN_DATA / name
    about = read_description(folder)
    for line in lines_alone(name, classes):
        poses, path = read_recording(folder, line, about).poses, folder / str(line.poses)
        assert poses is not None  # as its line says
        time, joints = clean(poses.time, poses.limb(PLACES[about.place]), str(path))
        if np.diff(time).max() > max_gap:
            warnings.warn(f"{path}: has a gap of over {max_gap} s: it is left out", stacklevel=2)
            continue
        # The epsilon keeps the last sample where the span is a whole number of periods up to rounding.
        grid = time[0] + np.arange(int((time[-1] - time[0]) * rate + 1e-6) + 1) / rate
        yield line, interpolate(grid, time, joints)


def require_samples(clips: Clips, fewest: int) -> None:
    """Raise InputError for a clip that is too short to be cut from."""
    for name, joints in zip(clips.index.recording, clips.poses(), strict=True):
        if len(joints) < fewest:
            seconds = f"{len(joints) / clips.rate:.2f} s; expected {fewest / clips.rate:.2f} at least"
            raise InputError(f"{name}: lasts {seconds}, to learn from poses")
