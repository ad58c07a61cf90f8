"""Bad files of sensors: each is refused in one line that names it and says what was expected."""

import io
import pickle
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pose2imu.errors import InputError
from pose2imu.formats.inertial import read_inertial
from pose2imu.inspection import check

ROWS = pd.DataFrame({"time": np.arange(200) / 100, "ax": 0.1, "ay": 0.2, "az": np.linspace(9.7, 9.9, 200)})
NAMES = list(ROWS.columns)


def text(content: str, encoding: str = "utf-8") -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        file = folder / "ä b.csv"
        file.write_bytes(content.encode(encoding))
        return file

    return write


def rows(**changes: object) -> Callable[[Path], Path]:
    return text(ROWS.assign(**changes).to_csv(index=False, na_rep="nan"))


def array(values: object, name: str = "a.npy") -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        with (folder / name).open("wb") as file:
            np.save(file, values, allow_pickle=True)  # type: ignore[arg-type]
        return folder / name

    return write


def raw(content: bytes, name: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return write


def zipped(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.npz", "w") as archive:
        archive.writestr("a.npy", b"nothing")
    return folder / "a.npz"


def a_folder(folder: Path) -> Path:
    (folder / "a.csv").mkdir()
    return folder / "a.csv"


BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda folder: folder / "none.csv", "no such file; expected a sensor's recording"),
    "a folder": (a_folder, "is a folder; expected"),
    "empty": (text(""), "is empty; expected"),
    "blank lines": (text("\n\n\n"), "no row has 3 numbers; expected a column each for x, y and z"),
    "names alone": (text("time,ax,ay,az\n"), "no row has 3 numbers"),
    "prose": (text("Dear all, this is not it.\n"), "no row has 3 numbers"),
    "another suffix": (raw(b"x", "a.xlsx"), "has the suffix .xlsx; expected"),
    "no suffix": (raw(b"x", "a"), "has the suffix of nothing; expected"),
    "binary": (raw(b"\x00\x01" * 99, "a.csv"), "is binary; expected text"),
    "no Parquet": (raw(b"PAR1 not", "a.parquet"), "is no Parquet file"),
    "wrong columns": (text(ROWS.set_axis(["a", "b", "c", "d"], axis=1).to_csv(index=False)), "no column for ax, ay, "),
    "two axes": (text(ROWS.assign(w=1).drop(columns="az").to_csv(index=False)), "no column for az among time, ax, ay"),
    "no time": (text(ROWS.drop(columns="time").to_csv(index=False)), "no column of time among ax, ay, az; expected"),
    "no names, no time": (
        text(ROWS.drop(columns="time").to_csv(index=False, header=False)),
        "no column of time among 0, 1, 2; expected one, such as time, or --rate",
    ),
    "five columns without names": (
        text(ROWS.assign(b=1).to_csv(index=False, header=False)),
        "5 columns without names; expected 3 or 6",
    ),
    "two sensors": (
        text(ROWS.set_axis(["time", *(f"l_acc_{a}" for a in "xyz")], axis=1).join(
            ROWS.iloc[:, 1:].set_axis([f"r_acc_{a}" for a in "xyz"], axis=1)).to_csv(index=False)),
        "l_acc_x and r_acc_x could each be ax; expected one, or --columns ax=NAME",
    ),
    "a word among numbers": (rows(ay=["0.2"] * 99 + ["oops"] + ["0.2"] * 100), "column ay has 'oops' in row 100; "),
    "a word among times": (rows(time=[*map(str, ROWS.time[:-1]), "end"]), "column time has 'end' in row 200; expected"),
    "words for times": (rows(time="noon"), "column time has no times ("),
    "one time": (rows(time=3.0), "all rows have the same time; expected times that go on"),
    "one date": (rows(time="2024-03-01"), "column time has 1 different times; expected one a row"),
    "no times": (rows(time=np.nan), "column time has 0 times; expected one a row"),
    "counted rows": (rows(time=np.arange(200)), "time goes up by 1 a row, as numbers of samples do; expected times"),
    "hours between rows": (rows(time=np.arange(200) * 3.6e13), "time has a median step of 3.6e+13; expected s, ms, "),
    "two rows": (text(ROWS[:2].to_csv(index=False)), "2 rows; expected 3 at least"),
    "all NaN": (rows(ax=np.nan, ay=np.nan, az=np.nan), "acceleration has no sample with all three axes; expected "),
    "empty fields": (text("time,ax,ay,az\n" + "0.1,,,\n" * 20), "no row has 3 numbers"),
    "one axis NaN": (rows(ax=np.nan), "acceleration has no sample with all three axes"),
    "1e9": (rows(az=1e9), "acceleration has a median magnitude of 1e+09; expected about 9.81 (m/s2), 1 (g) or "),
    "counts": (rows(az=16384), "give its unit, or counts a unit such as 16384/g"),
    "infinite": (rows(ax=np.inf), "no sample with all three axes"),
    "decimal commas between commas": (
        text("time,ax,ay,az\n" + "0,01,0,1,0,2,9,81\n" * 20),
        "8 values in line 2 below 4 names; expected as many: are commas decimal signs and separators?",
    ),
    "rows of other lengths": (
        text(ROWS[:150].to_csv(index=False) + "1,2,3,4,5,6,7\n" * 3), "; expected rows of 4 columns"
    ),
    "a pickle in npy": (raw(pickle.dumps([1, 2, 3]), "a.npy"), "is no array of numbers"),
    "objects": (array(np.array([{"a": 1}, None], dtype=object)), "is no array of numbers"),
    "cut npy": (raw(b"\x93NUMPY\x01\x00", "a.npy"), "is no array of numbers"),
    "words in npy": (array(np.array([["a", "b", "c"]] * 9)), "expected numbers of shape (samples, 3) or (samples, 6)"),
    "complex": (array(np.ones((50, 3), complex)), "expected numbers of shape (samples, 3) or (samples, 6)"),
    "windows": (array(np.ones((5, 50, 3))), "an array of float64 of shape (5, 50, 3); expected numbers of shape"),
    "one channel": (array(np.ones(50)), "1 channels; expected 3 at least: x, y and z"),
    "no arrays in npz": (zipped, "0 channels; expected 3 at least: x, y and z"),
    "a damaged npz": (raw(b"PK\x03\x04", "a.npz"), "is no .npz of arrays of numbers"),
    "a damaged mat": (raw(b"MATLAB 5.0", "a.mat"), "cannot be read; expected a .mat file of version 7 at most"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_files(tmp_path: Path, case: str) -> None:
    write, expected = BAD[case]
    file = write(tmp_path)
    with pytest.raises(InputError) as caught:
        read_inertial(file)
    message = str(caught.value)
    assert message.startswith(f"{file}: ")
    assert expected in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"columns": "ax"}, "no column '' for ax; expected one of time, ax, ay, az"),
        ({"columns": "up=ax"}, "columns: a channel 'up'; expected time, ax, ay, az, gx, gy, gz, each with =NAME"),
        ({"columns": "ax=az,ay=az"}, "columns: one column for two channels"),
        ({"columns": "ax=nose"}, "no column 'nose' for ax; expected one of time, ax, ay, az"),
        ({"unit": "deg/s"}, "acceleration: the unit 'deg/s'; expected one of m/s2, g, mg"),
        ({"unit": "0/g"}, "acceleration: the unit '0/g'; expected"),
        ({"time_unit": "min"}, "time: the unit 'min'; expected one of s, ms, us, ns"),
        ({"rate": 0.0}, "a rate of 0.0; expected samples a second, above 0"),
        ({"rate": float("nan")}, "a rate of nan; expected"),
    ],
)
def test_bad_options(tmp_path: Path, options: dict[str, str], expected: str) -> None:
    file = rows()(tmp_path)
    with pytest.raises(InputError) as caught:
        read_inertial(file, **options)  # type: ignore[arg-type]
    assert str(caught.value).startswith(f"{file}: {expected}")


