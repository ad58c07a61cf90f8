"""Sensor recordings and poses of any rate, jitter and gaps, for the rate of a model."""

from typing import NamedTuple

import numpy as np
from scipy.ndimage import uniform_filter1d

from pose2imu.datasets.recording import read_clock
from pose2imu.errors import InputError
from pose2imu.formats.streams import PLACES, Inertial, Poses
from pose2imu.interpolation import interpolate
from pose2imu.preprocessing.resample import MOST_SAMPLES, clean

MAX_GAP = 1.0  # seconds, as params.yaml has it: a longer one is nothing to interpolate over
SHORTEST = 0.5  # seconds: what is less is no movement
# Where a recording has so many samples for each one of the model's, they are averaged: else what is faster than the
# model's rate can tell would appear as something slower.
AVERAGED_FROM = 1.5


class Signal(NamedTuple):
    """Samples at one rate."""

    start: float  # of the first sample, in the recording's own seconds
    acceleration: np.ndarray  # (3, samples) float32 m/s²
    known: np.ndarray  # (samples,) bool: in no gap


def signal_of(recording: Inertial, rate: int, span: tuple[float, float] | None = None) -> Signal:
    """Bring acceleration to `rate` Hz by linear interpolation, over a span in seconds; rows with NaN are dropped.

    Raises InputError for a clock that steps back or has no believable rate, and for less than half a second.
    """
    name = recording.name
    clock = read_clock(recording.time, name, "acceleration")
    if len(clock.stretches) > 1:
        raise InputError(f"{name}: {clock.steps[0]}; expected time that rises: cut the recording there")
    time, values = clean(clock.time, recording.acceleration, f"{name}: acceleration")
    grid = grid_of(time if span is None else np.array(span), rate, name)
    each = round(1 / np.median(np.diff(time)) / rate, 3)
    if each >= AVERAGED_FROM:
        values = uniform_filter1d(values, round(each), axis=0, mode="nearest")
    acceleration = interpolate(grid, time, values).astype(np.float32).T
    return Signal(float(grid[0]), np.ascontiguousarray(acceleration), ~in_gap(time, grid))


def limb_of(poses: Poses, place: str) -> tuple[np.ndarray, np.ndarray]:
    """Give the frames that have all joints of a place's limb: time (frames,) s, joints (frames, 5, 3) m.

    A left limb is mirrored, and is then a right one: what is learned from either can be told of both.
    """
    joints = poses.limb(PLACES[place])
    whole = np.isfinite(joints).all(axis=(1, 2))
    if whole.sum() < 2:
        raise InputError(f"{poses.name}: {whole.sum()} frames have all joints of {place}; expected two at least")
    time, joints = poses.time[whole], joints[whole]
    if (np.diff(time) <= 0).any():
        raise InputError(f"{poses.name}: time does not rise; expected increasing seconds")
    return time, joints * (-1, 1, 1) if place.startswith("left") else joints


def grid_of(time: np.ndarray, rate: int, name: str) -> np.ndarray:
    """Give moments at `rate` Hz over the span of increasing `time`, in seconds."""
    span = time[-1] - time[0]
    if span < SHORTEST:
        raise InputError(f"{name}: {span:.2f} s long; expected at least {SHORTEST} s")
    # The epsilon keeps the last sample where the span is a whole number of periods up to rounding.
    count = int(span * rate + 1e-6) + 1
    if count > MOST_SAMPLES:
        raise InputError(f"{name}: {span:.3g} s long; expected at most {MOST_SAMPLES / rate:.0f} s: is a time far off?")
    return time[0] + np.arange(count) / rate


def in_gap(time: np.ndarray, grid: np.ndarray) -> np.ndarray:
    """Say which moments of `grid` lie in a gap of `time` that is too long to interpolate over."""
    after = np.clip(np.searchsorted(time, grid, side="right"), 1, len(time) - 1)
    return (time[after] - time[after - 1] > MAX_GAP) & (grid > time[after - 1]) & (grid < time[after])


def starts_of(samples: int, size: int, step: int) -> np.ndarray:
    """Give the first samples of windows of `size`, `step` apart; a last one ends with the recording.

    Unless what it would add is less than half a step.
    """
    starts = np.arange(0, samples - size + 1, step)
    left = samples - size - starts[-1]
    return np.append(starts, samples - size) if 2 * left >= step and left > 0 else starts


def all_known(known: np.ndarray, starts: np.ndarray, size: int) -> np.ndarray:
    """Say which windows have no sample in a gap (windows,), of what is known of each (samples,)."""
    unknown = np.concatenate([[0], np.cumsum(~known)])
    return unknown[starts + size] == unknown[starts]
