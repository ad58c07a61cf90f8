"""The reader of MM-Fit's raw format, on files written exactly as the archive has them, one test per wart."""

import warnings
from pathlib import Path

import numpy as np
import pytest

from pose2imu.datasets import mm_fit
from pose2imu.datasets.recording import RawRecording
from pose2imu.errors import InputError
from pose2imu.preprocessing.arrays import HOLE
from pose2imu.preprocessing.resample import resample
from pose2imu.simulation import simulator
from pose2imu.simulation.exercises import draw_subject, perform

UNIX = 1_550_000_000_000


# Heart rate, phones and 2-D pose are never written here: the reader needs none of them.
def write(
    folder: Path, acceleration: np.ndarray, pose: np.ndarray, labels: str | None = None, name: str = "w00"
) -> Path:
    workout = folder / name
    workout.mkdir(parents=True)
    np.save(workout / f"{name}_sw_l_acc.npy", acceleration)
    np.save(workout / f"{name}_pose_3d.npy", pose)
    frame = acceleration[0, 0] if acceleration.size and np.isfinite(acceleration[0, 0]) else 0
    (workout / f"{name}_labels.csv").write_text(f"{frame:.0f},{frame:.0f},1,squats\n" if labels is None else labels)
    return folder


def watch(frames: list[float], milliseconds: list[float]) -> np.ndarray:
    """Rows of frame, time, x, y, z; x counts the rows."""
    rows = np.zeros((len(frames), 5))
    rows[:, 0], rows[:, 1], rows[:, 2] = frames, np.array(milliseconds) + UNIX, np.arange(len(frames))
    return rows


def poses(frames: list[int]) -> np.ndarray:
    """Column c of frame f stands at (c, f, 1000 c) mm."""
    pose = np.empty((3, len(frames), 18))
    column = np.arange(18)
    pose[0], pose[2] = column, 1000 * column
    pose[1] = np.array(frames)[:, None]
    pose[:, :, 0] = frames
    return pose


def read_one(folder: Path) -> RawRecording:
    (recording,) = mm_fit.read(folder)
    return recording


def test_joints_are_the_left_arm_neck_and_mid_hip_in_metres(tmp_path: Path) -> None:
    recording = read_one(write(tmp_path, watch([7, 8], [0, 33]), poses([7, 8])))
    assert recording.joints.shape == (2, 5, 3)
    np.testing.assert_allclose(recording.joints[1, :, 2], [15, 16, 17, 10, 1])
    np.testing.assert_allclose(recording.joints[1, :, 1], 0.008)
    assert (recording.name, recording.subject) == ("w00", "P2")


def test_frame_times_are_the_means_of_their_rows_and_interpolated_between() -> None:
    frames = np.array([100, 100, 100, 101, 104, 104])
    seconds = np.array([0.00, 0.01, 0.02, 0.04, 0.14, 0.16])
    # By hand: frame 100 at 0.01, 101 at 0.04, 104 at 0.15, so 102 at 0.04 + 0.11 / 3.
    wanted = np.array([99, 100, 101, 102, 104, 105])
    expected = [np.nan, 0.01, 0.04, 0.04 + 0.11 / 3, 0.15, np.nan]
    np.testing.assert_allclose(mm_fit.frame_times(frames, seconds, wanted), expected, atol=1e-12)


def test_frame_numbers_do_not_start_at_zero_and_time_is_not_frame_over_30(tmp_path: Path) -> None:
    recording = read_one(write(tmp_path, watch([4067, 4068, 4069], [0, 50, 100]), poses([4067, 4068, 4069])))
    np.testing.assert_allclose(recording.joints_time, [0, 0.05, 0.1])
    np.testing.assert_allclose(recording.acceleration_time, [0, 0.05, 0.1])


def test_dropped_frames_leave_a_hole(tmp_path: Path) -> None:
    recording = read_one(write(tmp_path, watch([1, 2, 3, 4, 5], [0, 30, 60, 90, 120]), poses([1, 2, 5])))
    np.testing.assert_allclose(recording.joints_time, [0, 0.03, 0.12])


def test_duplicate_timestamps_are_passed_on(tmp_path: Path) -> None:
    recording = read_one(write(tmp_path, watch([1, 2, 3], [0, 30, 30]), poses([1, 2, 3])))
    np.testing.assert_allclose(recording.acceleration_time, [0, 0.03, 0.03])
    np.testing.assert_allclose(recording.joints_time, [0, 0.03, 0.03])


def test_unequal_streams_lose_the_frames_the_watch_has_no_time_for(tmp_path: Path) -> None:
    recording = read_one(write(tmp_path, watch([3, 4], [0, 30]), poses([1, 2, 3, 4, 5])))
    np.testing.assert_allclose(recording.joints[:, 0, 1], [0.003, 0.004])
    assert len(recording.joints_time) == 2
    assert len(recording.acceleration) == 2


