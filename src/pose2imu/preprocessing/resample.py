"""Both streams of a recording on one clock (paper, III-A): linear interpolation to a fixed rate."""

import warnings
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from pose2imu.datasets.recording import RawRecording, check, plausible, read_clock
from pose2imu.errors import InputError
from pose2imu.interpolation import interpolate
from pose2imu.preprocessing.arrays import HOLE, Recordings

MOST_SAMPLES = 5_000_000  # of a recording: MM-Fit's longest has 400,000 at 100 Hz


class _Part(NamedTuple):
    """A recording, or a stretch of one, at one rate; arrays as in Recordings."""

    acceleration: np.ndarray
    joints: np.ndarray
    label: np.ndarray
    angular_velocity: np.ndarray


def resample(recordings: Iterable[RawRecording], rate: float, max_gap: float, classes: int | None = None) -> Recordings:
    """Bring both streams of each recording to `rate` Hz over their common span, and lay recordings end to end.

    Rows with a NaN are dropped, rows that share a timestamp are averaged (or spread, where they are many), rows out of
    order are sorted. Where a stream then has a hole longer than `max_gap` seconds, samples inside it are labelled HOLE,
    and no window touches them. A step back of the clock leaves a hole too.

    The angular velocity is NaN in its own holes, which leave the label as it is: they cost nothing to a method of three
    axes.

    Warns once of a recording in which something was mended. Raises InputError for one that is not what RawRecording
    says (`classes`: the number of classes, to hold labels against), and for one whose streams do not overlap.
    """
    parts: dict[str, _Part] = {}
    rows, start, turning = [], 0, []
    for recording in recordings:
        check(recording, classes)
        if recording.name in parts:
            raise InputError(f"{recording.name}: a second recording of this name; expected one")
        part, notes = _resample_one(recording, rate, max_gap)
        if notes:
            warnings.warn(f"{recording.name}: {'; '.join(notes)}", stacklevel=2)
        stop = start + len(part.label)
        rows.append((recording.name, recording.subject, start, stop))
        parts[recording.name] = part
        turning.append(recording.angular_velocity is not None)
        start = stop
    if not parts:
        raise InputError("the dataset's reader gave no recording; expected at least one")
    if any(turning) and not all(turning):
        without = [name for name, has in zip(parts, turning, strict=True) if not has]
        warnings.warn(
            f"{len(without)} of {len(parts)} recordings have no angular velocity: {_some(without)}", stacklevel=2
        )
    acceleration, joints, label, angular_velocity = map(np.concatenate, zip(*parts.values(), strict=True))
    table = pd.DataFrame(rows, columns=["recording", "subject", "start", "stop"])
    return Recordings(acceleration, joints, label, table, angular_velocity if any(turning) else None)


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")


def _resample_one(recording: RawRecording, rate: float, max_gap: float) -> tuple[_Part, list[str]]:
    name = recording.name
    recording, notes = plausible(recording)
    sensor = read_clock(recording.acceleration_time, name, "acceleration")
    camera = read_clock(recording.joints_time, name, "joints")
    if len(sensor.stretches) != len(camera.stretches):
        steps = [
            f"{len(c.stretches) - 1} times in {what}" for what, c in (("acceleration", sensor), ("joints", camera))
        ]
        raise InputError(f"{name}: the clock steps back {' and '.join(steps)}; expected as often in both")
    parts, refused = [], []
    for samples, frames in zip(sensor.stretches, camera.stretches, strict=True):
        stretch = replace(
            recording,
            acceleration_time=sensor.time[samples],
            acceleration=recording.acceleration[samples],
            angular_velocity=None if recording.angular_velocity is None else recording.angular_velocity[samples],
            label=recording.label[samples],
            joints_time=camera.time[frames],
            joints=recording.joints[frames],
        )
        try:
            parts.append(_resample_stretch(stretch, rate, max_gap))
        except InputError as error:
            refused.append(error)
    if not parts:
        raise refused[0]
    part = _joined(parts, rate)
    notes += [*sensor.packets, *camera.packets, *sensor.steps, *camera.steps]
    notes += [f"a stretch is left out: {error}" for error in refused]
    lost = np.count_nonzero(np.isnan(part.angular_velocity[:, 0]))
    if lost and recording.angular_velocity is not None:
        notes.append(f"no angular velocity in {lost / rate:.1f} of {len(part.label) / rate:.1f} s")
    return part, notes


