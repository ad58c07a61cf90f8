"""`pose2imu synthesize` as it is called."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from pose2imu.cli.synthesize import synthesize
from pose2imu.errors import InputError
from pose2imu.formats.streams import Poses
from pose2imu.synthesis import synthesize as by_physics
from tests.formats.walk import walk, write_bvh, write_csv, write_trc

APP = typer.Typer()
APP.command()(synthesize)


def call(*arguments: object) -> Result:
    return CliRunner().invoke(APP, [str(argument) for argument in arguments])


def refused(*arguments: object) -> str:
    """Call with what is refused, and give the one line that is said."""
    result = call(*arguments)
    assert isinstance(result.exception, InputError), result.output
    assert len(str(result.exception).splitlines()) == 1
    return str(result.exception)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_csv(walk(seconds=2), tmp_path / "walk one.csv")
    write_bvh(walk(seconds=2), tmp_path / "zwei ü.bvh")
    return tmp_path


def test_a_file_becomes_a_signal_and_what_was_guessed_is_said(folder: Path) -> None:
    result = call(
        folder / "walk one.csv", "--place", "left_shank", "--rate", 50, "--noise", 0.1, "-o", folder / "a.parquet"
    )
    assert result.exit_code == 0, result.output
    expected = by_physics(walk(seconds=2), "left_shank", rate=50, noise=0.1)
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "a.parquet"), expected, atol=1e-6)
    for said in ("unit m: the torso is 0.5 long", "up z", "times in s, 60 Hz"):
        assert said in result.stderr
    assert call(folder / "walk one.csv", "-o", folder / "a.csv", "-q").stderr == ""


def test_several_files_go_to_a_folder_or_into_one_array(folder: Path) -> None:
    poses = sorted(folder.iterdir())
    assert call(*poses, "-o", folder / "out", "--to", "csv").exit_code == 0
    names = ["walk one.csv", "walk one.csv.json", "zwei ü.csv", "zwei ü.csv.json"]
    assert sorted(path.name for path in (folder / "out").iterdir()) == names
    assert json.loads((folder / "out" / names[3]).read_text())["source"] == str(folder / "zwei ü.bvh")
    assert call(*poses, "-o", folder / "all.npy", "--vary", 3, "--seed", 1).exit_code == 0
    array = np.load(folder / "all.npy")
    assert len(array) == 6
    # The same walk, varied alike.
    np.testing.assert_allclose(array[:3, 10:150], array[3:, 10:150], atol=0.02)
    assert call(poses[0], "-o", folder / "varied", "--vary", 2).exit_code == 0
    assert sorted(p.name for p in (folder / "varied").iterdir()) == ["walk one_000.parquet", "walk one_001.parquet"]


def test_rotation_units_and_gravity_are_the_librarys(folder: Path) -> None:
    arguments = ["--rotation", "10,20,-30", "--unit", "g", "--no-gravity", "--along", 0.3, "--smoothing", 0.2]
    assert call(folder / "walk one.csv", "-o", folder / "a.parquet", *arguments).exit_code == 0
    options = {"rotation": [10, 20, -30], "unit": "g", "gravity": False, "along": 0.3, "smoothing": 0.2}
    expected = by_physics(walk(seconds=2), **options)
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "a.parquet"), expected, atol=1e-6)


@pytest.fixture
def regressor(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of the trained one: at 50 Hz, and without a second of gap."""

    def write_signal(poses: Poses, place: str, weights: Path) -> tuple[np.ndarray, np.ndarray]:
        time = np.arange(poses.time[0], poses.time[-1], 0.02)
        time = time[(time < 0.5) | (time > 1.5)]
        return time, np.stack([time, 0 * time, 9.8 + 0 * time], axis=1)

    module = ModuleType("pose2imu.own.regressors")
    module.write_signal = write_signal  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pose2imu.own.regressors", module)


@pytest.mark.usefixtures("regressor")
def test_a_regressor_may_tell_the_signal(folder: Path) -> None:
    weights = folder / "w.safetensors"
    learned = ["--how", "learned", "--weights", weights]
    assert call(folder / "walk one.csv", "-o", folder / "a.parquet", *learned, "--rotation", "0,0,90").exit_code == 0
    table = pd.read_parquet(folder / "a.parquet")
    assert list(table.columns) == ["time", "ax", "ay", "az"]
    known = table.dropna()
    np.testing.assert_allclose(known.ay, -known.time, atol=1e-9)  # x of the regressor's is −y of the turned one
    lost = table.time[table.ax.isna()]
    assert (lost.min(), lost.max()) == pytest.approx((0.5, 1.5), abs=0.03)
    assert call(folder / "walk one.csv", "-o", folder / "a.npy", *learned, "--vary", 2, "--rate", 100).exit_code == 0
    assert np.load(folder / "a.npy").shape[2] == 3
    assert "smoothing cannot be chosen" in refused(
        folder / "walk one.csv", "-o", folder / "b.csv", *learned, "--smoothing", 1
    )
    assert "no weights" in refused(folder / "walk one.csv", "-o", folder / "b.csv", "--how", "learned")
    assert "--how physics" in refused(folder / "walk one.csv", "-o", folder / "b.csv", "--weights", weights)


BAD: dict[str, tuple[Callable[[Path], list[object]], str]] = {
    "a place": (lambda f: ["-o", f / "a.csv", "--place", "ear"], "--place ear: no such place"),
    "a rotation": (lambda f: ["-o", f / "a.csv", "--rotation", "1,2"], "--rotation 1,2: expected three angles"),
    "words": (lambda f: ["-o", f / "a.csv", "--rotation", "up"], "--rotation up: expected"),
    "a rate": (lambda f: ["-o", f / "a.csv", "--rate", 0], "rate 0; expected 0.1 to 10000"),
    "copies": (lambda f: ["-o", f / "a.npy", "--vary", -1], "-1 copies; expected at least 1"),
    "an output": (lambda f: ["-o", f / "a.json"], "expected .parquet, .csv, .npy or a folder"),
    "one file for many": (lambda f: ["-o", f / "a.csv", "--vary", 3], "one file for 3 signals"),
    "its own input": (lambda f: ["-o", f / "walk one.csv"], "it would replace the poses"),
    "its own folder": (lambda f: ["-o", f, "--to", "csv"], "it would replace the poses"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_done_is_said_in_one_line(case: str, folder: Path) -> None:
    arguments, expected = BAD[case]
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert expected in refused(folder / "walk one.csv", *arguments(folder))
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_files_of_one_name_are_not_written_over_each_other(folder: Path) -> None:
    write_trc(walk(seconds=2), folder / "walk one.trc")
    assert "are called walk one" in refused(folder / "walk one.csv", folder / "walk one.trc", "-o", folder / "out")
