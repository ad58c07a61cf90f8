"""Sensors' recordings: a file or a table with any names and units in, `Inertial` out, and what was guessed said."""

import re
import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from pose2imu.errors import InputError
from pose2imu.formats import sensor_units as units
from pose2imu.formats.sensor_about import units_said
from pose2imu.formats.sensor_columns import ACCELERATION, TURNING, columns_of, split_unit
from pose2imu.formats.sensor_tables import read_table
from pose2imu.formats.streams import Inertial

FEWEST_ROWS = 3  # that a unit, a rate and an axis can be told from
LARGEST = 1e30  # in any unit: what is larger is no number that one can calculate with
_TIME_OF_DAY = re.compile(r"\d\d?:\d\d:\d\d([.,]\d+)?")


def read_inertial(
    path: Path | str,
    *,
    columns: str | Mapping[str, str] | None = None,
    unit: str | None = None,
    turn_unit: str | None = None,
    time_unit: str | None = None,
    rate: float | None = None,
) -> Inertial:
    """Read what a sensor measured from CSV (any separator), Parquet, NumPy or MATLAB.

    What is not given is told from names and values, and `notes` say by what evidence.

    Parameters
    ----------
    path
        .csv, .tsv, .txt, .parquet, .npy (samples, 3 or 6), .npz or .mat.
    columns
        Of the channels time, ax, ay, az, gx, gy, gz: "time=ts,ax=accel_x,..." or a mapping; columns without a name are
        named 0, 1, 2, ...
    unit, turn_unit, time_unit
        m/s2, g or mg; rad/s, deg/s or mdeg/s; s, ms, us or ns. Of the first two also counts a unit, as in 16384/g.
    rate
        Samples a second, where the file has no times, or wrong ones.

    Raises
    ------
    InputError
        In one line that names the file, for what is no such recording.
    """
    path = Path(path)
    table = read_table(path)
    given = {"unit": unit, "turn_unit": turn_unit, "time_unit": time_unit, "rate": rate}
    said, notes = units_said(path)
    options = {**said, **{key: value for key, value in given.items() if value is not None}}
    try:
        recording = inertial_of(table, path.stem, columns=columns, **options)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    return replace(recording, notes=(*recording.notes, *notes))


def inertial_of(
    table: pd.DataFrame,
    name: str = "recording",
    *,
    columns: str | Mapping[str, str] | None = None,
    unit: str | None = None,
    turn_unit: str | None = None,
    time_unit: str | None = None,
    rate: float | None = None,
) -> Inertial:
    """Take a table of a row a sample as a recording; parameters as in `read_inertial`. Errors name no file."""
    table = table.set_axis([str(column) for column in table.columns], axis="columns")
    found = columns_of(list(table.columns), columns)
    if len(table) < FEWEST_ROWS:
        raise InputError(f"{len(table)} rows; expected {FEWEST_ROWS} at least")
    acceleration = _values(table, [found[axis] for axis in ACCELERATION])
    turning = _values(table, [found[axis] for axis in TURNING]) if TURNING[0] in found else None
    time, notes = _time(table, found.get("time"), time_unit, rate)
    known = np.isfinite(time)
    if not known.all():
        notes.append(f"{np.count_nonzero(~known)} of {len(time)} rows have no time: they are left out")
        time, acceleration = time[known], acceleration[known]
        turning = None if turning is None else turning[known]
    step = np.median(np.diff(np.unique(time)))
    # Where many rows share a stamp, stamps say less of the rate than their number over the whole.
    usual = max(1 / step, (len(time) - 1) / (time.max() - time.min()))
    scale, note = _unit(unit, [found[axis] for axis in ACCELERATION], units.ACCELERATION, "acceleration")
    if scale is None:
        guess, note = units.guess_acceleration(acceleration, usual)
        scale = units.ACCELERATION[guess]
    acceleration *= scale
    notes.append(note)
    if turning is not None:
        scale, note = _unit(turn_unit, [found[axis] for axis in TURNING], units.TURNING, "angular velocity")
        if scale is None:
            guess, note = units.guess_turning(turning, acceleration, usual)
            scale = units.TURNING[guess]
        turning *= scale
        notes.append(note)
    return Inertial(name, time, acceleration, turning, tuple(notes))


