"""`pose2imu train`: what it learns from, and what it does not look at."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pose2imu.errors import InputError
from pose2imu.own.comparing import folds, leave_one_out, told
from pose2imu.own.folder import read_clips
from pose2imu.own.method import ROWS, options_of
from pose2imu.own.model import ClassifierHeader, load_model
from pose2imu.own.training import train
from tests.own.conftest import SMALL
from tests.own.folders import arm, write_sensor

TINY = {**SMALL, "least_steps": 10, "regressor_steps": 10}


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    """The folder, to be changed."""
    return Path(shutil.copytree(folder, tmp_path / "gym"))


def test_a_withheld_persons_files_change_nothing_to_the_byte(copy: Path, tmp_path: Path) -> None:
    train(copy, tmp_path / "before.safetensors", without=["cleo"], compare=False, **TINY)
    for path in [*copy.glob("*/cleo_*")]:
        path.write_text("not what it was\n")
    (copy / "acc" / "stranger.csv").write_text("of no line of recordings.csv\n")
    train(copy, tmp_path / "after.safetensors", without=["cleo"], compare=False, **TINY)
    before, after = (tmp_path / f"{when}.safetensors" for when in ("before", "after"))
    assert before.read_bytes() == after.read_bytes()
    assert load_model(after, ClassifierHeader).header.trained_on.people == ["anna", "ben"]


def test_a_person_who_takes_part_does_change_them(copy: Path, models: dict[str, Path], tmp_path: Path) -> None:
    train(copy, tmp_path / "again.safetensors", compare=False, **SMALL)
    assert (tmp_path / "again.safetensors").read_bytes() == models["classifier"].read_bytes()
    path = copy / "acc" / "cleo_slow_0.csv"
    write_sensor(path, arm("slow", np.random.default_rng(9))[1])
    train(copy, tmp_path / "again.safetensors", compare=False, **SMALL)
    assert (tmp_path / "again.safetensors").read_bytes() != models["classifier"].read_bytes()


def test_of_who_is_classified_nothing_is_learned_from(folder: Path) -> None:
    clips = read_clips(folder).clips
    for subject, others, of_person in folds(clips):
        assert subject not in set(others.index.subject)
        assert set(of_person.index.subject) == {subject}
        assert of_person.has_sensor.all()
        assert len(others) == 12  # poses alone too, of both others


def test_what_poses_add_is_told_person_by_person(folder: Path) -> None:
    scores = leave_one_out(read_clips(folder), {row: options_of(row, **TINY) for row in ROWS}, 0)
    assert list(scores.subject) == ["anna", "ben", "cleo"]
    assert list(scores.clips) == [4, 4, 4]
    assert scores[list(ROWS)].apply(lambda column: column.between(0, 1)).all(axis=None)
    table = pd.DataFrame({"subject": ["a", "b"], "clips": 4, "synthetic_clips": [1.0, 0.75], "strong_cnn": [0.5, 0.75]})
    assert "poses changed accuracy by +0.250 (mean of 2 people, better for 1): 0.625 without, 0.875 with" in told(table)
    assert "two people" in told(table.iloc[:0])


def test_long_recordings_become_pieces_and_time_between_intervals_is_rest(copy: Path) -> None:
    write_sensor(copy / "acc" / "long.csv", arm("slow", np.random.default_rng(3), seconds=20.0)[1])
    (copy / "long_labels.csv").write_text("start,stop,activity\n2,6,slow\n10,20,fast\n")
    lines = pd.DataFrame([["long", "dora", "long_labels.csv", "acc/long.csv"]])
    lines.columns = ["recording", "subject", "intervals", "acceleration"]
    lines.to_csv(copy / "recordings.csv", index=False)
    own = read_clips(copy)
    assert own.activities == ["fast", "non_activity", "slow"]
    seconds = pd.Series([signal.shape[1] / 50 for signal in own.clips.signals()])
    found = seconds.groupby([own.activities[label] for label in own.clips.label]).apply(list).to_dict()
    assert found["slow"] == [4.0]
    assert found["fast"] == [4.0] * 4  # from 10, 12, 14 and 16 s
    assert found["non_activity"] == [2.0, 4.0]  # as many as there are, no more than of the most frequent


def test_intervals_on_another_clock_are_one_line(copy: Path) -> None:
    (copy / "labels.csv").write_text("start,stop,activity\n1000,1006,slow\n")
    line = "recording,subject,intervals,acceleration\nlong,dora,labels.csv,acc/anna_slow_0.csv\n"
    (copy / "recordings.csv").write_text(line)
    with pytest.raises(InputError, match=r"labels.csv: no activity of 0.5 s or longer lies within long"):
        read_clips(copy)


def test_a_left_limb_is_mirrored(copy: Path) -> None:
    right = read_clips(copy).clips
    for path in (copy / "poses").glob("*.csv"):
        table = pd.read_csv(path)
        table = table.rename(columns=lambda name: name.replace("right_", "left_"))
        table[[name for name in table if name.endswith("_x")]] *= -1
        table.to_csv(path, index=False)
    text = (copy / "dataset.yaml").read_text()
    (copy / "dataset.yaml").write_text(text.replace("right_wrist", "left_wrist"))
    left = read_clips(copy)
    assert left.place == "left_wrist"
    for one, other in zip(left.clips.poses(), right.poses(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


def only(folder: Path, **kept: list[str]) -> None:
    """Keep of recordings.csv what has one of these values, column by column."""
    table = pd.read_csv(folder / "recordings.csv")
    for column, values in kept.items():
        table = table[table[column].isin(values)] if values else table.assign(**{column: None})
    table.to_csv(folder / "recordings.csv", index=False)


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ({"activity": ["slow"]}, r"recordings.csv: activities: slow; expected two or more"),
        ({"poses": []}, "both poses and sensor data; expected one at least"),
        ({"acceleration": []}, "no labelled recording has sensor data"),
    ],
)
def test_a_folder_that_cannot_be_learned_from_is_one_line(
    copy: Path, tmp_path: Path, kept: dict[str, list[str]], expected: str
) -> None:
    table = pd.read_csv(copy / "recordings.csv").dropna()
    table.to_csv(copy / "recordings.csv", index=False)
    only(copy, **kept)
    output = tmp_path / "out" / "model.safetensors"
    with pytest.raises(InputError, match=expected) as caught:
        train(copy, output, compare=False, **TINY)
    assert "\n" not in str(caught.value)
    assert not output.parent.exists()


def test_sensor_data_alone_are_enough_for_strong_cnn(copy: Path, tmp_path: Path) -> None:
    table = pd.read_csv(copy / "recordings.csv").drop(columns="poses").dropna()
    table.to_csv(copy / "recordings.csv", index=False)
    train(copy, tmp_path / "m.safetensors", row="strong_cnn", compare=False, **TINY)
    assert load_model(tmp_path / "m.safetensors", ClassifierHeader).header.trained_on.with_pose == 0
    scores = leave_one_out(read_clips(copy), {row: options_of(row, **TINY) for row in ROWS}, 0)
    assert scores.synthetic_clips.isna().all()
    with pytest.raises(InputError, match=r"r.safetensors: strong_cnn learns no regressor"):
        train(copy, tmp_path / "m.safetensors", row="strong_cnn", regressor=tmp_path / "r.safetensors", **TINY)
    assert "-" in told(scores)


def test_who_is_not_there_cannot_be_left_out(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no dora to leave out; it has anna, ben, cleo"):
        train(folder, tmp_path / "m.safetensors", without=["dora"], **TINY)
