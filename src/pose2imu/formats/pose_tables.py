"""Poses in tables, CSV or Parquet: a row for each frame, three columns for each joint."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet
from pyarrow import ArrowException

from pose2imu.errors import InputError
from pose2imu.formats.joint_names import counts, named_joints
from pose2imu.formats.tracks import Tracks, tracks_by_name, tracks_of

# A column of a joint: right_wrist_x, RWristX, 12.y; or x_right_wrist, x0.
COLUMN = (
    re.compile(r"(?P<label>.*?)[\s_.:\-]*(?P<axis>[xyzXYZ])"),
    re.compile(r"(?P<axis>[xyzXYZ])[\s_.:\-]*(?P<label>.+)"),
)
TIMES = re.compile(
    r"\s*(time|times|timestamp|timestamps|t|datetime|secs?|seconds|ms|us|ns)"
    r"([\s_.\-(\[]+(s|secs?|seconds|ms|us|ns|unix|utc|epoch)[)\]]?)?\s*",
    re.IGNORECASE,
)
FRAMES = re.compile(r"\s*frames?[\s_#]*(number|no|nr|id|index|idx)?\s*", re.IGNORECASE)
SEPARATORS = ",;\t|"


def read_csv(path: Path, format: str | None, person: int) -> Tracks:
    """Read a table of text; separator, header, byte-order mark and decimal commas are found."""
    head = _head(path)
    separator = max(SEPARATORS, key=head[0].count)
    if separator not in head[0]:
        separator = r"\s+"
    commas = separator != "," and re.search(r"\d,\d", head[-1]) is not None and "." not in head[-1]
    cells = head[0].split() if separator == r"\s+" else head[0].split(separator)
    first = [cell.strip().strip('"').strip() for cell in cells]
    header = None if all(_is_number(cell.replace(",", ".")) for cell in first) else 0
    chosen = None if header is None else _columns_to_read(first, format)
    try:
        table = pd.read_csv(
            path,
            sep=separator,
            header=header,
            usecols=None if chosen is None else lambda name: str(name).strip() in chosen,
            decimal="," if commas else ".",
            encoding="utf-8-sig",
            skipinitialspace=True,
            skip_blank_lines=True,
        )
    except (ValueError, pd.errors.ParserError) as error:  # UnicodeDecodeError is a ValueError
        raise InputError(f"{path}: {str(error).splitlines()[0].strip()}; expected a table of numbers") from error
    if header is None:
        return _without_names(path, table.to_numpy(), format, person)
    return tracks_of_table(path, table, format, person)


def read_parquet(path: Path, format: str | None, person: int) -> Tracks:
    """Read a Parquet file, of which only the columns that are needed."""
    try:
        names = pyarrow.parquet.read_schema(path).names
        table = pd.read_parquet(path, columns=_columns_to_read(names, format))
    except (ArrowException, ValueError) as error:
        raise InputError(f"{path}: {str(error).splitlines()[0]}; expected a Parquet file") from error
    return tracks_of_table(path, table, format, person)


def _head(path: Path) -> list[str]:
    """Give a file's first lines that are not empty."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            lines = [line for line in (file.readline() for _ in range(20)) if line.strip()][:2]
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: no text in UTF-8; expected a table with a column for each coordinate") from error
    if not lines:
        raise InputError(f"{path}: an empty file; expected a table with a column for each coordinate")
    return lines


def _columns_to_read(names: Sequence[str], format: str | None) -> list[str]:
    """Of a table's columns those that are joints of ours, time or frame: all, where joints go by numbers."""
    joints, _ = _columns_of_joints(names)
    if format in (None, "named") and (found := named_joints(joints)):
        needed = {column for labels in found.values() for label in labels for column in joints[label]}
        return [name for name in names if name in needed or TIMES.fullmatch(name) or FRAMES.fullmatch(name)]
    return list(names)


def _columns_of_joints(names: Sequence[str]) -> tuple[dict[str, tuple[str, str, str]], int]:
    """Find the columns that come in threes, by their label, and count those of pairs, x and y alone."""
    found: dict[str, dict[str, str]] = {}
    for name in names:
        if match := COLUMN[0].fullmatch(name) or COLUMN[1].fullmatch(name):
            found.setdefault(match["label"], {})[match["axis"].lower()] = name
    whole = {label: (axes["x"], axes["y"], axes["z"]) for label, axes in found.items() if len(axes) == 3}
    return whole, sum(set(axes) == {"x", "y"} for axes in found.values())


