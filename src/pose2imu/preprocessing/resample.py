"""Both streams of a recording on one clock (paper, III-A): linear interpolation to a fixed rate."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from pose2imu.datasets.recording import RawRecording
from pose2imu.errors import InputError
from pose2imu.preprocessing.arrays import HOLE, Recordings


def resample(recordings: Iterable[RawRecording], rate: float, max_gap: float) -> Recordings:
    """Bring both streams of each recording to `rate` Hz over their common span, and lay recordings end to end.

    Rows with a NaN are dropped, rows that share a timestamp are averaged, rows out of order are sorted. Where a stream
    then has a hole longer than `max_gap` seconds, samples inside it are labelled HOLE, and no window touches them.

    Raises InputError for a recording whose streams do not overlap.
    """
    parts, rows, start = [], [], 0
    for recording in recordings:
        part = _resample_one(recording, rate, max_gap)
        stop = start + len(part[0])
        rows.append((recording.name, recording.subject, start, stop))
        parts.append(part)
        start = stop
    inertial, joints, label = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    table = pd.DataFrame(rows, columns=["recording", "subject", "start", "stop"])
    angular_velocity = np.ascontiguousarray(inertial[:, 3:]) if inertial.shape[1] > 3 else None
    return Recordings(np.ascontiguousarray(inertial[:, :3]), joints, label, table, angular_velocity)


def _resample_one(recording: RawRecording, rate: float, max_gap: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    name = recording.name
    streams = [stream for stream in (recording.acceleration, recording.angular_velocity) if stream is not None]
    acc_time, inertial = clean(recording.acceleration_time, np.concatenate(streams, axis=1), f"{name}: acceleration")
    pose_time, joints = clean(recording.joints_time, recording.joints, f"{name}: joints")
    begin, end = max(acc_time[0], pose_time[0]), min(acc_time[-1], pose_time[-1])
    if end <= begin:
        raise InputError(f"{name}: acceleration and joints do not overlap in time")
    # The epsilon keeps the last sample where the span is a whole number of periods up to rounding.
    grid = begin + np.arange(int((end - begin) * rate + 1e-6) + 1) / rate
    label = recording.label[_nearest(recording.acceleration_time, grid)].astype(np.int8)
    label[_in_hole(acc_time, grid, max_gap) | _in_hole(pose_time, grid, max_gap)] = HOLE
    return _interpolate(grid, acc_time, inertial), _interpolate(grid, pose_time, joints), label


def clean(time: np.ndarray, values: np.ndarray, what: str) -> tuple[np.ndarray, np.ndarray]:
    """Drop rows with NaN, sort, and average rows that share a timestamp: time strictly increases in the result."""
    finite = np.isfinite(time) & np.isfinite(values.reshape(len(values), -1)).all(axis=1)
    if finite.sum() < 2:
        raise InputError(f"{what}: fewer than two rows without NaN")
    unique, inverse, counts = np.unique(time[finite], return_inverse=True, return_counts=True)
    if len(unique) == len(inverse):
        order = np.argsort(time[finite], kind="stable")
        return unique, values[finite][order]
    sums = np.zeros((len(unique), *values.shape[1:]))
    np.add.at(sums, inverse, values[finite])
    return unique, sums / counts.reshape(-1, *(1,) * (values.ndim - 1))


def _interpolate(grid: np.ndarray, time: np.ndarray, values: np.ndarray) -> np.ndarray:
    columns = values.reshape(len(values), -1).T
    out = np.stack([np.interp(grid, time, column) for column in columns], axis=1)
    return out.reshape(len(grid), *values.shape[1:]).astype(np.float32)


def _nearest(time: np.ndarray, grid: np.ndarray) -> np.ndarray:
    order = np.argsort(time, kind="stable")
    middles = (time[order][1:] + time[order][:-1]) / 2
    return order[np.searchsorted(middles, grid)]


def _in_hole(time: np.ndarray, grid: np.ndarray, max_gap: float) -> np.ndarray:
    after = np.clip(np.searchsorted(time, grid, side="right"), 1, len(time) - 1)
    hole = time[after] - time[after - 1] > max_gap
    return hole & (grid > time[after - 1]) & (grid < time[after])
