"""Tables that earlier stages wrote, read back: CSV or Parquet."""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from pose2imu.errors import InputError
from pose2imu.layout import existing


def read_table(path: Path, columns: Collection[str], text: Collection[str], *, empty: bool = False) -> pd.DataFrame:
    """Read a table; InputError that names the file where it lacks a column, has other text than in the columns `text`,
    or no rows unless it may be `empty`."""
    try:
        frame = pd.read_csv(existing(path)) if path.suffix == ".csv" else pd.read_parquet(existing(path))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {' '.join(str(error).split())}") from error
    if missing := [column for column in columns if column not in frame]:
        raise InputError(f"{path}: no column {', '.join(missing)}")
    if frame.empty and not empty:
        raise InputError(f"{path}: no rows; expected one at least")
    for column in frame.columns.difference(list(text)):
        if not frame.empty and not pd.api.types.is_numeric_dtype(frame[column]):
            raise InputError(f"{path}: {column} has {frame[column].iloc[0]!r}; expected numbers")
    return frame
