"""A sensor's file as a table of named columns, whatever wrote it: CSV, Parquet, NumPy or MATLAB."""

import codecs
import csv
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pose2imu.errors import InputError
from pose2imu.formats.sensor_units import names_a_unit

EXPECTED = "a sensor's recording: .csv, .tsv, .txt, .parquet, .npy, .npz or .mat"
HEAD = 1 << 16  # bytes of a text file that its separator, its header and its decimal sign are told from
SEPARATORS = (",", ";", "\t", "|", r"\s+")
FEWEST_NUMBERS = 3  # in a row: one an axis
_TIME = re.compile(r"\d{4}-\d\d?-\d\d?|\d\d?[/.]\d\d?[/.]\d{4}|\d\d?:\d\d")


def read_table(path: Path) -> pd.DataFrame:
    """Read a file as a table, a column a channel or a time; columns without a name are named 0, 1, 2, ...

    Raises InputError for a file that is missing, empty, damaged or of another kind.
    """
    readers = {".parquet": _parquet, ".npy": _npy, ".npz": _npz, ".mat": _mat}
    reader = {**readers, **dict.fromkeys((".csv", ".tsv", ".txt"), _csv)}.get(path.suffix.lower())
    if path.is_dir() or not path.exists():
        raise InputError(f"{path}: {'is a folder' if path.is_dir() else 'no such file'}; expected {EXPECTED}")
    if reader is None:
        raise InputError(f"{path}: has the suffix {path.suffix or 'of nothing'}; expected {EXPECTED}")
    if path.stat().st_size == 0:
        raise InputError(f"{path}: is empty; expected {EXPECTED}")
    try:
        table = reader(path)
    except OSError as error:
        if error.errno is None:  # pyarrow's and numpy's, of what is in the file
            raise InputError(f"{path}: cannot be read ({_first_line(error)}); expected {EXPECTED}") from error
        raise InputError(f"{path}: cannot be read ({error.strerror}); expected {EXPECTED}") from error
    if len(table) == 0:
        raise InputError(f"{path}: has no rows; expected one a sample")
    return table


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".")


# CSV


def _csv(path: Path) -> pd.DataFrame:
    with path.open("rb") as file:
        head = file.read(HEAD)
    encoding = _encoding(path, head)
    lines = re.split(r"\r\n|\n|\r", head.decode(encoding, errors="ignore"))
    if len(head) == HEAD:
        lines = lines[:-1]
    separator = max(SEPARATORS, key=lambda one: sum(_numbers(line, one) for line in lines[:100]))
    start = next((row for row, line in enumerate(lines) if _numbers(line, separator)), None)
    if start is None:
        raise InputError(f"{path}: no row has {FEWEST_NUMBERS} numbers; expected a column each for x, y and z")
    names, start = _names(path, lines, start, separator)
    rows = [_fields(line, separator) for line in lines[start : start + 100]]
    try:
        return pd.read_csv(
            path,
            sep=separator,
            decimal="," if _decimal_commas(rows, separator) else ".",
            header=None,
            names=names,
            index_col=False,
            skiprows=start,
            skipinitialspace=True,
            encoding=encoding,
            encoding_errors="replace",
            na_values=["-", "--"],
            low_memory=False,
        )
    except (ValueError, pd.errors.ParserError) as error:
        raise InputError(f"{path}: {_first_line(error)}; expected rows of {len(names)} columns") from error