def tracks_of_table(path: Path, table: pd.DataFrame, format: str | None, person: int) -> Tracks:
    """Read a table with a row for each frame: joints by name or number, time or frame number; `path` is for errors."""
    if len(table) < 2:
        raise InputError(f"{path}: {len(table)} rows; expected at least 2 frames")
    table = table.rename(columns=lambda name: str(name).strip())
    columns, pairs = _columns_of_joints(list(table.columns))
    time_name = next((name for name in table.columns if TIMES.fullmatch(name)), None)
    time_name = time_name or next((name for name in table.columns if FRAMES.fullmatch(name)), "")
    time = _time(table[time_name]) if time_name else None
    if format in (None, "named") and (found := named_joints(columns)):
        if person:
            raise InputError(f"{path}: person {person} was asked for; the file has one, 0")
        labels = {label for labels in found.values() for label in labels}
        tracks = tracks_by_name(
            {label: _numbers(path, table, columns[label]) for label in columns if label in labels},
            time=time,
            time_name=time_name,
        )
        if tracks is not None:
            return tracks
    numbered = _numbered(columns)
    chosen = [column for label in numbered for column in columns[label]]
    if not chosen:  # as a table of an array is written: a number for each column
        chosen = [name for name in table.columns if re.fullmatch(r"\D*\d+", name)]
        chosen = chosen if len(chosen) // 3 in counts() else []
    if format != "named" and chosen:
        tracks = tracks_of(_numbers(path, table, chosen), str(path), format, person)
        return Tracks(tracks.joints, tracks.format, time, time_name, notes=tracks.notes)
    names = ", ".join(list(table.columns)[:6]) + (", …" if len(table.columns) > 6 else "")
    if pairs:
        raise InputError(f"{path}: columns {names}: x and y alone; expected three coordinates: lift the poses to 3-D")
    example = ", ".join(f"right_wrist_{axis}" for axis in "xyz")
    raise InputError(f"{path}: columns {names}; expected three for each joint, such as {example}")


def _numbered(columns: dict[str, tuple[str, str, str]]) -> list[str]:
    """Order labels that end in a joint's number, where all have one: 0, kp0, joint_0."""
    numbers = {label: re.search(r"(\d+)$", label) for label in columns}
    if not columns or not all(numbers.values()):
        return []
    return sorted(columns, key=lambda label: int(numbers[label][1]))  # type: ignore[index]


def _without_names(path: Path, array: np.ndarray, format: str | None, person: int) -> Tracks:
    """Read a table without a header: joints one after the other, with a column of time before them or none."""
    if len(array) < 2:
        raise InputError(f"{path}: {len(array)} rows; expected at least 2 frames")
    if array.dtype.kind not in "fiu":
        raise InputError(f"{path}: cells that are no numbers, under a first row of numbers; expected numbers")
    timed = array.shape[1] % 3 == 1
    tracks = tracks_of(array[:, 1:] if timed else array, str(path), format, person)
    return Tracks(tracks.joints, tracks.format, array[:, 0] if timed else None, "the first column", notes=tracks.notes)


def _numbers(path: Path, table: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """Give columns (frames, columns) as float64; empty cells are NaN."""
    out = np.empty((len(table), len(columns)))
    for place, name in enumerate(columns):
        try:
            out[:, place] = pd.to_numeric(table[name]).to_numpy(dtype=np.float64, na_value=np.nan)
        except (ValueError, TypeError) as error:
            raise InputError(f"{path}: column {name}: {str(error).splitlines()[0]}; expected numbers") from error
    return out


def _time(column: pd.Series) -> np.ndarray:
    """Give times as numbers in the file's unit, or as datetime64 where they are dates."""
    if pd.api.types.is_numeric_dtype(column):
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    return pd.to_datetime(column, errors="coerce", utc=True).dt.tz_localize(None).to_numpy(dtype="datetime64[ns]")


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return cell == ""
    return True
