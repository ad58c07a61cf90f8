"""Where tables and pictures go: by the file's suffix, refused before hours of work and not after."""

from pathlib import Path

import pandas as pd

from pose2imu.atomic import require_room, write_csv, write_parquet
from pose2imu.errors import InputError

# Kinds of files, by suffix.
TABLES, PICTURES, MODELS, ONNX = (".csv", ".parquet"), (".png", ".svg", ".pdf"), (".safetensors",), (".onnx",)


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a table as CSV or Parquet."""
    (write_parquet if path.suffix.lower() == ".parquet" else write_csv)(path, table)


def require(path: Path, suffixes: tuple[str, ...]) -> None:
    """Raise InputError unless a file of one of these kinds can be written by this name."""
    if path.suffix.lower() not in suffixes:
        raise InputError(f"{path}: not a name that says its format; expected one that ends in {', '.join(suffixes)}")
    if path.is_dir():
        raise InputError(f"{path}: a folder; expected a file's name")
    require_room(path.parent, mebibytes=1)
