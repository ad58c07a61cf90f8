"""Own recordings: what recordings.csv and dataset.yaml say is what is read, and each mistake is one line."""

import runpy
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pose2imu.datasets.own import OwnRecording, labels_at, on_clock_of, read_own
from pose2imu.datasets.own_benchmark import classes_of, entry_of, read, require_activities
from pose2imu.datasets.own_files import Interval, Line, read_description, read_intervals, read_lines
from pose2imu.errors import InputError
from pose2imu.formats.streams import Inertial, Poses
from pose2imu.preprocessing.arrays import Recordings
from pose2imu.preprocessing.resample import resample
from tests.own_data import TABLE, write_folder
from tests.toy import PROJECT

EXAMPLE = PROJECT / "examples/own_data"


def test_the_example_is_read_as_it_was_made() -> None:
    recordings = read_own(EXAMPLE)
    assert len(recordings) == 30
    alone = [recording for recording in recordings if recording.inertial is None]
    assert {recording.subject for recording in alone} == {"dora"}
    one = recordings[0]
    assert (one.name, one.subject, one.activity) == ("anna_bicep_curls_1", "anna", "bicep_curls")
    assert one.inertial is not None
    assert one.inertial.angular_velocity is not None
    assert one.poses is not None
    assert one.poses.time[0] == pytest.approx(one.inertial.time.min())
    # Units of g and millimetres are m/s² and metres, y up is z up.
    assert np.median(np.linalg.norm(one.inertial.acceleration, axis=1)) == pytest.approx(9.8, abs=1.0)
    torso = one.poses.joints["neck"] - one.poses.joints["mid_hip"]
    assert np.median(torso[:, 2]) == pytest.approx(0.48, abs=0.1)
    assert np.abs(one.inertial.angular_velocity).max() < 20  # rad/s: degrees a second would be hundreds


def test_the_example_is_what_its_script_makes(tmp_path: Path) -> None:
    made = runpy.run_path(str(EXAMPLE / "make.py"))
    made["main"].__globals__["HERE"] = tmp_path
    made["main"]()
    assert (tmp_path / "recordings.csv").read_bytes() == (EXAMPLE / "recordings.csv").read_bytes()
    files = sorted(path.relative_to(tmp_path) for path in tmp_path.glob("*/*"))
    assert files == sorted(path.relative_to(EXAMPLE) for path in EXAMPLE.glob("*/*") if path.suffix != ".pyc")
    for path in files[::9]:  # another processor may round another way
        if path.suffix == ".npy":
            np.testing.assert_allclose(np.load(tmp_path / path), np.load(EXAMPLE / path), atol=1)
        else:
            pd.testing.assert_frame_equal(pd.read_csv(tmp_path / path), pd.read_csv(EXAMPLE / path), atol=1)
    assert sum(path.stat().st_size for path in EXAMPLE.rglob("*.*")) < 1_500_000


def test_the_pipeline_takes_recordings_with_both_streams_and_says_what_it_leaves() -> None:
    with pytest.warns(UserWarning, match=r"3 recordings have poses alone: there .* \(dora_bicep_curls_1"):
        raw = list(read(EXAMPLE))
    assert len(raw) == 27
    assert raw[0].joints.shape[1:] == (5, 3)
    entry = entry_of(EXAMPLE)
    assert entry.classes == ("bicep_curls", "lateral_shoulder_raises", "squats")
    assert (entry.synthetic, entry.near_bone("anna_squats_1", "sensor"), entry.vertical) == (True, False, 2)
    assert set(raw[-1].label) == {2}
    resampled = resample(raw, 50, 1.0, len(entry.classes))
    assert entry_of(EXAMPLE, resampled, 50).clips
    assert not entry_of(EXAMPLE, resampled, 5).clips  # they would last for over a minute


def test_without_any_poses_somebody_stands_still(tmp_path: Path) -> None:
    write_folder(tmp_path, TABLE + "a,x,walk,,s.csv,\nb,y,sit,,t.csv,\n")
    with warnings.catch_warnings(action="error"):
        raw = list(read(tmp_path))
    assert [recording.name for recording in raw] == ["a", "b"]
    assert (raw[0].joints == raw[0].joints[0]).all()
    assert len(resample(raw, 50, 1.0, 2).table) == 2


def test_recordings_without_poses_beside_others_are_left_out_or_the_poses_are(tmp_path: Path) -> None:
    write_folder(tmp_path, TABLE + "a,x,walk,,s.csv,p.csv\nb,y,sit,,t.csv,\n")
    with pytest.warns(UserWarning, match=r"1 recordings have no poses: they are left out \(b\)"):
        assert [recording.name for recording in read(tmp_path)] == ["a"]
    assert classes_of(tmp_path) == ["walk"]
    (tmp_path / "dataset.yaml").write_text("place: left_wrist\nwithout_poses: real_rows\n")
    raw = list(read(tmp_path))
    assert [recording.name for recording in raw] == ["a", "b"]
    assert (raw[0].joints == raw[0].joints[0]).all()