def test_nan_passes_through_but_a_row_without_a_clock_does_not(tmp_path: Path) -> None:
    rows, pose = watch([1, 2, np.nan, 3], [0, 30, 45, 60]), poses([1, 2, 3])
    rows[1, 3], pose[1, 2, 17] = np.nan, np.nan
    recording = read_one(write(tmp_path, rows, pose))
    assert recording.acceleration[:, 0].tolist() == [0, 1, 3]
    assert np.isnan(recording.acceleration[1, 1])
    assert np.isnan(recording.joints[2, 2, 1])
    np.testing.assert_allclose(recording.joints_time, [0, 0.03, 0.06])


def test_labels_are_inclusive_and_gaps_are_non_activity(tmp_path: Path) -> None:
    labels = "12,13,10,squats\n15,15,9,jumping_jacks\n"
    frames = list(range(10, 17))
    recording = read_one(write(tmp_path, watch(frames, [30 * f for f in frames]), poses(frames), labels))
    named = [mm_fit.CLASSES[label] for label in recording.label]
    rest = "non_activity"
    assert named == [rest, rest, "squats", "squats", rest, "jumping_jacks", rest]


def test_workouts_come_sorted_also_from_a_nested_folder(tmp_path: Path) -> None:
    for name in ("w20", "w03"):
        write(tmp_path / "mm-fit", watch([1, 2], [0, 30]), poses([1, 2]), name=name)
    (tmp_path / "mm-fit" / "readme").mkdir()
    found = [(recording.name, recording.subject) for recording in mm_fit.read(tmp_path)]
    assert found == [("w03", "P0"), ("w20", "P9")]
    assert [recording.subject for recording in mm_fit.read(tmp_path, participants={})] == ["w03", "w20"]


@pytest.mark.parametrize("missing", ["sw_l_acc.npy", "pose_3d.npy", "labels.csv"])
def test_a_missing_file_is_one_line_that_names_it(tmp_path: Path, missing: str) -> None:
    folder = write(tmp_path, watch([1, 2], [0, 30]), poses([1, 2]))
    (folder / f"w00/w00_{missing}").unlink()
    with pytest.raises(InputError, match=f"w00_{missing}: missing; expected") as caught:
        read_one(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("acceleration", "pose", "message"),
    [
        (np.zeros((5, 4)), poses([1]), r"acc.npy: expected numbers \(rows, 5\).*found float64 \(5, 4\)"),
        (np.zeros((0, 5)), poses([1]), r"acc.npy: expected numbers.*\(0, 5\)"),
        (watch([1, 2], [0, 30]), poses([1])[:, :, :17], r"pose_3d.npy: expected numbers \(3, frames, 18\)"),
        (watch([1, 2], [0, 30]), poses([8, 9]), r"pose_3d.npy: expected frames between 1 and 2"),
        (watch([np.nan], [0]), poses([8, 9]), r"acc.npy: expected rows with a frame and a time"),
    ],
)
def test_a_wrong_array_is_named(tmp_path: Path, acceleration: np.ndarray, pose: np.ndarray, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_one(write(tmp_path, acceleration, pose))


def test_a_broken_array_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path, watch([1, 2], [0, 30]), poses([1, 2]))
    (folder / "w00/w00_pose_3d.npy").write_bytes(b"not an array")
    with pytest.raises(InputError, match=r"w00_pose_3d.npy: cannot be read"):
        read_one(folder)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ("1,2,10,planks\n", "row 1: expected .*squats.*planks"),
        ("1,2,10\n", "row 1: expected"),
        ("1,2.5,10,squats\n", "row 1: expected"),
        ("1,2,10,squats\n9,5,10,lunges\n", "row 2: the last frame 5 is before the first, 9"),
        ("5,9,10,squats\n1,5,10,lunges\n", "overlap: frames 1-5 and 5-9"),
    ],
)
def test_wrong_labels_are_named(tmp_path: Path, labels: str, message: str) -> None:
    path = tmp_path / "w00_labels.csv"
    path.write_text(labels)
    with pytest.raises(InputError, match=f"w00_labels.csv.*{message}"):
        mm_fit.read_labels(path)


def test_no_workouts_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="found none"):
        next(mm_fit.read(tmp_path))


def test_a_byte_order_mark_and_empty_rows_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "w00_labels.csv"
    path.write_bytes(b"\xef\xbb\xbf1,2,10,squats\r\n\r\n5,9,10,lunges\r\n , ,,\n\n  ")
    assert [row[:2] for row in mm_fit.read_labels(path)] == [(1, 2), (5, 9)]
    path.write_bytes(b"\xef\xbb\xbf1,2,10,squats\n\n5,9,10,planks\n")
    with pytest.raises(InputError, match="row 3"):
        mm_fit.read_labels(path)


