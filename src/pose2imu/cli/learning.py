"""What the commands that train, classify and export share."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pose2imu.errors import InputError

if TYPE_CHECKING:
    from pose2imu.formats.streams import Inertial


@contextmanager
def needing_torch() -> Iterator[None]:
    """Say what to install where a package of the extra `learning` is not there."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise InputError(f"{error.name} is not installed; expected `pip install 'pose2imu[learning]'`") from error


def read_all(
    paths: Sequence[Path], columns: str | None, unit: str | None, time_unit: str | None, rate: float | None
) -> "list[Inertial]":
    """Read recordings; those whose files have the same name are named by their paths."""
    from pose2imu.formats.inertial import read_inertial  # noqa: PLC0415 - heavy

    found = [read_inertial(path, columns=columns, unit=unit, time_unit=time_unit, rate=rate) for path in paths]
    count = Counter(one.name for one in found)
    return [
        replace(one, name=str(path)) if count[one.name] > 1 else one for one, path in zip(found, paths, strict=True)
    ]