def _values(table: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Give columns as (samples, channels); raises InputError at the first value that is no number."""
    values = np.empty((len(table), len(names)))
    for channel, name in enumerate(names):
        column = table[name]
        if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_complex_dtype(column):
            numbers = _numeric(column)
            if len(wrong := np.flatnonzero(numbers.isna() & column.notna())):
                raise InputError(f"column {name} has {column.iat[wrong[0]]!r} in row {wrong[0] + 1}; expected numbers")
            column = numbers
        values[:, channel] = column.to_numpy(np.float64, na_value=np.nan)
    values[~(np.abs(values) < LARGEST)] = np.nan
    return values


def _numeric(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column, errors="coerce")


def _unit(given: str | None, names: list[str], of: dict[str, float], what: str) -> tuple[float | None, str]:
    """Give what the unit is worth that is given, or named alike by all columns, and a note; None for neither."""
    if given is not None:
        return units.named(given, of, what), f"{what} is in {given}, as given"
    stated = {split_unit(name)[1] for name in names}
    unit = stated.pop() if len(stated) == 1 else None
    return (of[unit], f"{what} is in {unit}, as its columns are named") if unit in of else (None, "")


def _time(table: pd.DataFrame, name: str | None, unit: str | None, rate: float | None) -> tuple[np.ndarray, list[str]]:
    """Give the rows' times in seconds, NaN where there is none, and notes."""
    if rate is not None:
        if not (np.isfinite(rate) and rate > 0):
            raise InputError(f"a rate of {rate}; expected samples a second, above 0")
        return np.arange(len(table)) / rate, [f"time is by the rate given, {rate:g} a second"]
    if name is None:
        raise InputError(
            f"no column of time among {', '.join(table.columns[:12])}; expected one, such as time, or --rate"
        )
    column = table[name]
    if not pd.api.types.is_numeric_dtype(column):
        if pd.api.types.is_datetime64_any_dtype(column) or 2 * _numeric(column).notna().sum() < len(column):
            return _dates(column, name)
        column = pd.Series(_values(table, [name])[:, 0])
    time = column.to_numpy(np.float64, na_value=np.nan, copy=True)
    time[~(np.abs(time) < LARGEST)] = np.nan
    if np.count_nonzero(np.isfinite(time)) < FEWEST_ROWS:
        raise InputError(f"column {name} has {np.count_nonzero(np.isfinite(time))} times; expected one a row")
    named = split_unit(name)[1]
    if unit is not None:
        scale, note = units.named(unit, units.TIME, "time"), f"time is in {unit}, as given"
    elif named in units.TIME:
        scale, note = units.TIME[named], f"time is in {named}, as its column is named"
    else:
        guess, note = units.guess_time(time)
        scale = units.TIME[guess]
    time = time * scale
    if np.ptp(time[np.isfinite(time)]) == 0:
        raise InputError(f"column {name}: all rows have the same time; expected times that go on")
    return time, [note]


def _dates(column: pd.Series, name: str) -> tuple[np.ndarray, list[str]]:
    """Read dates, or times of day, as seconds."""
    try:
        dates = column if pd.api.types.is_datetime64_any_dtype(column) else _parsed(column)
    except (ValueError, TypeError, OverflowError) as error:
        reason = str(error).partition("\n")[0].partition(". ")[0]
        raise InputError(f"column {name} has no times ({reason}); expected numbers or ISO 8601") from error
    missing = dates.isna().to_numpy()
    if len(dates) - np.count_nonzero(missing) < FEWEST_ROWS or dates.nunique() < 2:
        raise InputError(f"column {name} has {dates.nunique()} different times; expected one a row")
    of_day = pd.api.types.is_timedelta64_dtype(dates)
    dates = dates if of_day else dates.dt.tz_localize(None) if dates.dt.tz is None else dates.dt.tz_convert(None)
    time = dates.to_numpy().astype("m8[ns]" if of_day else "M8[ns]").astype(np.int64) / 1e9
    time[missing] = np.nan
    return time, [f"time is read as {'times of day' if of_day else 'dates'}: it begins at {column.iat[0]}"]


def _parsed(column: pd.Series) -> pd.Series:
    first = str(column[column.notna()].iat[0]).strip()
    if _TIME_OF_DAY.fullmatch(first):
        return pd.to_timedelta(column)
    try:
        return pd.to_datetime(column, format="ISO8601", utc=True)
    except ValueError:
        with warnings.catch_warnings(action="ignore"):  # that it is slow
            return pd.to_datetime(column, utc=True)
