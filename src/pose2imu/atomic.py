"""Write to a temporary name, then rename: nothing half-written is left behind."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # half a second, and what is written comes from those who have it
    import pandas as pd

from pose2imu.errors import InputError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary sibling of `path` to write a file or folder to; on success it takes `path`'s place.

    On any exception the temporary is removed and `path` stays as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.partial")
    remove(temporary)
    try:
        yield temporary
        if path.is_dir():
            shutil.rmtree(path)
        temporary.replace(path)
    finally:
        remove(temporary)


def require_room(folder: Path, mebibytes: int) -> None:
    """Make a folder and see that it can be written to and has room, before hours of work; InputError where not."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        raise InputError(f"{folder}: cannot be written to ({error.strerror}); expected a folder for results") from error
    if free < mebibytes * 2**20:
        raise InputError(f"{folder}: {free / 2**20:.0f} MiB are free on its disk; expected at least {mebibytes}")


def remove(path: Path) -> None:
    """Remove a file or a folder with all that is in it, if there is one."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 with Unix line ends."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, value: Any) -> None:
    """Write JSON that reads well and ends in a line end."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def to_csv(table: "pd.DataFrame") -> str:
    """Write six decimals and Unix line ends, so that the same values give the same bytes."""
    return table.to_csv(index=False, float_format="%.6f", lineterminator="\n")


def write_csv(path: Path, table: "pd.DataFrame") -> None:
    """Write a table as `to_csv` has it."""
    write_text(path, to_csv(table))


def write_parquet(path: Path, table: "pd.DataFrame") -> None:
    """Write a table, compressed, without its index."""
    with replacing(path) as temporary:
        table.to_parquet(temporary, index=False, compression="zstd")
