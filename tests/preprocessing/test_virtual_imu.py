"""IMUTube's physics against the simulator, whose truth is exact, and its distribution mapping."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from pose2imu.datasets.mm_fit import CLASSES
from pose2imu.preprocessing.distribution import map_distribution, mapped, percentiles
from pose2imu.preprocessing.virtual_imu import HANGING, angular_velocity, smallest_rotation, to_z_up, virtual_sensor
from pose2imu.simulation.arm import LEFT_ARM, NECK, Truth
from pose2imu.simulation.exercises import draw_subject, perform

KNOTS = 0.02  # the truth has no noise to smooth


@pytest.fixture(scope="module")
def truth() -> Truth:
    rng = np.random.default_rng(5)
    return perform([(2.0, 8.0, CLASSES[2]), (9.0, 15.0, CLASSES[7])], 17.0, draw_subject(rng), rng)


def bone(truth: Truth) -> np.ndarray:
    return truth.joints[:, LEFT_ARM][:, 1:]


def away_from_the_ends(truth: Truth, values: np.ndarray) -> np.ndarray:
    return values[(truth.time > 0.2) & (truth.time < truth.time[-1] - 0.2)]


def test_the_reading_is_the_watchs_up_to_the_forearms_own_turn(truth: Truth) -> None:
    """To 0.05 m/s²: along the bone, and in strength across it. The turn itself joints do not show."""
    sensor = virtual_sensor(truth.time, bone(truth), 1.0, KNOTS)
    exact = truth.mount.apply(truth.watch)  # in the forearm's axes
    found, expected = (away_from_the_ends(truth, reading) for reading in (sensor.acceleration, exact))
    assert np.abs(expected[:, 2]).max() > 15
    np.testing.assert_allclose(found[:, 2], expected[:, 2], atol=0.05)
    across = [np.linalg.norm(reading[:, :2], axis=1) for reading in (found, expected)]
    np.testing.assert_allclose(*across, atol=0.05)


def test_with_the_forearms_turn_known_the_reading_is_the_watchs(truth: Truth) -> None:
    sensor = virtual_sensor(truth.time, bone(truth), 1.0, KNOTS)
    turn = (sensor.orientation.inv() * truth.forearm).inv()  # about z alone: the bone's direction is right
    assert np.abs(away_from_the_ends(truth, turn.as_rotvec()[:, :2])).max() < 1e-3
    watch = truth.mount.inv().apply(turn.apply(sensor.acceleration))
    np.testing.assert_allclose(*(away_from_the_ends(truth, x) for x in (watch, truth.watch)), atol=0.05)


def test_a_sensor_nearer_the_elbow_is_accelerated_as_its_place_is(truth: Truth) -> None:
    half = virtual_sensor(truth.time, bone(truth), 0.5, KNOTS).acceleration
    ends = [virtual_sensor(truth.time, bone(truth), place, KNOTS).acceleration for place in (0.0, 1.0)]
    np.testing.assert_allclose(half, (ends[0] + ends[1]) / 2, atol=1e-9)


def test_angular_velocity_turns_the_sensor_as_its_orientation_says(truth: Truth) -> None:
    sensor = virtual_sensor(truth.time, bone(truth), 1.0, KNOTS)
    step = truth.time[1] - truth.time[0]
    turned = (sensor.orientation[:-1].inv() * sensor.orientation[1:]).as_rotvec() / step
    velocity = angular_velocity(truth.time, sensor.orientation, KNOTS)
    middle = (velocity[:-1] + velocity[1:]) / 2
    # Near straight up the smallest rotation is not unique, and turns as fast as it likes.
    gentle = np.linalg.norm(turned, axis=1) < 10
    inside = (truth.time[:-1] > 0.2) & (truth.time[:-1] < truth.time[-1] - 0.2)
    assert (gentle & inside).mean() > 0.9
    np.testing.assert_allclose(middle[gentle & inside], turned[gentle & inside], atol=0.15)


def test_noise_of_a_camera_is_smoothed_by_wider_knots(truth: Truth) -> None:
    noisy = bone(truth) + np.random.default_rng(0).normal(0, 0.003, bone(truth).shape)
    exact = away_from_the_ends(truth, truth.mount.apply(truth.watch))[:, 2]
    errors = [
        np.sqrt(np.mean((away_from_the_ends(truth, sensor.acceleration)[:, 2] - exact) ** 2))
        for sensor in (virtual_sensor(truth.time, noisy, 1.0, knots) for knots in (0.02, 0.1))
    ]
    assert errors[0] > 10
    assert errors[1] < 1


@given(st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda direction: np.linalg.norm(direction) > 0.01))
def test_the_smallest_rotation_is_one(direction: tuple[float, float, float]) -> None:
    unit = np.array(direction) / np.linalg.norm(direction)
    rotation = smallest_rotation(np.array([direction]))
    np.testing.assert_allclose(rotation.apply(HANGING)[0], unit, atol=1e-4)
    assert rotation.magnitude()[0] == pytest.approx(np.arccos(np.clip(unit @ HANGING, -1, 1)), abs=1e-4)


def test_the_vertical_axis_points_up_whichever_it_is_and_left_stays_left(truth: Truth) -> None:
    joints = truth.joints
    torso = joints[:, NECK] - joints[:, 0]
    np.testing.assert_array_equal(to_z_up(joints, 2, torso), joints)
    for turn in (Rotation.from_euler("x", -90, degrees=True), Rotation.from_euler("x", 90, degrees=True)):
        other = turn.apply(joints.reshape(-1, 3)).reshape(joints.shape)  # y up, and y down
        found = to_z_up(other, 1, turn.apply(torso))
        np.testing.assert_allclose(found[..., 2], joints[..., 2], atol=1e-9)
        # A rotation: the vectors between joints keep their handedness.
        sides = [np.linalg.det(points[0, [1, 4, 9]] - points[0, 0]) for points in (found, joints)]
        assert sides[0] == pytest.approx(sides[1])


def test_mapped_values_are_distributed_as_the_real_ones() -> None:
    random = np.random.default_rng(0)
    virtual, real = random.normal(0, 1, (5000, 2)), random.gamma(2.0, 3.0, (5000, 2)) - [0, 50]
    out = map_distribution(virtual, real, np.zeros(5000), per_class=False)
    np.testing.assert_allclose(percentiles(out)[5:-5], percentiles(real)[5:-5], rtol=0.02)
    assert (np.argsort(out[:, 0]) == np.argsort(virtual[:, 0])).mean() > 0.99  # ranks stay
    assert mapped(np.array([[-99.0], [99.0]]), percentiles(virtual[:, :1]), percentiles(real[:, :1])).tolist() == [
        [real[:, 0].min()],
        [real[:, 0].max()],
    ]


def test_each_class_may_have_a_mapping_of_its_own() -> None:
    label = np.repeat([0, 1], 500)
    virtual = np.random.default_rng(0).normal(size=(1000, 1))
    real = np.where(label == 0, -10.0, 10.0)[:, None] + virtual
    out = map_distribution(virtual, real, label, per_class=True)
    np.testing.assert_allclose(out, real, atol=0.05)
    assert map_distribution(virtual, real, label, per_class=False)[label == 0].max() > 5