FILES = {
    ".csv": lambda file: ROWS.to_csv(file, index=False),
    ".parquet": ROWS.to_parquet,
    ".npy": lambda file: np.save(file, ROWS.to_numpy()),
    ".npz": lambda file: np.savez(file, **{name: ROWS[name].to_numpy() for name in NAMES}),
}


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(list(FILES)), st.data())
def test_a_damaged_file_is_refused_in_a_line_or_read(suffix: str, data: st.DataObject) -> None:
    buffer = io.BytesIO()
    FILES[suffix](buffer)
    content = bytearray(buffer.getvalue())
    place = st.integers(0, len(content) - 1)
    if data.draw(st.booleans()):
        content = content[: data.draw(place)]
    else:
        for at in data.draw(st.lists(place, min_size=1, max_size=10)):
            content[at] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"damaged{suffix}"
        file.write_bytes(content)
        try:
            found = read_inertial(file)
        except InputError as error:
            said = str(error).removeprefix(f"{file}: ")
        else:
            said = check(found).verdict
        assert "\n" not in said
        assert not said.startswith(str(file))


def test_a_last_line_that_was_cut_is_a_row_without_values(tmp_path: Path) -> None:
    file = text(ROWS.to_csv(index=False) + "2.0,0.1")(tmp_path)
    assert np.isnan(read_inertial(file).acceleration[-1]).any()
