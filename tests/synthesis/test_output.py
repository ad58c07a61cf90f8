"""Signals on disk: what they are is beside them, and nothing is half-written."""

import json
import os
import resource
import signal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest

from pose2imu.errors import InputError
from pose2imu.synthesis import synthesize, vary
from pose2imu.synthesis.output import check_output, write_array, write_signal
from tests.formats.walk import walk


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return synthesize(walk(30, seconds=2), "left_thigh", unit="g", rotation=[0, 0, 90])


def test_parquet_and_csv_hold_the_signal_and_what_it_is(table: pd.DataFrame, tmp_path: Path) -> None:
    for suffix in (".parquet", ".csv"):
        write_signal(tmp_path / f"walk{suffix}", table)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "walk.parquet"), table)
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "walk.csv"), table.round(6), check_dtype=False)
    assert (tmp_path / "walk.csv").read_text().startswith("time,ax,ay,az,gx,gy,gz\n0,")
    schema = pyarrow.parquet.read_schema(tmp_path / "walk.parquet")
    about = json.loads(schema.metadata[b"pose2imu"])
    assert about == json.loads((tmp_path / "walk.csv.json").read_text())
    assert about["units"] == {"time": "s", "acceleration": "g", "angular_velocity": "rad/s"}
    assert (about["place"], about["along"], about["rate"], about["how"]) == ("left_thigh", 0.5, 100, "physics")
    assert about["gravity"].startswith("included")
    assert about["rotation"] == pytest.approx([0, 0, np.sqrt(0.5), np.sqrt(0.5)])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["walk.csv", "walk.csv.json", "walk.parquet"]


def test_an_array_holds_copies_that_differ_in_tempo_size_and_rotation(tmp_path: Path) -> None:
    poses = walk(60, seconds=4)
    tables = list(vary(poses, copies=5, seed=3))
    write_array(tmp_path / "walks.npy", tables)
    array, about = np.load(tmp_path / "walks.npy"), json.loads((tmp_path / "walks.npy.json").read_text())
    assert array.shape == (5, max(map(len, tables)), 6)
    assert array.dtype == np.float32
    assert about["columns"] == ["ax", "ay", "az", "gx", "gy", "gz"]
    for row, one, said in zip(array, tables, about["signals"], strict=True):
        np.testing.assert_allclose(row[: said["samples"]], one.iloc[:, 1:], rtol=1e-5, atol=1e-5)
        assert np.isnan(row[said["samples"] :]).all()
        assert said["samples"] == pytest.approx(401 / said["variation"]["tempo"], abs=2)
    # Physically: turning is as fast as the tempo, and acceleration grows with the size and its square.
    plain = synthesize(poses)
    for one in tables:
        tempo, size = one.attrs["variation"]["tempo"], one.attrs["variation"]["size"]
        turned = [np.linalg.norm(t[["gx", "gy", "gz"]], axis=1).mean() for t in (one, plain)]
        assert turned[0] / turned[1] == pytest.approx(tempo, rel=0.02)
        linear = [synthesize(poses, gravity=False), next(iter(vary(poses, copies=1, gravity=False)))]
        strength = [np.linalg.norm(t[["ax", "ay", "az"]][20:-20], axis=1).mean() for t in linear]
        first = linear[1].attrs["variation"]
        assert strength[1] / strength[0] == pytest.approx(first["size"] * first["tempo"] ** 2, rel=0.03)
        assert size != 1
    again = list(vary(poses, copies=5, seed=3))
    pd.testing.assert_frame_equal(again[4], tables[4])


def test_a_full_disk_leaves_nothing_and_is_said_in_one_line(table: pd.DataFrame, tmp_path: Path) -> None:
    """As a limit on the size of files, which the system enforces as it does a disk's."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    names = ["walk.parquet", "walk.csv", "walk.npy"]
    (tmp_path / "walk.csv").write_text("of old")
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4000, limits[1]))
        for name in names:
            write = (
                (lambda path: write_array(path, [table]))
                if name.endswith("npy")
                else (lambda path: write_signal(path, table))
            )
            with pytest.raises(
                InputError, match=f"{name}: cannot be written: .*; expected a folder with room"
            ) as raised:
                write(tmp_path / name)
            assert len(str(raised.value).splitlines()) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (tmp_path / "walk.csv").read_text() == "of old"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".") or path.suffix in (".parquet", ".npy")]


def test_what_cannot_be_written_to_is_said_in_one_line(table: pd.DataFrame, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"walk\.csv.*: cannot be written"):
        write_signal(tmp_path / "file" / "walk.csv", table)
    if os.geteuid():  # root may write anywhere
        (tmp_path / "locked").mkdir(mode=0o500)
        with pytest.raises(InputError, match="Permission denied"):
            write_signal(tmp_path / "locked" / "walk.csv", table)


def test_outputs_that_make_no_sense_are_refused_before_any_work(tmp_path: Path) -> None:
    source = tmp_path / "walk.csv"
    source.write_text("")
    with pytest.raises(InputError, match="it would replace the poses"):
        check_output(tmp_path / "." / "walk.csv", (".csv",), [source])
    with pytest.raises(InputError, match=r"expected \.csv"):
        check_output(tmp_path / "walk.xlsx", (".csv",), [source])
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(InputError, match="a folder"):
        check_output(tmp_path / "a.csv", (".csv",), [source])
