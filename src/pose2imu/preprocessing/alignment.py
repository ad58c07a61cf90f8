"""How well a recording's two streams fit: the magnitude that its poses imply, beside the one that was measured."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.ndimage import gaussian_filter1d

from pose2imu.errors import InputError
from pose2imu.preprocessing.arrays import Recordings
from pose2imu.preprocessing.virtual_imu import to_z_up, virtual_sensor
from pose2imu.preprocessing.virtual_recordings import FAR_BONE, NEAR_BONE, Placement, torso_of

SMOOTH = 0.1  # seconds, of a Gaussian over both magnitudes: beyond it, poses twice differentiated are noise
FEWEST = 10  # samples that two streams must have in common for a correlation to mean something


class FitOfStreams(NamedTuple):
    """Pearson's correlation of two magnitudes, as they lie and at the lag at which it is highest."""

    unshifted: float
    lag: int  # samples by which the first comes after the second
    shifted: float


def implied_magnitude(
    joints: np.ndarray, near: bool, vertical: int, placement: float, rate: float, knots: float
) -> np.ndarray:
    """Compute |acceleration + g| (time,) in m/s² of a sensor on the limb of joints (time, 5, 3) in metres."""
    upright = to_z_up(joints, vertical, torso_of(joints)).astype(np.float64)
    bone = upright[:, NEAR_BONE if near else FAR_BONE]
    sensor = virtual_sensor(np.arange(len(bone)) / rate, bone, placement, knots)
    return np.linalg.norm(sensor.acceleration, axis=1)


def fit_of_streams(measured: np.ndarray, implied: np.ndarray, reach: int) -> FitOfStreams:
    """Compare two magnitudes (time,) at lags of up to `reach` samples; what has no variance correlates with nothing."""
    length = min(len(measured), len(implied))
    reach = min(reach, length - FEWEST)
    if reach < 0:
        raise ValueError(f"{length} samples in common; expected {FEWEST} at least")
    lags = sorted(range(-reach, reach + 1), key=abs)  # of equals the smallest is taken
    found = [
        _correlation(measured[max(lag, 0) : length + min(lag, 0)], implied[max(-lag, 0) : length - max(lag, 0)])
        for lag in lags
    ]
    best = int(np.argmax(found))
    return FitOfStreams(found[0], lags[best], found[best])


def _correlation(first: np.ndarray, second: np.ndarray) -> float:
    first, second = first - first.mean(), second - second.mean()
    scale = np.sqrt((first @ first) * (second @ second))
    return float(first @ second / scale) if scale > 0 else 0.0


def fits_of_recordings(
    recordings: Recordings, rate: float, placement: Placement, knots: float, reach: float
) -> pd.DataFrame:
    """Compare the two streams of each recording, and its acceleration with the poses of one of another activity.

    Columns: recording, subject; unshifted, lag (seconds by which the acceleration comes after the pose) and shifted,
    the correlation at that lag; other, whose poses were taken instead, with other_unshifted and other_shifted. The
    search over lags finds something in any two streams: the others tell how much.
    """
    table = recordings.table
    measured, implied = [], []
    for row in range(len(table)):
        measured.append(_measured(recordings, row, rate))
        implied.append(_implied(recordings, row, rate, placement, knots))
    label = np.array([recordings.label[recordings.of(row)].max() for row in range(len(table))])
    lines = []
    for row, other in enumerate(_others(label)):
        fit, unrelated = (_named_fit(table, row, measured[row], implied[of], reach * rate) for of in (row, other))
        lines.append(
            {
                **table.iloc[row][["recording", "subject"]].to_dict(),
                **{"unshifted": fit.unshifted, "lag": fit.lag / rate, "shifted": fit.shifted},
                "other": table.recording.iat[other],
                **{"other_unshifted": unrelated.unshifted, "other_shifted": unrelated.shifted},
            }
        )
    return pd.DataFrame(lines)


def _others(label: np.ndarray) -> list[int]:
    """Draw a recording of another activity for each."""
    random = np.random.default_rng(0)
    return [int(random.choice(np.flatnonzero(label != one))) for one in label]


def aligned(
    recordings: Recordings, rate: float, placement: Placement, knots: float, reach: float, split: str = "train"
) -> Recordings:
    """Move the poses of each recording of a split by the lag, `reach` seconds at most, at which they fit best.

    What a pose that is moved leaves open at an end is filled with the nearest one. Other recordings stay as they are.
    """
    joints = np.array(recordings.joints)
    for row in np.flatnonzero(recordings.table.split == split):
        part = recordings.of(int(row))
        fit = fit_of_recording(recordings, int(row), rate, placement, knots, reach)
        moments = (np.arange(part.stop - part.start) - fit.lag).clip(0, part.stop - part.start - 1)
        joints[part] = recordings.joints[part][moments]
    return replace(recordings, joints=joints)


def fit_of_recording(
    recordings: Recordings, row: int, rate: float, placement: Placement, knots: float, reach: float
) -> FitOfStreams:
    """Compare the two streams of a resampled recording; InputError that names it where it is too short."""
    implied = _implied(recordings, row, rate, placement, knots)
    return _named_fit(recordings.table, row, _measured(recordings, row, rate), implied, reach * rate)


def _measured(recordings: Recordings, row: int, rate: float) -> np.ndarray:
    magnitude = np.linalg.norm(recordings.acceleration[recordings.of(row)].astype(np.float64), axis=1)
    return gaussian_filter1d(magnitude, SMOOTH * rate)


def _implied(recordings: Recordings, row: int, rate: float, placement: Placement, knots: float) -> np.ndarray:
    name = recordings.table.recording.iat[row]
    joints, near = recordings.joints[recordings.of(row)], placement.on_near_bone(name)
    try:
        magnitude = implied_magnitude(joints, near, placement.vertical, placement.share, rate, knots)
    except ValueError as error:
        raise InputError(f"{name}: streams cannot be compared: {error}") from error
    return gaussian_filter1d(magnitude, SMOOTH * rate)


def _named_fit(table: pd.DataFrame, row: int, measured: np.ndarray, implied: np.ndarray, reach: float) -> FitOfStreams:
    try:
        return fit_of_streams(measured, implied, round(reach))
    except ValueError as error:
        raise InputError(f"{table.recording.iat[row]}: streams cannot be compared: {error}") from error