def test_intervals_label_samples_and_the_rest_has_a_class_of_its_own(tmp_path: Path) -> None:
    write_folder(tmp_path, TABLE + "a,x,,i.csv,s.csv,p.csv\n")
    (tmp_path / "i.csv").write_text("start,stop,activity\n2.0,3.0,walk\n1,2,sit\n")
    (raw,) = read(tmp_path)
    entry = entry_of(tmp_path)
    assert (entry.classes, entry.clips) == (("sit", "walk", "non_activity"), False)
    expected = np.select([raw.acceleration_time < t for t in (1, 2, 3)], [2, 0, 1], 2)
    assert (raw.label == expected).all()
    (tmp_path / "i.csv").write_text("start,stop,activity\n-1,2,sit\n2,99,walk\n")
    resampled = resample(read(tmp_path), 50, 1.0, 3)
    assert entry_of(tmp_path, resampled, 50).classes == ("sit", "walk")  # nothing is left between


@given(st.lists(st.floats(0.01, 5.0), min_size=1, max_size=6), st.data())
def test_each_moment_has_the_label_of_the_interval_that_holds_it(lengths: list[float], data: st.DataObject) -> None:
    ends = np.cumsum(np.array([*lengths, *lengths])).reshape(-1, 2)
    names = data.draw(st.lists(st.sampled_from("ab"), min_size=len(ends), max_size=len(ends)))
    intervals = tuple(
        Interval(start=start, stop=stop, activity=name) for (start, stop), name in zip(ends, names, strict=True)
    )
    line = Line(recording="r", subject="s", intervals="i.csv", acceleration="a.csv")
    recording = OwnRecording(line, None, intervals, None, None)
    time = np.linspace(0, ends[-1, 1] + 1, 200)
    if not any(((time >= start) & (time < stop)).any() for start, stop in ends):
        return
    for moment, label in zip(time, labels_at(recording, time, ["a", "b", "rest"], "rest"), strict=True):
        holding = [one.activity for one in intervals if one.start <= moment < one.stop]
        assert ["a", "b", "rest"][label] == (holding or ["rest"])[0]


@pytest.mark.parametrize(("clock", "first", "last"), [("shared", 100, 103), ("start", 7, 10), ("span", 7, 12)])
def test_clocks(clock: str, first: float, last: float) -> None:
    sensor = Inertial("s", np.linspace(7, 12, 50), np.zeros((50, 3)))
    poses = Poses("p", np.linspace(100, 103, 40), {})
    time = on_clock_of(sensor, poses, clock).time  # type: ignore[arg-type]
    assert (time[0], time[-1]) == pytest.approx((first, last))


