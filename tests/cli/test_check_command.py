"""`pose2imu check`: tables, a verdict a line, exit status 1 where something is wrong, a picture."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import typer
from typer.testing import CliRunner, Result

from pose2imu.cli.check import check
from pose2imu.errors import InputError
from tests.moving import performance

APP = typer.Typer()
APP.command("check")(check)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(APP, [str(argument) for argument in arguments])


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """A watch's CSV, a cut one, and the poses of the same time."""
    watch, poses = performance(lag=0.3)
    table = pd.DataFrame(watch.acceleration, columns=["ax", "ay", "az"])
    table.insert(0, "time", watch.time)
    files = {name: tmp_path / f"{name}.csv" for name in ("good watch", "cut", "poses")}
    table.to_csv(files["good watch"], index=False)
    table[(table.time < 5) | (table.time > 9)].to_csv(files["cut"], index=False)
    joints = {f"{name}_{axis}": at[:, i] for name, at in poses.joints.items() for i, axis in enumerate("xyz")}
    pd.DataFrame({"time": poses.time, **joints}).to_csv(files["poses"], index=False)
    return files


def test_a_good_recording_and_poses_alone(files: dict[str, Path]) -> None:
    result = run(files["good watch"], files["poses"])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-2:] == ["good watch: nothing is wrong", "poses: nothing is wrong"]
    assert "vertical axis" in result.stdout
    assert "torso" in result.stdout


def test_a_verdict_a_line_and_the_exit_status(files: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    result = run("--quiet", files["cut"], files["good watch"], tmp_path / "empty.csv")
    assert result.exit_code == 1
    cut, good, empty = result.stdout.splitlines()
    assert cut.startswith("cut: wrong: gaps (1 gap of 4.02 s in all")
    assert good == "good watch: nothing is wrong"
    assert empty.startswith(f"empty.csv: wrong: cannot be read ({tmp_path / 'empty.csv'}: is empty; expected")


def test_poses_beside_a_sensor_and_a_picture(files: dict[str, Path], tmp_path: Path) -> None:
    picture = tmp_path / "pictures" / "a.png"
    result = run(files["good watch"], "--poses", files["poses"], "--plot", picture, "--quiet")
    assert result.exit_code == 0
    assert "odd: lag (the sensor is 0.30 s behind the poses)" in result.stdout
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert [path.name for path in picture.parent.iterdir()] == ["a.png"]
    result = run(files["good watch"], "--poses", files["poses"], "--place", "right_shank", "--quiet")
    assert result.exit_code == 1
    assert "left_wrist fits better than right_shank" in result.stdout


def test_a_picture_of_a_day_is_thinned_and_one_each(files: dict[str, Path], tmp_path: Path) -> None:
    result = run(files["good watch"], files["cut"], "--plot", tmp_path / "p.svg", "-q")
    assert result.exit_code == 1
    assert (tmp_path / "p-cut.svg").exists()
    assert (tmp_path / "p-good watch.svg").stat().st_size < 2e6


def test_options_of_columns_and_units(files: dict[str, Path], tmp_path: Path) -> None:
    table = pd.read_csv(files["good watch"]).set_axis(["ts", "p", "q", "r"], axis=1)
    table.assign(ts=(table.ts * 1e6).round(), **{name: table[name] * 100 for name in "pqr"}).to_csv(
        tmp_path / "odd.csv", index=False
    )
    asked = ["--columns", "time=ts,ax=p,ay=q,az=r", "--unit", "980.665/g", "--time-unit", "us"]
    assert run(tmp_path / "odd.csv", *asked).exit_code == 0
    np.save(tmp_path / "a.npy", table[["p", "q", "r"]])
    assert run(tmp_path / "a.npy", "-q").exit_code == 1
    assert run(tmp_path / "a.npy", "-q", "--rate", 100).exit_code == 0


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--place", "nose"], "a place 'nose'; expected one of right_wrist"),
        (["--plot", "a.doc"], "a.doc: a picture with the suffix '.doc'; expected .png, .pdf, .svg, .jpg"),
        (["cut", "--poses", "poses"], "--poses: goes with one sensor's recording"),
        (["--poses", "none.csv"], "none.csv: "),
    ],
)
def test_bad_options(files: dict[str, Path], options: list[str], expected: str) -> None:
    result = run(files["good watch"], *(files.get(option, option) for option in options))
    assert isinstance(result.exception, InputError)
    assert str(result.exception).startswith(expected)
    assert "\n" not in str(result.exception)


def test_help_is_quick() -> None:
    """It loads none of what takes long."""
    heavy = "('torch', 'pandas', 'scipy', 'matplotlib')"
    code = f"import sys, pose2imu.cli.check; print([module for module in {heavy} if module in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
