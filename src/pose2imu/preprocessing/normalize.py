"""Normalisation (paper, III-A): z-scored acceleration, and the skeleton by equations 1 to 3."""

import warnings
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pose2imu.datasets.recording import LIMB, MID_HIP, NECK
from pose2imu.errors import InputError
from pose2imu.preprocessing.arrays import HOLE, Recordings

SCALE_SECONDS = 3.0  # the window w of equation 1


@dataclass(frozen=True)
class Statistics:
    """Pooled over all training recordings, per channel: of the acceleration, m/s², or the angular velocity, rad/s."""

    mean: list[float]
    std: list[float]


def normalize(recordings: Recordings, rate: float) -> tuple[Recordings, dict[str, Statistics]]:
    """Normalise recordings that carry a `split` column; statistics come from the training recordings alone.

    Samples in a hole of a stream do not count. Returns, as recordings, acceleration and angular velocity (time, 3) in
    standard deviations, and the joints (time, 3, 3) of the limb in units of equation 3; and the statistics by stream.
    An angular velocity of which the training recordings give no statistics is left out, with a warning: methods of
    three axes do without.
    """
    joints = np.empty_like(recordings.joints[:, LIMB])
    for row, name in enumerate(recordings.table.recording):
        part = recordings.of(row)
        try:
            joints[part] = normalize_skeleton(recordings.joints[part], rate)
        except ValueError as error:
            raise InputError(f"{name}: {error}") from error
    acceleration, of_acceleration = standardize(recordings.acceleration, recordings, "acceleration")
    angular_velocity, statistics = recordings.angular_velocity, {"acceleration": of_acceleration}
    if angular_velocity is not None:
        name = "angular_velocity"
        try:
            angular_velocity, statistics[name] = standardize(angular_velocity, recordings, name)
        except InputError as error:
            angular_velocity = None
            warnings.warn(f"{error}: it is left out", stacklevel=2)
    normalized = replace(recordings, acceleration=acceleration, joints=joints, angular_velocity=angular_velocity)
    return normalized, statistics


def standardize(stream: np.ndarray, recordings: Recordings, name: str) -> tuple[np.ndarray, Statistics]:
    """z-score a stream (time, 3) of the recordings, per channel, by the statistics of their training recordings.

    NaN, of an angular velocity in its own holes, does not count and stays NaN. Raises InputError for a channel that is
    constant, or that the training recordings have no value of.
    """
    training = [recordings.of(row) for row, split in enumerate(recordings.table.split) if split == "train"]
    parts = [stream[part][recordings.label[part] != HOLE] for part in training]
    if not training:
        raise InputError("the protocol leaves no training recording; expected one at least, to z-score by")
    pooled = np.concatenate(parts).astype(np.float64)
    pooled = pooled[np.isfinite(pooled).all(axis=1)]
    if not len(pooled):
        raise InputError(f"the training recordings' {name} has no value outside holes: it cannot be z-scored")
    mean, std = pooled.mean(axis=0), pooled.std(axis=0)
    if not (std > 0).all():
        raise InputError(f"a channel of the training recordings' {name} is constant: it cannot be z-scored")
    normalized = np.empty_like(stream)
    for row in range(len(recordings.table)):
        part = recordings.of(row)
        normalized[part] = (stream[part] - mean) / std
    return normalized, Statistics(mean.tolist(), std.tolist())


def normalize_skeleton(joints: np.ndarray, rate: float) -> np.ndarray:
    """Equation 3: joints (time, 5, 3) in metres → the limb's (time, 3, 3), from the mid-hip, in units of the torso."""
    joints = joints.astype(np.float64)
    mid_hip = joints[:, MID_HIP]
    distance = np.linalg.norm(joints[:, NECK] - mid_hip, axis=1)
    relative = joints[:, LIMB] - mid_hip[:, None]
    return scale(relative, scale_at(distance, rate)[:, None, None]).astype(np.float32)


def scale_at(distance: np.ndarray, rate: float) -> np.ndarray:
    """Equation 1: the median of the neck-to-mid-hip distance over a centred 3 s window, cut at the recording's ends."""
    samples = round(SCALE_SECONDS * rate / 2) * 2 + 1
    medians = pd.Series(distance).rolling(samples, center=True, min_periods=1).median().to_numpy()
    if not (medians > 0).all():
        raise ValueError("neck and mid-hip coincide for most of 3 s: the skeleton has no scale (eq. 1)")
    return medians


def scale(value: np.ndarray, scale_t: np.ndarray) -> np.ndarray:
    """Equation 2."""
    return -1.0 + value / scale_t * 2.0