def _encoding(path: Path, head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in head:
        raise InputError(f"{path}: is binary; expected text, rows of numbers")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # a character may be cut at the end of the head
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8-sig"


def _fields(line: str, separator: str) -> list[str]:
    if separator == r"\s+":
        return line.split()
    fields = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    return [field.strip() for field in fields]


def _is_number(field: str, separator: str) -> bool:
    try:
        float(field if separator == "," else field.replace(",", ".", 1))
    except ValueError:
        return False
    return True


def _numbers(line: str, separator: str) -> int:
    """Count a line's numbers; 0 where they are too few for a sample."""
    count = sum(_is_number(field, separator) for field in _fields(line, separator))
    return count if count >= FEWEST_NUMBERS else 0


def _decimal_commas(rows: list[list[str]], separator: str) -> bool:
    numbers = [field for row in rows for field in row if _is_number(field, separator)]
    return separator != "," and any("," in field for field in numbers) and not any("." in field for field in numbers)


def _names(path: Path, lines: list[str], start: int, separator: str) -> tuple[list[str], int]:
    """Give the columns' names and the first row of numbers, with those before it that lack values."""
    width = len(_fields(lines[start], separator))
    numbered = [str(column) for column in range(width)]
    if _fields(lines[start], separator) == numbered:  # pandas' own names of columns
        return numbered, start + 1
    for above in range(start - 1, -1, -1):
        fields = _fields(lines[above].lstrip("#% "), separator)
        if not any(field and not _is_number(field, separator) and not _TIME.match(field) for field in fields):
            continue
        before = _fields(lines[above - 1].lstrip("#% "), separator) if above else []
        if len(before) == len(fields) and all(names_a_unit(field) for field in fields if field):
            fields = [f"{name} ({unit})" if unit else name for name, unit in zip(before, fields, strict=True)]
        if len(fields) == width - 1:  # R leaves out the name of a row's number; or a separator ends each row
            fields = [*fields, ""] if not _fields(lines[start], separator)[-1] else ["", *fields]
        if len(fields) == width:
            return _unique(fields), above + 1
        if above + 1 == start and len(fields) > 1:
            hint = ": are commas decimal signs and separators?" if separator == "," else ""
            raise InputError(
                f"{path}: {width} values in line {start + 1} below {len(fields)} names; expected as many{hint}"
            )
        return numbered, above + 1
    return numbered, 0


def _unique(fields: list[str]) -> list[str]:
    """Columns without a name are named by their number; a name that comes again has its number added."""
    names: list[str] = []
    for column, field in enumerate(fields):
        name = field or str(column)
        names.append(f"{name}.{column}" if name in names else name)
    return names


# Binary files


def _parquet(path: Path) -> pd.DataFrame:
    import pyarrow as pa  # noqa: PLC0415 a quarter of a second, and few files need it
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        table = pq.read_table(path)
    except pa.ArrowException as error:
        raise InputError(f"{path}: is no Parquet file ({_first_line(error)}); expected {EXPECTED}") from error
    flat = [name for name in table.column_names if not pa.types.is_nested(table.schema.field(name).type)]
    return table.select(flat).to_pandas(ignore_metadata=True)  # an index that pandas wrote is a column too


def _npy(path: Path) -> pd.DataFrame:
    try:
        array = np.load(path, allow_pickle=False)
    except OSError:
        raise
    except Exception as error:  # numpy raises anything from ValueError to TokenError on a damaged header
        raise InputError(
            f"{path}: is no array of numbers ({_first_line(error).removesuffix(' when allow_pickle=False')})"
            "; expected one of shape (samples, 3) or (samples, 6)"
        ) from error
    if isinstance(array, np.lib.npyio.NpzFile):
        raise InputError(f"{path}: is an .npz archive by another name; expected an .npy file")
    if array.dtype.names:
        return _of_arrays(path, {name: array[name] for name in array.dtype.names})
    return _of_arrays(path, {"": array})


def _npz(path: Path) -> pd.DataFrame:
    try:
        # numpy leaves a file open that it opened and then refused
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            return _of_arrays(path, {name: archive[name] for name in archive.files})
    except (OSError, InputError):
        raise
    except Exception as error:  # anything from BadZipFile to NotImplementedError
        raise InputError(f"{path}: is no .npz of arrays of numbers ({_first_line(error)})") from error


def _mat(path: Path) -> pd.DataFrame:
    import scipy.io  # noqa: PLC0415 few files need it

    try:
        content = scipy.io.loadmat(path)
    except Exception as error:  # scipy raises anything from ValueError to zlib.error on a damaged file
        raise InputError(f"{path}: cannot be read; expected a .mat file of version 7 at most") from error
    if isinstance(matrix := content.get("d_iner"), np.ndarray) and matrix.ndim == 2 and matrix.shape[1] == 6:
        # UTD-MHAD's (Chen et al. 2015), whose units are known
        return _frame(path, matrix, [f"acc_{axis} (g)" for axis in "xyz"] + [f"gyro_{axis} (deg/s)" for axis in "xyz"])
    return _of_arrays(path, {name: array for name, array in content.items() if not name.startswith("__")})


def _of_arrays(path: Path, arrays: dict[str, Any]) -> pd.DataFrame:
    """Make columns of arrays: (samples,), (samples, channels) or, of 3, 4, 6 or 7 channels, the other way round."""
    found: list[pd.DataFrame] = []
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray):
            continue
        array = np.squeeze(array)  # noqa: PLW2901 MATLAB's vectors have a second axis of one
        if array.dtype.kind not in "fiu" or array.ndim not in (1, 2):
            if len(arrays) > 1:
                continue  # an archive has other things too
            raise InputError(
                f"{path}: an array of {array.dtype} of shape {array.shape}; expected numbers of shape (samples, 3) or "
                "(samples, 6)"
            )
        if array.ndim == 2 and array.shape[0] in (3, 4, 6, 7) and array.shape[1] > 7:
            array = array.T  # noqa: PLW2901
        columns = np.atleast_2d(array.T)
        axes = "xyz" if len(columns) == 3 else range(len(columns))
        names = [name] if array.ndim == 1 else [f"{name}_{axis}" if name else str(axis) for axis in axes]
        found.append(_frame(path, columns.T, names))
    length = max((len(table) for table in found), default=0)
    table = pd.concat([table for table in found if len(table) == length], axis=1) if found else pd.DataFrame()
    if table.shape[1] < FEWEST_NUMBERS:
        raise InputError(f"{path}: {table.shape[1]} channels; expected {FEWEST_NUMBERS} at least: x, y and z")
    return table


def _frame(path: Path, matrix: np.ndarray, names: list[str]) -> pd.DataFrame:
    """Make a table of (samples, channels); float64, since pandas takes no numbers of another byte order."""
    if matrix.dtype.kind not in "fiu":
        raise InputError(f"{path}: an array of {matrix.dtype}; expected numbers")
    return pd.DataFrame(matrix.astype(np.float64), columns=names)
