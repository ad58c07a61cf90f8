"""Normalisation (paper, III-A): z-scored acceleration, and the skeleton by equations 1 to 3."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pose2imu.datasets.recording import LIMB, MID_HIP, NECK
from pose2imu.errors import InputError
from pose2imu.preprocessing.arrays import Recordings
from pose2imu.preprocessing.resample import HOLE

SCALE_SECONDS = 3.0  # the window w of equation 1


@dataclass(frozen=True)
class Statistics:
    """Of the acceleration, pooled over all training recordings: per channel, m/s²."""

    mean: list[float]
    std: list[float]


def normalize(recordings: Recordings, rate: float) -> tuple[Recordings, Statistics]:
    """Normalise recordings that carry a `split` column; statistics come from the training recordings alone.

    Samples in a hole of a stream do not count. Returns acceleration (time, 3) in standard deviations and the
    joints (time, 3, 3) of the limb in units of equation 3, as recordings; and the statistics.
    """
    training = [recordings.of(row) for row, split in enumerate(recordings.table.split) if split == "train"]
    statistics = acceleration_statistics(
        [recordings.acceleration[part][recordings.label[part] != HOLE] for part in training]
    )
    acceleration = np.empty_like(recordings.acceleration)
    joints = np.empty_like(recordings.joints[:, LIMB])
    for row, name in enumerate(recordings.table.recording):
        part = recordings.of(row)
        acceleration[part] = (recordings.acceleration[part] - np.array(statistics.mean)) / np.array(statistics.std)
        try:
            joints[part] = normalize_skeleton(recordings.joints[part], rate)
        except ValueError as error:
            raise InputError(f"{name}: {error}") from error
    return Recordings(acceleration, joints, recordings.label, recordings.table), statistics


def acceleration_statistics(parts: list[np.ndarray]) -> Statistics:
    """Mean and standard deviation per channel of parts (time, 3), pooled in float64."""
    pooled = np.concatenate(parts).astype(np.float64)
    if not (pooled.std(axis=0) > 0).all():
        raise InputError("a channel of the training recordings' acceleration is constant: it cannot be z-scored")
    return Statistics(pooled.mean(axis=0).tolist(), pooled.std(axis=0).tolist())


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
