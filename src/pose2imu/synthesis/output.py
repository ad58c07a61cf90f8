"""Writing synthesized signals: Parquet or CSV, one each, or all as one array; with what they are beside the numbers."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.csv
import pyarrow.parquet

from pose2imu.atomic import replacing, write_json
from pose2imu.errors import InputError

METADATA = b"pose2imu"  # the key of a Parquet file's metadata under which the JSON is
DECIMALS = 6  # of CSV: a tenth of what the best sensor resolves


def write_signal(path: Path, table: pd.DataFrame) -> None:
    """Write a table and its attrs as .parquet, in whose metadata they are, or as .csv, with a JSON beside it.

    Readers of CSV stumble over comments, so that there are none.
    """
    WRITERS[path.suffix.lower()](path, table)


def write_array(path: Path, tables: Sequence[pd.DataFrame]) -> None:
    """Write tables as one array (N, T, C) float32 with a JSON beside it; shorter ones end in NaN. Time is left out."""
    columns = [name for name in tables[0].columns if name != "time"]
    array = np.full((len(tables), max(map(len, tables)), len(columns)), np.nan, np.float32)
    for row, table in zip(array, tables, strict=True):
        row[: len(table)] = table[columns]
    signals = [
        {"samples": len(table), "start": float(table["time"].iat[0]), **json.loads(_json(table))} for table in tables
    ]
    _written(beside(path), lambda temporary: write_json(temporary, {"columns": columns, "signals": signals}))

    def save(temporary: Path) -> None:
        with temporary.open("wb") as file:
            np.save(file, array)

    _written(path, save)


def beside(path: Path) -> Path:
    """Name the JSON beside a file of numbers: walk.csv.json, for walk.json may be the poses."""
    return path.with_name(f"{path.name}.json")


def check_output(out: Path, suffixes: Iterable[str], sources: Iterable[Path]) -> None:
    """Refuse an output of another kind, or that is one of the sources, before anything is computed."""
    if out.suffix.lower() not in suffixes:
        raise InputError(f"{out}: an output {out.suffix or 'without a suffix'}; expected {', '.join(suffixes)}")
    if out.is_dir():
        raise InputError(f"{out}: a folder; expected the name of a file")
    if out.resolve() in {source.resolve() for source in sources}:
        raise InputError(f"{out}: it would replace the poses it is made of; expected another name")


def _write_parquet(path: Path, table: pd.DataFrame) -> None:
    arrow = pyarrow.Table.from_pandas(table, preserve_index=False)
    arrow = arrow.replace_schema_metadata({METADATA: _json(table).encode()})
    _written(path, lambda temporary: pyarrow.parquet.write_table(arrow, temporary, compression="zstd"))


def _write_csv(path: Path, table: pd.DataFrame) -> None:
    # With pandas' own writer ten hours take a minute. What is NaN is left empty.
    arrow = pyarrow.Table.from_pandas(table.round(DECIMALS), preserve_index=False)
    options = pyarrow.csv.WriteOptions(quoting_style="none", quoting_header="none")
    _written(beside(path), lambda temporary: write_json(temporary, json.loads(_json(table))))
    _written(path, lambda temporary: pyarrow.csv.write_csv(arrow, temporary, options))


WRITERS: dict[str, Callable[[Path, pd.DataFrame], None]] = {".parquet": _write_parquet, ".csv": _write_csv}


def _json(table: pd.DataFrame) -> str:
    about: dict[str, Any] = {"columns": list(table.columns), **table.attrs}
    return json.dumps(about, ensure_ascii=False)


def _written(path: Path, write: Callable[[Path], Any]) -> None:
    try:
        with replacing(path) as temporary:
            write(temporary)
    except OSError as error:
        reason = error.strerror or (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(f"{path}: cannot be written: {reason}; expected a folder with room for it") from error
