"""What a reader hands over is checked where it enters, by name and in one line; what sensors never give is missing."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pose2imu.datasets.recording import RawRecording, check
from pose2imu.errors import InputError
from pose2imu.preprocessing.arrays import HOLE
from pose2imu.preprocessing.resample import resample

BODY = np.array([[0.2, 0.5, 0.0], [0.3, 0.2, 0.1], [0.4, 0.0, 0.2], [0.0, 0.5, 0.0], [0.0, 0.0, 0.0]])


def good(name: str = "a1_s1_t1", seconds: float = 20.0) -> RawRecording:
    random = np.random.default_rng(0)
    time, joints_time = np.arange(0, seconds, 0.02), np.arange(0, seconds, 0.04)
    joints = BODY + random.normal(0, 0.01, (len(joints_time), 5, 3))
    acceleration, turning = random.normal([0, 0, 9.81], 1, (len(time), 3)), random.normal(0, 1, (len(time), 3))
    return RawRecording(name, "s1", time, acceleration, np.full(len(time), 3), joints_time, joints, turning)


def refused(*recordings: RawRecording, classes: int | None = None) -> str:
    with pytest.raises(InputError) as caught:
        resample(recordings, rate=50, max_gap=1.0, classes=classes)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def changed(field: str, change: Callable[[np.ndarray], Any]) -> RawRecording:
    return replace(good(), **{field: change(getattr(good(), field))})


def with_first(value: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda label: np.concatenate([[value], label[1:]])


def test_a_good_recording_passes_in_silence() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        out = resample([good(), good("a1_s1_t2")], rate=50, max_gap=1.0, classes=4)
    assert (out.label == 3).all()
    assert np.isfinite(out.angular_velocity).all()


@pytest.mark.parametrize("value", [np.nan, 255, 130, 300, -1, 127, 2.5])
def test_labels_that_are_no_class_index(value: float) -> None:
    found = refused(changed("label", with_first(value)))
    assert found.startswith("a1_s1_t1: label ")
    assert "at sample 0; expected whole numbers from 0 to 126" in found


def test_labels_are_held_against_the_classes_where_these_are_known() -> None:
    assert "label 3 at sample 0; expected whole numbers from 0 to 2, of classes" in refused(good(), classes=3)
    check(good(), classes=4)


@pytest.mark.parametrize(
    ("field", "change", "expected"),
    [
        (
            "joints",
            lambda a: np.repeat(a, 5, 1),
            "joints is float64 of shape (500, 25, 3); expected real numbers of shape",
        ),
        (
            "acceleration",
            lambda a: a.T,
            "acceleration is float64 of shape (3, 1000); expected real numbers of shape (10",
        ),
        ("acceleration", lambda a: a + 1j, "acceleration is complex128 of shape (1000, 3)"),
        ("acceleration", lambda a: a.astype(object), "acceleration is object of shape (1000, 3)"),
        ("angular_velocity", lambda a: a[:-1], "angular_velocity is float64 of shape (999, 3)"),
        ("label", lambda a: a[:900], "label is int64 of shape (900,); expected real numbers of shape (1000,)"),
        ("label", lambda a: a.astype(str), "label is <U"),
        ("joints_time", lambda a: a[:, None], "joints_time is float64 of shape (500, 1)"),
        ("acceleration_time", lambda a: a[0], "acceleration_time is float64 of shape ()"),
    ],
)
def test_arrays_that_do_not_fit(field: str, change: Callable[[np.ndarray], Any], expected: str) -> None:
    assert f"a1_s1_t1: {expected}" in refused(changed(field, change))


def test_a_recording_of_two_rows() -> None:
    assert "acceleration_time has 2 rows; expected at least 10" in refused(good(seconds=0.04))


def test_two_recordings_of_one_name() -> None:
    assert refused(good(), good()) == "a1_s1_t1: a second recording of this name; expected one"


def test_no_recording_at_all() -> None:
    assert refused() == "the dataset's reader gave no recording; expected at least one"


def test_a_gyroscope_that_fails_takes_nothing_with_it() -> None:
    raw, whole = good(), resample([good()], rate=50, max_gap=1.0)
    raw.angular_velocity[300:] = np.nan
    with pytest.warns(UserWarning, match=r"a1_s1_t1: no angular velocity in 14\.0 of 20\.0 s"):
        out = resample([raw], rate=50, max_gap=1.0)
    np.testing.assert_array_equal(out.acceleration, whole.acceleration)
    np.testing.assert_array_equal(out.label, whole.label)
    np.testing.assert_array_equal(np.isnan(out.angular_velocity[:, 0]), np.arange(999) > 299)


def test_a_gap_of_the_gyroscope_is_missing_and_not_a_line_across() -> None:
    raw = good()
    raw.angular_velocity[300:400] = np.nan
    raw.angular_velocity[600:610] = np.nan  # shorter than max_gap
    with pytest.warns(UserWarning, match="no angular velocity in 2.0"):
        out = resample([raw], rate=50, max_gap=1.0)
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(out.angular_velocity[:, 0])), np.arange(300, 400))
    assert (out.label != HOLE).all()


@pytest.mark.parametrize("value", [np.nan, 0.0, 1e6])
def test_a_gyroscope_of_no_use_leaves_the_acceleration(value: float) -> None:
    raw = good()
    raw.angular_velocity[:] = value
    with pytest.warns(UserWarning, match=r"a1_s1_t1: .*no angular velocity in 20\.0 of 20\.0 s"):
        out = resample([raw], rate=50, max_gap=1.0)
    assert np.isfinite(out.acceleration).all()
    assert np.isnan(out.angular_velocity).all()


def test_a_gyroscope_in_some_recordings_only() -> None:
    with pytest.warns(UserWarning, match="1 of 2 recordings have no angular velocity: a1_s1_t2"):
        out = resample([good(), replace(good("a1_s1_t2"), angular_velocity=None)], rate=50, max_gap=1.0)
    assert np.isfinite(out.angular_velocity[out.of(0)]).all()
    assert np.isnan(out.angular_velocity[out.of(1)]).all()


@pytest.mark.parametrize("part", ["all", "limb", "far"])
def test_frames_that_are_no_poses_are_missing(part: str) -> None:
    """Joints all zero for a while, a limb of no length, a joint far away."""
    raw = good()
    lost = slice(200, 375)  # 8 s to 15 s
    if part == "all":
        raw.joints[lost] = 0
    elif part == "limb":
        raw.joints[lost, 2] = raw.joints[lost, 1]
    else:
        raw.joints[lost, 2] = 1e6
    with pytest.warns(UserWarning, match="a1_s1_t1: joints: 175 of 500 frames are no poses") as caught:
        out = resample([raw], rate=50, max_gap=1.0)
    assert len(caught) == 1
    np.testing.assert_array_equal(np.flatnonzero(out.label == HOLE), np.arange(399, 750))


def test_a_recording_without_a_pose_is_refused() -> None:
    assert "a1_s1_t1: joints: 500 of 500 frames are no poses" in refused(changed("joints", np.zeros_like))
    assert "a1_s1_t1: joints: 500 of 500 frames are no poses" in refused(
        changed("joints", lambda joints: joints * 1000)
    )


@pytest.mark.parametrize("unit", [1 / 9.80665, 9.80665])
def test_an_acceleration_in_another_unit_is_told_once(unit: float) -> None:
    with pytest.warns(
        UserWarning, match=r"a1_s1_t1: acceleration has a median magnitude of .* expected about 9\.8"
    ) as w:
        resample([changed("acceleration", lambda a: a * unit)], rate=50, max_gap=1.0)
    assert len(w) == 1


def test_values_that_no_sensor_gives() -> None:
    assert "a1_s1_t1: acceleration is beyond 2000 in 1000 of 1000 rows" in refused(
        changed("acceleration", lambda a: a * 1e9)
    )
    raw = good()
    raw.acceleration[500] = 1e9
    with pytest.warns(UserWarning, match="acceleration is beyond 2000 in 1 of 1000 rows, which no sensor gives"):
        out = resample([raw], rate=50, max_gap=1.0)
    assert np.abs(out.acceleration).max() < 20


def test_a_dead_channel_is_refused() -> None:
    raw = good()
    raw.acceleration[:, 1] = 0.5
    assert refused(raw) == "a1_s1_t1: acceleration's channel 1 never changes from 0.5"
