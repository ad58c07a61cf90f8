"""`pose2imu init`: both files of a folder of own recordings, which its reader reads; nothing is overwritten."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import typer
from ruamel.yaml import YAML
from typer.testing import CliRunner, Result

from pose2imu.cli.init import init
from pose2imu.datasets.own import read_own
from pose2imu.datasets.own_files import read_description, read_lines
from pose2imu.errors import InputError
from pose2imu.formats.streams import Poses
from tests.moving import performance

EXAMPLE = Path(__file__).parents[2] / "examples" / "own_data"
APP = typer.Typer()
APP.command("init")(init)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(APP, [str(argument) for argument in arguments])


def refused(*arguments: object) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, InputError), result.output
    assert "\n" not in str(result.exception)
    return str(result.exception)


def write_watch(path: Path, **performed: float) -> None:
    watch, _ = performance(**performed)
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pd.DataFrame(np.column_stack([watch.time, watch.acceleration]), columns=["time", "ax", "ay", "az"])
    table.to_csv(path, index=False, float_format="%.4f")


def write_poses(path: Path, poses: Poses, start: float = 0.0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    joints = {f"{name}_{axis}": at[:, i] for name, at in poses.joints.items() for i, axis in enumerate("xyz")}
    pd.DataFrame({"time": poses.time + start, **joints}).to_parquet(path)


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, described again."""
    folder = tmp_path_factory.mktemp("own") / "data"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("recordings.csv", "dataset.yaml", "make.py", "*.md"))
    result = run(folder)
    assert result.exit_code == 0, result.output
    assert (
        "30 recordings, 27 with poses and sensor, 3 with poses alone; 4 persons: anna, ben, cleo, dora" in result.output
    )
    return folder


def test_the_example_is_described_as_it_was(described: Path) -> None:
    assert read_lines(described) == read_lines(EXAMPLE)
    found, known = read_description(described), read_description(EXAMPLE)
    assert (found.place, found.clock) == (known.place, known.clock)
    assert found.poses == known.poses
    assert (found.sensor.unit, found.sensor.turn_unit) == (known.sensor.unit, known.sensor.turn_unit)


def test_what_was_guessed_stands_beside_it(described: Path) -> None:
    text = (described / "dataset.yaml").read_text()
    assert 'unit: "g"  # 27 of 27 files; acceleration is in g: its median magnitude is' in text
    assert (
        "place: left_wrist  # poses fit the sensor best there, by correlation in 12 recordings: left_wrist 0." in text
    )
    assert YAML(typ="safe").load(text)["poses"]["rate"] == 25
    assert not {path.name for path in described.iterdir()} - {"watch", "poses", "recordings.csv", "dataset.yaml"}


def test_its_reader_reads_it(described: Path) -> None:
    recordings = read_own(described)
    assert len(recordings) == 30
    assert {(one.subject, one.activity) for one in recordings} >= {("anna", "squats"), ("dora", "bicep_curls")}


def test_nothing_is_overwritten(described: Path) -> None:
    before = (described / "dataset.yaml").read_bytes()
    assert refused(described).startswith(f"{described / 'recordings.csv'}: is there already")
    assert (described / "dataset.yaml").read_bytes() == before


def test_intervals_other_files_and_one_clock(tmp_path: Path) -> None:
    write_watch(tmp_path / "imu" / "s1_day1.csv", lag=0.1)
    write_poses(tmp_path / "mocap" / "s1_day1.parquet", performance()[1])
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "s1_day1.csv").write_text("start,stop,activity\n1,9,curls\n11,19,jumping\n")
    (tmp_path / "notes.txt").write_text("nothing\n")
    result = run(tmp_path)
    assert result.exit_code == 0, result.output
    assert "notes.txt is left out: no row has 3 numbers" in result.output
    assert (tmp_path / "recordings.csv").read_text().splitlines() == [
        "recording,subject,intervals,acceleration,poses",
        "s1_day1,s1,labels/s1_day1.csv,imu/s1_day1.csv,mocap/s1_day1.parquet",
    ]
    assert read_description(tmp_path).clock == "shared"
    assert read_description(tmp_path).place == "left_wrist"
    assert len(read_own(tmp_path)[0].intervals) == 2


def test_places_in_names(tmp_path: Path) -> None:
    for name in ("anna_walk_right_thigh", "ben_walk_right_thigh", "ben_run_right_thigh", "anna_walk_left_wrist"):
        write_watch(tmp_path / f"{name}.csv")
    result = run(tmp_path)
    assert "anna_walk_left_wrist.csv is left out: it is of another place than right_thigh" in result.output
    assert [line.recording for line in read_lines(tmp_path)] == ["anna_walk", "ben_run", "ben_walk"]
    (tmp_path / "recordings.csv").unlink()
    (tmp_path / "dataset.yaml").unlink()
    assert run(tmp_path, "--place", "left_wrist").exit_code == 0
    assert [line.recording for line in read_lines(tmp_path)] == ["anna_walk"]


def test_what_cannot_be_told_is_asked_for(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert refused(tmp_path / "none") == f"{tmp_path / 'none'}: no such folder; expected one with recordings"
    assert refused(empty) == f"{empty}: no file of a sensor or of poses; expected one at least"
    folder = tmp_path / "Größe 2"
    folder.mkdir()
    np.save(folder / "s1_1.npy", performance()[0].acceleration)
    assert refused(folder) == f"{folder / 's1_1.npy'}: has no times, and nothing tells its rate; expected --rate"
    assert "no activity can be told from names such as s1_1.npy; expected such as" in refused(folder, "--rate", 100)
    assert "a place 'nose'; expected one of right_wrist" in refused(folder, "--place", "nose")
    assert list(folder.iterdir()) == [folder / "s1_1.npy"]
    assert run(folder, "--rate", 100, "--activity", "walk").exit_code == 0
    (line,) = read_lines(folder)
    assert (line.subject, line.activity) == ("s1", "walk")
