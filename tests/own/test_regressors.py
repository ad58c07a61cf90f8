"""What a regressor writes of poses: as a whole as in parts, at any rate, mirrored for the other side."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pose2imu.errors import InputError
from pose2imu.formats.streams import Poses
from pose2imu.own import regressors
from pose2imu.own.regressors import write_signal
from tests.own.folders import arm


@pytest.fixture
def poses() -> Poses:
    """Half a minute of swinging."""
    return arm("medium", np.random.default_rng(4), 30.0)[0]


def test_parts_give_what_the_whole_gives(
    poses: Poses, models: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    time, whole = write_signal(poses, "right_wrist", models["regressor"])
    assert whole.shape == (1500, 3)
    np.testing.assert_allclose(np.diff(time), 0.02, atol=1e-9)
    monkeypatch.setattr(regressors, "PART", 170)
    np.testing.assert_allclose(write_signal(poses, "right_wrist", models["regressor"])[1], whole, atol=1e-4)


def test_what_is_written_is_what_was_measured(models: dict[str, Path]) -> None:
    """Roughly: it learned for a moment."""
    correlations = []
    for seed in range(5):
        poses, inertial = arm("fast", np.random.default_rng(seed))
        written = write_signal(poses, "right_wrist", models["regressor"])[1]
        middle = slice(10, 140)
        pairs = zip(written.T[1:, middle], inertial.acceleration.T[1:, middle], strict=True)  # x hardly changes
        correlations += [np.corrcoef(one, other)[0, 1] for one, other in pairs]
    assert np.mean(correlations) > 0.5


@pytest.mark.parametrize("rate", [20, 30, 100])
def test_the_rate_of_poses_is_no_matter(poses: Poses, models: dict[str, Path], rate: int) -> None:
    grid = np.arange(0, 29.9, 1 / rate)
    joints = {
        name: np.stack([np.interp(grid, poses.time, axis) for axis in points.T], axis=1)
        for name, points in poses.joints.items()
    }
    time, other = write_signal(replace(poses, time=grid, joints=joints), "right_wrist", models["regressor"])
    _, same = write_signal(poses, "right_wrist", models["regressor"])
    error = other[50:-50] - same[: len(time)][50:-50]
    assert np.sqrt((error**2).mean()) < 0.35 * same.std()


def test_the_other_sides_limb_is_its_mirror_image(poses: Poses, models: dict[str, Path]) -> None:
    mirrored = {name.replace("right", "left"): points * (-1, 1, 1) for name, points in poses.joints.items()}
    left = write_signal(replace(poses, joints=mirrored), "left_wrist", models["regressor"])[1]
    np.testing.assert_array_equal(left, write_signal(poses, "right_wrist", models["regressor"])[1])


def test_frames_without_a_joint_are_interpolated_over_and_gaps_left_out(poses: Poses, models: dict[str, Path]) -> None:
    joints = {name: points.copy() for name, points in poses.joints.items()}
    joints["right_wrist"][100:110] = np.nan
    joints["right_elbow"][500:600] = np.nan
    time, written = write_signal(replace(poses, joints=joints), "right_wrist", models["regressor"])
    assert np.isfinite(written).all()
    assert not ((time > 10.01) & (time < 11.97)).any()
    assert len(time) == 1500 - 100


@pytest.mark.parametrize(
    ("change", "place", "expected"),
    [
        ({}, "right_shank", "right_wrist; expected a regressor of right_shank"),
        ({}, "nose", "nose: no such place"),
        ({}, "left_wrist", "no left_shoulder, left_elbow, left_wrist"),
        ({"right_wrist": np.full((1500, 3), np.nan)}, "right_wrist", "0 frames have all joints"),
    ],
)
def test_what_cannot_be_written_is_one_line(
    poses: Poses, models: dict[str, Path], change: dict[str, np.ndarray], place: str, expected: str
) -> None:
    with pytest.raises(InputError, match=expected) as caught:
        write_signal(replace(poses, joints={**poses.joints, **change}), place, models["regressor"])
    assert "\n" not in str(caught.value)


def test_times_that_do_not_rise_are_one_line(poses: Poses, models: dict[str, Path]) -> None:
    with pytest.raises(InputError, match="time does not rise"):
        write_signal(replace(poses, time=poses.time[::-1]), "right_wrist", models["regressor"])