def say(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text = (folder / path).read_text()
        assert old in text
        (folder / path).write_text(text.replace(old, new))

    return change


def put(path: str, content: str) -> Callable[[Path], None]:
    return lambda folder: (folder / path).write_text(content) and None


LINE = "a,x,walk,,s.csv,p.csv"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: (f / "recordings.csv").unlink(), "recordings.csv: missing; expected"),
        (lambda f: (f / "dataset.yaml").unlink(), "dataset.yaml: missing; expected"),
        (lambda f: (f / "s.csv").unlink(), "s.csv: missing; "),
        (lambda f: (f / "p.csv").unlink(), "p.csv: missing; "),
        (lambda f: (f / "recordings.csv").write_bytes(b"\xff\xfea"), "recordings.csv: is not UTF-8"),
        (put("recordings.csv", ""), "recordings.csv: no column recording; expected recording,subject"),
        (put("recordings.csv", TABLE), "recordings.csv: has no recordings"),
        (say("recordings.csv", "activity,", "action,"), "recordings.csv: unknown column 'action'; expected recording"),
        (say("recordings.csv", LINE, f"{LINE},7"), "recordings.csv, line 2: not 6 cells"),
        (say("recordings.csv", LINE, ",x,walk,,s.csv,p.csv"), "line 2: recording: Field required"),
        (say("recordings.csv", LINE, "a,,walk,,s.csv,p.csv"), "line 2: subject: Field required"),
        (say("recordings.csv", LINE, f"{LINE}\n{LINE}"), "recordings.csv: a stands in it more than once"),
        (say("recordings.csv", LINE, "a,x,,,s.csv,p.csv"), "line 2: expected an activity, or a file of intervals"),
        (say("recordings.csv", LINE, "a,x,walk,i.csv,s.csv,p.csv"), "line 2: expected an activity, or a file of"),
        (say("recordings.csv", LINE, "a,x,walk,,,"), "line 2: expected an acceleration file, a pose file or both"),
        (say("recordings.csv", "s.csv", "../s.csv"), "line 2: ../s.csv lies outside; expected files in the folder"),
        (say("recordings.csv", "s.csv", "/s.csv"), "line 2: /s.csv lies outside; expected files in the folder"),
        (put("dataset.yaml", "place: [1"), "dataset.yaml: cannot be read as YAML"),
        (put("dataset.yaml", ""), "dataset.yaml: place: Field required"),
        (put("dataset.yaml", "- 1\n"), "dataset.yaml: Input should be a valid dictionary"),
        (put("dataset.yaml", "place: nose\n"), "dataset.yaml: place: expected one of right_wrist, "),
        (say("dataset.yaml", "place", "plaec: 1\nplace"), "dataset.yaml: plaec: Extra inputs are not permitted"),
        (say("dataset.yaml", "\n", "\nclock: mine\n"), "dataset.yaml: clock: Input should be 'shared', 'start' or"),
        (say("dataset.yaml", "\n", "\nsensor: {rate: -1}\n"), "dataset.yaml: sensor.rate: Input should be greater"),
        (say("dataset.yaml", "\n", "\nsensor: {unit: stones}\n"), "stones"),
        (say("dataset.yaml", "\n", "\nposes: {format: stick}\n"), "p.csv: format stick; expected one of"),
        (say("dataset.yaml", "\n", "\nsensor: {columns: {ax: no}}\n"), "s.csv"),
        (say("dataset.yaml", "left", "right"), "no right_elbow, right_wrist; a sensor at right_wrist needs"),
    ],
)
def test_a_mistake_is_one_line(change: Callable[[Path], object], message: str, tmp_path: Path) -> None:
    write_folder(tmp_path, TABLE + LINE + "\n")
    change(tmp_path)
    with pytest.raises(InputError) as caught:
        list(read(tmp_path))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("start,stop\n1,2\n", "i.csv: no column activity; expected start,stop,activity"),
        ("start,stop,activity\n", "i.csv: has no intervals"),
        ("start,stop,activity\n1,2,a\n1.5,3,b\n", r"i.csv: a (1-2 s) and b (1.5-3 s) overlap"),
        ("start,stop,activity\n2,1,a\n", "i.csv, line 2: stops at 1.0; expected a time after its start, 2.0"),
        ("start,stop,activity\nx,1,a\n", "i.csv, line 2: start: Input should be a valid number"),
        ("start,stop,activity\n1,nan,a\n", "i.csv, line 2: stop: Input should be a finite number"),
        ("start,stop,activity\n100,101,a\n", "i.csv: from 100 to 101 s; expected times of s.csv, 0 to 3.98 s"),
    ],
)
def test_a_mistake_in_intervals_is_one_line(content: str, message: str, tmp_path: Path) -> None:
    write_folder(tmp_path, TABLE + "a,x,,i.csv,s.csv,p.csv\n")
    (tmp_path / "i.csv").write_text(content)
    with pytest.raises(InputError) as caught:
        list(read(tmp_path))
    assert message in str(caught.value)


def test_streams_without_a_common_span(tmp_path: Path) -> None:
    write_folder(tmp_path, TABLE + LINE + "\n", begin=60.0)
    with pytest.raises(InputError, match=r"recordings\.csv: a: s\.csv from 0 to 3\.98 s, p\.csv from 60 to 63\.9"):
        read_own(tmp_path)
    (tmp_path / "dataset.yaml").write_text("place: left_wrist\nclock: start\n")
    assert len(read_own(tmp_path)) == 1


def test_a_table_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    """Semicolons, a byte order mark, CRLF, columns that are missing, spaces, an empty line at the end."""
    write_folder(tmp_path, "")
    text = "recording;subject;activity;acceleration\r\nLäufer 1; Ännchen;gehen ;s.csv\r\n;;;\r\n"
    (tmp_path / "recordings.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    (line,) = read_lines(tmp_path)
    assert (line.recording, line.subject, line.activity, line.poses) == ("Läufer 1", "Ännchen", "gehen", None)
    assert read_description(tmp_path).clock == "shared"
    (tmp_path / "i.csv").write_text("start,stop,activity\n3,4,b\n1,2,a\n")
    assert [one.activity for one in read_intervals(tmp_path / "i.csv")] == ["a", "b"]


@pytest.mark.parametrize(
    ("splits", "message"),
    [
        (["train", "train", "test"], "activity a is in train only"),
        (["test", "validation", "train"], "activity a is in validation and test only"),
        (["train", "validation", "test"], None),
    ],
)
def test_an_activity_must_be_learned_and_tested(splits: list[str], message: str | None) -> None:
    table = pd.DataFrame({"recording": list("uvw"), "subject": list("uvw"), "start": [0, 4, 8], "stop": [4, 8, 12]})
    label = np.array([0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1], np.int8)
    recordings = Recordings(np.zeros((12, 3)), np.zeros((12, 5, 3)), label, table)
    if message is None:
        with pytest.warns(UserWarning, match="activity . is in no"):
            require_activities(recordings, pd.Series(splits), ("a", "b"), None)
        return
    with pytest.raises(InputError, match=message):
        require_activities(recordings, pd.Series(splits), ("a", "b"), None)
    require_activities(recordings, pd.Series(["train", "validation", "train"]), ("a", "b"), [])
