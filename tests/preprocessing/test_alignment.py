"""How well two streams fit, and poses moved to where they fit best: on motions whose lag is known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pose2imu.preprocessing.alignment import aligned, fit_of_recording, fit_of_streams, implied_magnitude
from pose2imu.preprocessing.virtual_recordings import Placement
from tests.toy import RATE, SPLITS, toy_recordings

WRIST = Placement(vertical=1, on_near_bone=lambda name: False, share=1.0)
NOISE = np.random.default_rng(0).normal(size=400)


@given(st.integers(-20, 20))
def test_a_known_lag_is_found_whichever_way(lag: int) -> None:
    later = np.roll(NOISE, lag)
    fit = fit_of_streams(later, NOISE, 25)
    assert fit.lag == lag
    assert fit.shifted > 0.99
    if lag:
        assert fit.unshifted < 0.5


def test_a_constant_stream_fits_nothing_and_is_not_moved() -> None:
    assert fit_of_streams(np.ones(50), NOISE[:50], 10) == (0.0, 0, 0.0)


def test_too_short_a_stream_is_told_of() -> None:
    with pytest.raises(ValueError, match="5 samples in common; expected 10"):
        fit_of_streams(NOISE[:5], NOISE, 10)


def test_an_arm_at_rest_implies_gravity() -> None:
    joints = np.tile(np.array([[0, 1, 0], [0, 0.7, 0], [0, 0.4, 0], [0, 1, 0], [0, 0.4, 0]], np.float32), (60, 1, 1))
    implied = implied_magnitude(joints, near=False, vertical=1, placement=1.0, rate=50, knots=0.1)
    np.testing.assert_allclose(implied, 9.81, atol=0.01)


def test_training_poses_alone_are_moved_to_where_they_fit() -> None:
    recordings, late = toy_recordings(), 5
    acceleration = np.array(recordings.acceleration)
    for row in range(len(SPLITS)):
        part = recordings.of(row)
        implied = implied_magnitude(recordings.joints[part], False, 1, 1.0, RATE, 0.1)
        acceleration[part] = np.roll(implied, late)[:, None] * np.array([1.0, 0.0, 0.0])
    recordings = replace(recordings, acceleration=acceleration.astype(np.float32))
    moved = aligned(recordings, RATE, WRIST, 0.1, 0.5)
    for row, split in enumerate(SPLITS):
        part = recordings.of(row)
        if split != "train":
            np.testing.assert_array_equal(moved.joints[part], recordings.joints[part])
            continue
        assert fit_of_recording(recordings, row, RATE, WRIST, 0.1, 0.5).lag == late
        np.testing.assert_array_equal(moved.joints[part][late:], recordings.joints[part][:-late])
