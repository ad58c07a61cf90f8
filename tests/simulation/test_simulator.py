"""The simulator: its physics against its own ground truth, and its archive against MM-Fit's warts."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from pose2imu.datasets import mm_fit
from pose2imu.simulation.arm import FOREARM, Posture, Truth, skeleton
from pose2imu.simulation.exercises import EXERCISES, draw_subject, perform
from pose2imu.simulation.sensor import GRAVITY
from pose2imu.simulation.sensor import reading as sensor_reading
from pose2imu.simulation.simulator import simulate

TIMELINE = [(3.0 + 10 * i, 9.0 + 10 * i, name) for i, name in enumerate(mm_fit.CLASSES[:-1])]


@pytest.fixture(scope="module")
def truth() -> Truth:
    rng = np.random.default_rng(7)
    return perform(TIMELINE, 103.0, draw_subject(rng), rng)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    simulate(folder, seed=0, workouts=2, seconds_per_set=5.0)
    return folder


def digest(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_watch_at_rest_reads_gravity_upwards() -> None:
    tilted = Rotation.from_euler("xyz", [[0, 0, 0], [90, 0, 0], [30, 40, 50]], degrees=True)
    reading = sensor_reading(np.zeros((3, 3)), tilted)
    np.testing.assert_allclose(np.linalg.norm(reading, axis=1), 9.80665)
    np.testing.assert_allclose(tilted.apply(reading), np.tile([0, 0, 9.80665], (3, 1)), atol=1e-12)


def test_a_falling_watch_reads_nothing() -> None:
    np.testing.assert_allclose(sensor_reading(GRAVITY[None], Rotation.random(1, rng=0)), 0, atol=1e-12)


def test_the_watch_reads_the_second_difference_of_the_wrist_less_gravity(truth: Truth) -> None:
    step = truth.time[1] - truth.time[0]
    difference = np.diff(truth.wrist, n=2, axis=0) / step**2
    expected = (truth.forearm * truth.mount)[1:-1].inv().apply(difference - GRAVITY)
    # The difference's own error, step² / 12 of the fourth derivative, is below 0.05 m/s² at 200 Hz.
    inside = slice(5, -5)
    np.testing.assert_allclose(truth.watch[1:-1][inside], expected[inside], atol=0.05)


def test_motion_stays_humanly_possible(truth: Truth) -> None:
    assert np.linalg.norm(truth.acceleration, axis=1).max() < 80
    assert truth.joints[..., 2].min() > -0.5
    assert truth.joints[..., 2].max() < 2.6


def test_links_are_rigid_and_the_forearm_points_from_elbow_to_wrist(truth: Truth) -> None:
    for first, last in [(14, 15), (15, 16), (11, 12), (12, 13), (1, 2), (2, 3), (4, 5), (5, 6), (0, 9), (8, 14)]:
        assert np.linalg.norm(truth.joints[:, first] - truth.joints[:, last], axis=1).std() < 1e-9
    forearm = truth.joints[:, 15] - truth.joints[:, 16]
    along = truth.forearm.apply([0, 0, 1]) * np.linalg.norm(forearm, axis=1)[:, None]
    np.testing.assert_allclose(forearm, along, atol=1e-9)


def test_an_arm_that_hangs_is_below_its_shoulder_and_left_is_left() -> None:
    hanging = Posture(*np.zeros((len(Posture._fields), 1)))
    joints, _ = skeleton(hanging, hanging, size=1.0)
    shoulder, elbow, wrist = joints[0, 14:17]
    np.testing.assert_allclose(shoulder[:2], wrist[:2], atol=1e-12)
    assert elbow[2] - wrist[2] == pytest.approx(FOREARM)
    np.testing.assert_allclose(joints[0, 11:14] * [1, -1, 1], joints[0, 14:17], atol=1e-12)
    assert shoulder[1] > 0


def test_the_timeline_is_performed(truth: Truth) -> None:
    for start, end, name in TIMELINE:
        during = (truth.time >= start) & (truth.time <= end)
        assert (truth.label[during] == mm_fit.CLASSES.index(name)).all()
    assert (truth.label[truth.time < 3] == mm_fit.CLASSES.index("non_activity")).all()
    during = {name: (truth.time > start + 1) & (truth.time < end - 1) for start, end, name in TIMELINE}
    height = {name: truth.wrist[moments, 2] for name, moments in during.items()}
    assert np.ptp(height["pushups"]) < 0.02  # the hand is on the floor
    assert height["tricep_extensions"].min() > height["lunges"].max()
    assert np.ptp(height["jumping_jacks"]) > 0.6
    assert np.ptp(truth.joints[during["squats"], 0, 2]) > 0.2  # the hip


def test_every_class_has_a_motion() -> None:
    assert set(EXERCISES) == set(mm_fit.CLASSES)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(archive: Path, tmp_path: Path) -> None:
    simulate(tmp_path / "same", seed=0, workouts=2, seconds_per_set=5.0)
    simulate(tmp_path / "other", seed=1, workouts=2, seconds_per_set=5.0)
    assert digest(tmp_path / "same") == digest(archive)
    other = digest(tmp_path / "other")
    assert all(other[name] != value for name, value in digest(archive).items())


def test_subjects_differ(archive: Path) -> None:
    first, second = (np.load(archive / f"w0{i}/w0{i}_sw_l_acc.npy")[:500, 2:].mean(0) for i in (0, 1))
    assert np.abs(first - second).max() > 0.1


def test_the_archive_has_mm_fits_files_and_warts(archive: Path) -> None:
    assert sorted(path.name for path in (archive / "w01").iterdir()) == [
        "w01_labels.csv",
        "w01_pose_3d.npy",
        "w01_sw_l_acc.npy",
    ]
    pose, watch = np.load(archive / "w01/w01_pose_3d.npy"), np.load(archive / "w01/w01_sw_l_acc.npy")
    assert pose.shape[::2] == (3, 18)
    assert pose.dtype == watch.dtype == np.float64
    frame = pose[0, :, 0]
    assert frame[0] >= 1000
    assert np.diff(frame).max() > 1  # poses are missing
    step = np.diff(watch[:, 1])
    assert (watch[:, 1] % 1 == 0).all()
    assert step.min() == 0
    assert step.max() > 100
    assert 1000 / step.mean() == pytest.approx(103, abs=1)
    assert frame[0] != watch[0, 0]
    assert frame[-1] != watch[-1, 0]
    rate = (watch[-1, 0] - watch[0, 0]) / (watch[-1, 1] - watch[0, 1]) * 1000
    assert 29 < rate < 30  # frames that the camera lost are not counted


def test_the_reader_gives_back_the_truth(archive: Path) -> None:
    for recording in mm_fit.read(archive):
        assert set(recording.label) == set(range(11))
        assert np.isfinite(recording.joints).all()
        at_rest = recording.label == mm_fit.CLASSES.index("non_activity")
        strength = np.linalg.norm(recording.acceleration[at_rest], axis=1)
        assert np.median(strength) == pytest.approx(9.80665, abs=1)
        assert np.linalg.norm(recording.joints[:, 3] - recording.joints[:, 4], axis=1).mean() == pytest.approx(
            0.58, abs=0.12
        )
