"""Resampling: straight lines stay straight whatever a real stream does to its clock."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pose2imu.datasets.recording import RawRecording
from pose2imu.errors import InputError
from pose2imu.preprocessing import arrays
from pose2imu.preprocessing.arrays import HOLE
from pose2imu.preprocessing.resample import clean, resample


def line(time: np.ndarray) -> np.ndarray:
    return np.stack([time, 2 * time + 1, -3 * time], axis=1)


def recording(acceleration_time: np.ndarray, joints_time: np.ndarray) -> RawRecording:
    """A recording whose signals are straight lines of time, in which linear interpolation makes no error."""
    joints = line(joints_time)[:, None] + np.arange(4, -1, -1)[:, None] * [0.2, 0.0, 0.0]
    label = (acceleration_time > 1.0).astype(int)
    return RawRecording("w00", "P2", acceleration_time, line(acceleration_time), label, joints_time, joints)


def test_common_span_and_values() -> None:
    """Unequal stream lengths: no extrapolation."""
    raw = recording(np.arange(0.0, 3.0, 0.0097), np.arange(0.5, 2.51, 1 / 30))
    out = resample([raw], rate=100, max_gap=1.0)
    time = 0.5 + np.arange(len(out.label)) / 100
    assert time[-1] - 1e-9 <= raw.joints_time[-1] < time[-1] + 0.01
    np.testing.assert_allclose(out.acceleration, line(time), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(out.joints[:, 4], line(time), rtol=1e-5, atol=1e-5)
    assert out.table.to_dict("records") == [{"recording": "w00", "subject": "P2", "start": 0, "stop": len(time)}]


def test_labels_switch_at_the_nearest_sample() -> None:
    out = resample([recording(np.arange(0, 2.001, 0.01), np.arange(0, 2.001, 0.04))], rate=100, max_gap=1.0)
    assert out.label[:101].tolist() == [0] * 101
    assert out.label[101:].tolist() == [1] * 100


def test_recordings_are_laid_end_to_end() -> None:
    raw = recording(np.arange(0, 2, 0.01), np.arange(0, 2, 0.04))
    out = resample([raw, replace(raw, name="w01")], rate=100, max_gap=1.0)
    assert out.table.start.tolist() == [0, out.table.stop[0]]
    np.testing.assert_array_equal(out.acceleration[out.of(0)], out.acceleration[out.of(1)])


def test_angular_velocity_is_on_the_clock_of_the_acceleration(tmp_path: Path) -> None:
    raw = recording(np.arange(0.0, 3.0, 0.0097), np.arange(0.5, 2.51, 1 / 30))
    out = resample([replace(raw, angular_velocity=raw.acceleration[:, ::-1])], rate=100, max_gap=1.0)
    assert out.angular_velocity is not None
    np.testing.assert_array_equal(out.angular_velocity, out.acceleration[:, ::-1])
    arrays.save(out, tmp_path / "with")
    np.testing.assert_array_equal(
        arrays.load(tmp_path / "with", arrays.RESAMPLED_COLUMNS).angular_velocity, out.angular_velocity
    )
    arrays.save(replace(out, angular_velocity=None), tmp_path / "without")
    assert arrays.load(tmp_path / "without", arrays.RESAMPLED_COLUMNS).angular_velocity is None


def test_rows_that_share_a_timestamp_are_averaged() -> None:
    time, values = clean(np.array([0.0, 1.0, 1.0, 2.0]), np.array([[0.0], [1.0], [3.0], [4.0]]), "x")
    assert time.tolist() == [0.0, 1.0, 2.0]
    assert values.tolist() == [[0.0], [2.0], [4.0]]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_jitter_duplicates_disorder_nan_and_dropped_frames_change_nothing(seed: int) -> None:
    """On straight lines, so the answer is known exactly."""
    random = np.random.default_rng(seed)
    acceleration_time = np.arange(0, 3, 0.0097) + random.uniform(-0.02, 0.02, 310)
    acceleration_time[50] = acceleration_time[49]
    joints_time = np.delete(np.arange(0, 3, 1 / 30), random.choice(90, 20, replace=False))
    raw = recording(acceleration_time, joints_time)
    raw.acceleration[random.choice(310, 9), random.integers(3)] = np.nan
    raw.joints[random.choice(70, 5), 2, 1] = np.nan
    out = resample([raw], rate=100, max_gap=1.0)
    slope = np.diff(out.acceleration.astype(float), axis=0) * 100
    np.testing.assert_allclose(slope, np.broadcast_to([1, 2, -3], slope.shape), atol=2e-3)
    assert (out.label != HOLE).all()


@pytest.mark.parametrize("stream", ["acceleration", "joints"])
def test_a_gap_is_a_hole(stream: str) -> None:
    time = {"acceleration": np.arange(0, 6, 0.01), "joints": np.arange(0, 6, 0.04)}
    time[stream] = time[stream][(time[stream] <= 2) | (time[stream] >= 3.5)]
    out = resample([recording(time["acceleration"], time["joints"])], rate=100, max_gap=1.0)
    seconds = np.arange(len(out.label)) / 100
    inside = (seconds > 2.001) & (seconds < 3.499)
    assert (out.label[inside] == HOLE).all()
    assert (out.label[(seconds < 1.999) | (seconds > 3.521)] != HOLE).all()
    shorter = resample([recording(time["acceleration"], time["joints"])], rate=100, max_gap=2.0)
    assert (shorter.label != HOLE).all()


def test_streams_that_do_not_overlap() -> None:
    with pytest.raises(InputError, match="w00: acceleration and joints do not overlap in time"):
        resample([recording(np.arange(0, 1, 0.01), np.arange(2, 3, 0.03))], rate=100, max_gap=1.0)


def test_a_stream_of_nan_alone() -> None:
    raw = recording(np.arange(0, 1, 0.01), np.arange(0, 1, 0.03))
    raw.joints[:, 0] = np.nan
    with pytest.raises(InputError, match="w00: joints: fewer than two rows without NaN"):
        resample([raw], rate=100, max_gap=1.0)
