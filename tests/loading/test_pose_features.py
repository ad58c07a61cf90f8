"""What physics reads in a pose: against values by hand."""

import numpy as np
import pytest
import torch

from pose2imu.loading.pose_features import (
    ACCELERATION,
    FEATURES,
    GRAVITY,
    LIMB,
    NEIGHBOUR,
    REACH,
    VELOCITY,
    features_of,
    varied,
)

RATE, SAMPLES = 50, 150
SHOULDER, ELBOW = np.array([0.2, 1.4, 0.0]), np.array([0.2, 1.1, 0.0])
FOREARM = 0.3


def arm(wrist: np.ndarray) -> np.ndarray:
    """A person whose right is x, with a wrist (time, 3)."""
    body = [SHOULDER, ELBOW, np.zeros(3), np.array([0.0, 1.4, 0.0]), np.array([0.0, 0.9, 0.0])]
    joints = np.tile(np.array(body), (len(wrist), 1, 1))
    joints[:, 2] = wrist
    return joints


def circling(turns_a_second: float) -> np.ndarray:
    """A wrist on a circle about the elbow, in the plane square to the person's right."""
    angle = 2 * np.pi * turns_a_second * np.arange(SAMPLES) / RATE
    return ELBOW + FOREARM * np.stack([np.zeros(SAMPLES), -np.cos(angle), np.sin(angle)], axis=1)


def test_an_arm_that_hangs_reads_gravity_against_its_bone() -> None:
    still = features_of(arm(np.tile([0.2, 0.8, 0.0], (SAMPLES, 1))), False, RATE, 1)
    assert still.shape == (FEATURES, SAMPLES)
    np.testing.assert_allclose(still[GRAVITY].T, np.tile([-1, 0, 0], (SAMPLES, 1)), atol=1e-6)
    np.testing.assert_allclose(still[ACCELERATION], 0, atol=1e-4)
    np.testing.assert_allclose(still[NEIGHBOUR].T, np.tile([1, 0, 0, -1], (SAMPLES, 1)), atol=1e-6)
    np.testing.assert_allclose(still[REACH].T, np.tile([0, -0.6, 0], (SAMPLES, 1)), atol=1e-6)
    assert not still[LIMB].any()


def test_a_circle_has_its_acceleration_along_the_bone_and_its_velocity_square_to_it() -> None:
    turns = 0.5
    omega = 2 * np.pi * turns
    found = features_of(arm(circling(turns)), False, RATE, 1)[:, 20:-20]
    np.testing.assert_allclose(found[ACCELERATION][[0, 3]], -(omega**2) * FOREARM, rtol=0.05)
    np.testing.assert_allclose(found[ACCELERATION][[2, 5]], 0, atol=0.02)
    np.testing.assert_allclose(np.abs(found[VELOCITY][1]), omega * FOREARM, rtol=0.02)
    np.testing.assert_allclose(np.linalg.norm(found[GRAVITY], axis=0), 1, atol=1e-5)


@pytest.mark.parametrize("near_bone", [False, True])
def test_which_way_a_person_faces_does_not_matter(near_bone: bool) -> None:
    joints = arm(circling(0.7) + np.linspace([0, 0, 0], [0.1, 0.1, 0.1], SAMPLES))
    cos, sin = np.cos(1.1), np.sin(1.1)
    turned = joints @ np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]]).T
    expected, found = (features_of(one, near_bone, RATE, 1) for one in (joints, turned))
    np.testing.assert_allclose(found, expected, atol=1e-3)


def test_the_axis_that_points_up_may_be_any() -> None:
    joints = arm(circling(0.7))
    np.testing.assert_allclose(
        features_of(np.roll(joints, 1, axis=2), False, RATE, 2), features_of(joints, False, RATE, 1), atol=1e-5
    )


def test_twice_the_tempo_is_four_times_the_acceleration_and_the_same_gravity() -> None:
    slow, fast = (torch.from_numpy(features_of(arm(circling(turns)), False, RATE, 1))[None] for turns in (0.3, 0.6))
    length = torch.tensor([SAMPLES])
    found, shorter = varied(slow, length, torch.tensor([2.0]), torch.tensor([1.0]))
    assert shorter.tolist() == [SAMPLES // 2]
    inner = slice(20, SAMPLES // 2 - 20)
    for columns in (GRAVITY, VELOCITY, NEIGHBOUR, REACH):
        torch.testing.assert_close(found[0, columns, inner], fast[0, columns, inner], atol=0.03, rtol=0.03)
    torch.testing.assert_close(found[0, ACCELERATION, inner], fast[0, ACCELERATION, inner], atol=0.1, rtol=0.1)


def test_twice_the_size_is_twice_the_acceleration() -> None:
    features = torch.from_numpy(features_of(arm(circling(0.3)), False, RATE, 1))[None]
    found, length = varied(features, torch.tensor([SAMPLES]), torch.tensor([1.0]), torch.tensor([2.0]))
    assert length.tolist() == [SAMPLES]
    for columns, factor in ((GRAVITY, 1), (ACCELERATION, 2), (VELOCITY, 2), (REACH, 2), (NEIGHBOUR, 1)):
        torch.testing.assert_close(found[:, columns], factor * features[:, columns])