def _resample_stretch(recording: RawRecording, rate: float, max_gap: float) -> _Part:
    name = recording.name
    acc_time, acceleration = clean(recording.acceleration_time, recording.acceleration, f"{name}: acceleration")
    pose_time, joints = clean(recording.joints_time, recording.joints, f"{name}: joints")
    begin, end = max(acc_time[0], pose_time[0]), min(acc_time[-1], pose_time[-1])
    if end <= begin:
        raise InputError(f"{name}: acceleration and joints do not overlap in time")
    # The epsilon keeps the last sample where the span is a whole number of periods up to rounding.
    count = int((end - begin) * rate + 1e-6) + 1
    if count > MOST_SAMPLES:
        raise InputError(
            f"{name}: {len(acc_time)} rows over {end - begin:.3g} s, {len(acc_time) / (end - begin):.3g} a second, "
            f"would make {count} samples; expected at most {MOST_SAMPLES}: is a time far off?"
        )
    grid = begin + np.arange(count) / rate
    label = recording.label[_nearest(recording.acceleration_time, grid)].astype(np.int8)
    label[_in_hole(acc_time, grid, max_gap) | _in_hole(pose_time, grid, max_gap)] = HOLE
    inertial = interpolate(grid, acc_time, acceleration).astype(np.float32)
    poses = interpolate(grid, pose_time, joints).astype(np.float32)
    return _Part(inertial, poses, label, _turning(recording, grid, max_gap))


def _turning(recording: RawRecording, grid: np.ndarray, max_gap: float) -> np.ndarray:
    """Angular velocity at the moments of `grid`, NaN where there is none."""
    missing = np.full((len(grid), 3), np.nan, np.float32)
    if recording.angular_velocity is None:
        return missing
    try:
        time, values = clean(recording.acceleration_time, recording.angular_velocity, "angular velocity")
    except InputError:  # too few rows without NaN
        return missing
    outside = (grid < time[0]) | (grid > time[-1]) | _in_hole(time, grid, max_gap)
    return np.where(outside[:, None], missing, interpolate(grid, time, values)).astype(np.float32)


def _joined(parts: list[_Part], rate: float) -> _Part:
    """Stretches end to end, with a second of hole between them, in which joints and acceleration go straight over."""
    joined = parts[0]
    for part in parts[1:]:
        samples = round(rate)
        share = np.arange(1, samples + 1)[:, None] / (samples + 1)
        places = (1 - share) * joined.joints[-1].ravel() + share * part.joints[0].ravel()
        hole = _Part(
            ((1 - share) * joined.acceleration[-1] + share * part.acceleration[0]).astype(np.float32),
            places.astype(np.float32).reshape(samples, *part.joints.shape[1:]),
            np.full(samples, HOLE, np.int8),
            np.full((samples, 3), np.nan, np.float32),
        )
        joined = _Part(*(np.concatenate(arrays) for arrays in zip(joined, hole, part, strict=True)))
    return joined


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


def _nearest(time: np.ndarray, grid: np.ndarray) -> np.ndarray:
    order = np.argsort(time, kind="stable")
    middles = (time[order][1:] + time[order][:-1]) / 2
    return order[np.searchsorted(middles, grid)]


def _in_hole(time: np.ndarray, grid: np.ndarray, max_gap: float) -> np.ndarray:
    after = np.clip(np.searchsorted(time, grid, side="right"), 1, len(time) - 1)
    hole = time[after] - time[after - 1] > max_gap
    return hole & (grid > time[after - 1]) & (grid < time[after])
