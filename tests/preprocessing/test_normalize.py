"""Equations 1 to 3 against hand-computed values, and statistics of training recordings alone."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pose2imu.errors import InputError
from pose2imu.preprocessing.arrays import HOLE, Recordings
from pose2imu.preprocessing.normalize import normalize, normalize_skeleton, scale, scale_at


def test_equation_1_is_a_centred_median_cut_at_the_ends() -> None:
    # At 1 Hz a centred window of 3 s reaches two samples to each side (rounded up to an odd number of samples).
    distance = np.array([1.0, 5.0, 2.0, 9.0, 3.0, 4.0, 8.0])
    expected = [np.median(distance[max(t - 2, 0) : t + 3]) for t in range(7)]
    np.testing.assert_allclose(scale_at(distance, rate=1), expected)


def test_equation_2() -> None:
    assert scale(np.array(0.25), np.array(0.5)) == pytest.approx(0.0)
    assert scale(np.array(0.0), np.array(0.5)) == pytest.approx(-1.0)


def test_equation_3_by_hand() -> None:
    mid_hip, neck = [1.0, 1.0, 1.0], [1.0, 1.5, 1.0]  # a torso of 0.5 m
    shoulder, elbow, wrist = [1.1, 1.4, 1.0], [1.0, 1.0, 1.25], [0.5, 1.0, 1.0]
    joints = np.tile(np.array([shoulder, elbow, wrist, neck, mid_hip]), (4, 1, 1))
    out = normalize_skeleton(joints, rate=50)
    expected = [[-0.6, 0.6, -1.0], [-1.0, -1.0, 0.0], [-3.0, -1.0, -1.0]]
    np.testing.assert_allclose(out[2], expected, atol=1e-6)


def test_equation_3_ignores_where_a_body_stands_and_how_large_it_is() -> None:
    joints = np.random.default_rng(0).normal(size=(200, 5, 3))
    np.testing.assert_allclose(
        normalize_skeleton(joints * 1.3 + [5.0, -2.0, 0.5], rate=50), normalize_skeleton(joints, rate=50), atol=1e-4
    )


def recordings(test_part: np.ndarray) -> Recordings:
    random = np.random.default_rng(1)
    acceleration = np.concatenate([random.normal(3, 2, size=(100, 3)), test_part]).astype(np.float32)
    joints = random.normal(size=(200, 5, 3)).astype(np.float32)
    table = pd.DataFrame(
        {"recording": ["a", "b"], "subject": ["s1", "s2"], "start": [0, 100], "stop": [100, 200]}
    ).assign(split=["train", "test"])
    return Recordings(acceleration, joints, np.zeros(200, np.int8), table)


def test_training_acceleration_has_mean_0_and_standard_deviation_1() -> None:
    out, statistics = normalize(recordings(np.zeros((100, 3))), rate=50)
    np.testing.assert_allclose(out.acceleration[:100].mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(out.acceleration[:100].std(axis=0), 1, atol=1e-5)
    of = statistics["acceleration"]
    np.testing.assert_allclose(out.acceleration[100], -np.array(of.mean) / of.std, rtol=1e-5)
    assert out.angular_velocity is None


def test_angular_velocity_is_normalised_in_the_same_way() -> None:
    still = recordings(np.zeros((100, 3)))
    turning = replace(still, angular_velocity=10 * still.acceleration[:, ::-1] + 1)
    out, statistics = normalize(turning, rate=50)
    assert out.angular_velocity is not None
    np.testing.assert_allclose(out.angular_velocity, out.acceleration[:, ::-1], atol=1e-4)
    np.testing.assert_allclose(statistics["angular_velocity"].std, 10 * np.array(statistics["acceleration"].std)[::-1])


def test_statistics_do_not_see_the_test_recordings() -> None:
    _, one = normalize(recordings(np.zeros((100, 3))), rate=50)
    _, other = normalize(recordings(np.full((100, 3), 1e6)), rate=50)
    assert one == other


def test_samples_in_a_hole_do_not_count() -> None:
    with_hole = recordings(np.zeros((100, 3)))
    with_hole.acceleration[:50] = 1e6
    with_hole.label[:50] = HOLE
    _, statistics = normalize(with_hole, rate=50)
    mean = statistics["acceleration"].mean
    np.testing.assert_allclose(mean, with_hole.acceleration[50:100].mean(axis=0), rtol=1e-5)


def test_nan_of_an_angular_velocity_does_not_count_and_stays() -> None:
    still = recordings(np.zeros((100, 3)))
    turning = replace(still, angular_velocity=still.acceleration.copy())
    turning.angular_velocity[:40] = turning.angular_velocity[150:] = np.nan
    out, statistics = normalize(turning, rate=50)
    np.testing.assert_allclose(statistics["angular_velocity"].mean, still.acceleration[40:100].mean(axis=0), rtol=1e-5)
    np.testing.assert_array_equal(np.isnan(out.angular_velocity), np.isnan(turning.angular_velocity))
    np.testing.assert_array_equal(out.acceleration, normalize(still, rate=50)[0].acceleration)


@pytest.mark.parametrize("value", [np.nan, 1.0])
def test_an_angular_velocity_without_statistics_is_left_out(value: float) -> None:
    still = recordings(np.zeros((100, 3)))
    with pytest.warns(UserWarning, match="training recordings' angular_velocity .* cannot be z-scored: it is left out"):
        out, statistics = normalize(replace(still, angular_velocity=np.full((200, 3), value, np.float32)), rate=50)
    assert out.angular_velocity is None
    assert set(statistics) == {"acceleration"}


def test_training_recordings_that_are_all_hole_or_none_are_an_error() -> None:
    still = recordings(np.zeros((100, 3)))
    with pytest.raises(InputError, match="acceleration has no value outside holes"):
        normalize(replace(still, label=np.full(200, HOLE, np.int8)), rate=50)
    with pytest.raises(InputError, match="no training recording"):
        normalize(replace(still, table=still.table.assign(split="test")), rate=50)


def test_a_constant_channel_is_an_error() -> None:
    constant = recordings(np.zeros((100, 3)))
    constant.acceleration[:100, 1] = 9.81
    with pytest.raises(InputError, match="constant"):
        normalize(constant, rate=50)


def test_a_skeleton_without_scale_is_named() -> None:
    flat = recordings(np.zeros((100, 3)))
    flat.joints[100:] = 0
    with pytest.raises(InputError, match="b: neck and mid-hip coincide"):
        normalize(flat, rate=50)