def test_times_that_float32_cannot_hold_are_named(tmp_path: Path) -> None:
    folder = write(tmp_path, watch([1, 2, 3], [0, 30, 60]).astype(np.float32), poses([1, 2, 3]).astype(np.float32))
    with pytest.raises(InputError, match=r"acc.npy: times in ms as float32 are 131072 ms apart; expected float64"):
        read_one(folder)


def test_float32_holds_times_that_begin_at_zero(tmp_path: Path) -> None:
    rows = watch([1, 2, 3], [0, 30, 60]) - [0, UNIX, 0, 0, 0]
    np.testing.assert_allclose(
        read_one(write(tmp_path, rows.astype(np.float32), poses([1, 2, 3]))).joints_time[1], 0.03
    )


def workout(seconds: float = 40.0) -> tuple[np.ndarray, np.ndarray]:
    """A watch of 103 Hz whose x is time, and a pose whose joints' y is: both of frames at 30 Hz."""
    time = np.arange(0, seconds, 1 / 103)
    rows = watch(np.floor(time * 30).tolist(), (time * 1000).tolist())
    rows[:, 2], rows[:, 4] = time, 9.81 + np.sin(time)
    rows[:, 3] = np.cos(time)
    return rows, poses(list(range(int(seconds * 30))))


def test_a_clock_that_lost_its_milliseconds_is_mended_for_both_streams(tmp_path: Path) -> None:
    rows, pose = workout()
    rows[:, 1] = np.floor(rows[:, 1] / 1000) * 1000
    with pytest.warns(UserWarning, match=r"w00_sw_l_acc.npy: times: 4120 rows share 4[01] times") as caught:
        recording = read_one(write(tmp_path, rows, pose))
    assert len(caught) == 1
    # UNIX is a whole second, so nothing is lost at the beginning.
    np.testing.assert_allclose(recording.acceleration_time, np.arange(4120) / 103, atol=0.02)
    np.testing.assert_allclose(recording.joints_time, (recording.joints[:, 0, 1] * 1000 + 0.5) / 30, atol=0.04)


def test_a_clock_that_is_set_back_leaves_a_hole_in_both_streams(tmp_path: Path) -> None:
    rows, pose = workout()
    rows[2060:, 1] -= 15_000
    recording = read_one(write(tmp_path, rows, pose))
    with pytest.warns(UserWarning, match=r"w00: acceleration: .* steps back by 15\.0 s at row 2060") as caught:
        out = resample([recording], rate=100, max_gap=1.0)
    assert len(caught) == 1
    # Both streams tell the time that was: x counts it in seconds, the joints' y in frames.
    whole = out.label != HOLE
    assert 90 < (~whole).sum() < 110
    assert out.acceleration[-1, 0] > 39
    np.testing.assert_allclose(out.acceleration[whole, 0], out.joints[whole, 0, 1] * 1000 / 30, atol=0.05)


@pytest.mark.parametrize(("factor", "rate"), [(1e6, "0.0001"), (1e3, "0.1"), (1e-3, r"1\.0.e\+05")])
def test_times_in_another_unit_are_refused_at_once(tmp_path: Path, factor: float, rate: str) -> None:
    rows, pose = workout()
    rows[:, 1] *= factor
    with pytest.raises(
        InputError, match=rf"w00_sw_l_acc.npy: times: {rate}.* rows a second by their times; expected 1"
    ):
        read_one(write(tmp_path, rows, pose))


def test_a_stamp_far_away_does_not_fill_the_memory(tmp_path: Path) -> None:
    rows, pose = workout()
    rows[-1, 1] *= 1000
    with pytest.raises(InputError, match=r"w00: .* expected at most 5000000"):
        resample(mm_fit.read(write(tmp_path, rows, pose)), rate=100, max_gap=1.0)


@pytest.mark.parametrize("seed", range(3))
def test_the_arm_check_warns_only_if_the_arms_are_swapped(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    subject, timeline = draw_subject(rng), simulator.draw_timeline(rng, 6.0)
    truth = perform(timeline, timeline[-1][1] + 3, subject, rng, rate=100)
    (tmp_path / "w00").mkdir()
    camera = simulator.draw_camera(rng, truth.time[-1])
    simulator.write_workout(tmp_path / "w00", "w00", truth, camera, timeline, subject, rng)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_one(tmp_path)

    path = tmp_path / "w00/w00_pose_3d.npy"
    pose = np.load(path)
    pose[:, :, [12, 13, 14, 15, 16, 17]] = pose[:, :, [15, 16, 17, 12, 13, 14]]
    np.save(path, pose)
    with pytest.warns(UserWarning, match="w00: the watch moves with the right wrist"):
        read_one(tmp_path)
