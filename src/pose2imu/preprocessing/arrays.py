"""All recordings of a dataset end to end, as plain .npy files that can be memory-mapped (design.md §2)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pose2imu.atomic import replacing
from pose2imu.errors import InputError

HOLE = -1  # label of a sample that would be interpolated over a hole in a stream
OPTIONAL = ("angular_velocity",)
ARRAYS = ("acceleration", "joints", "label", *OPTIONAL)
RESAMPLED_COLUMNS = ("recording", "subject", "start", "stop")
COLUMNS = (*RESAMPLED_COLUMNS, "split")  # once normalized


@dataclass(frozen=True)
class Recordings:
    """Synchronous streams of all recordings, concatenated over time."""

    acceleration: np.ndarray  # (time, 3) float32
    joints: np.ndarray  # (time, joints, 3) float32
    label: np.ndarray  # (time,) int8; -1 where a stream has a hole
    table: pd.DataFrame  # one row per recording: recording, subject, start, stop (and split, once normalized)
    angular_velocity: np.ndarray | None = None  # (time, 3) float32, of datasets that have it

    def of(self, row: int) -> slice:
        """Give the time slice of the recording in a row of the table."""
        return slice(int(self.table.start.iat[row]), int(self.table.stop.iat[row]))


def save(recordings: Recordings, folder: Path) -> None:
    """Write the arrays and recordings.parquet to `folder`, which they replace as a whole."""
    with replacing(folder) as temporary:
        temporary.mkdir()
        for name in ARRAYS:
            if (array := getattr(recordings, name)) is not None:
                np.save(temporary / f"{name}.npy", array)
        recordings.table.to_parquet(temporary / "recordings.parquet", index=False)


def load(folder: Path, columns: Collection[str] = COLUMNS) -> Recordings:
    """Open what `save` wrote, arrays memory-mapped; InputError where they do not fit together."""
    try:
        arrays = {
            name: np.load(path, mmap_mode="r")
            for name in ARRAYS
            if (path := folder / f"{name}.npy").exists() or name not in OPTIONAL
        }
        table = pd.read_parquet(folder / "recordings.parquet")
    except (OSError, EOFError, ValueError) as error:
        raise InputError(f"{folder}: expected the arrays of an earlier stage ({error})") from error
    recordings = Recordings(**arrays, table=table)
    if problem := next(_problems(recordings, columns), None):
        raise InputError(f"{folder}: expected the arrays of an earlier stage ({problem})")
    return recordings


def _problems(recordings: Recordings, columns: Collection[str]) -> Iterator[str]:
    """Tell what is not as `Recordings` has it: another shape or type, recordings that lie elsewhere."""
    time, joints, table = len(recordings.label), recordings.joints.shape[1:2], recordings.table
    shapes = {"acceleration": (time, 3), "joints": (time, *joints, 3), "label": (time,), "angular_velocity": (time, 3)}
    for name, shape in shapes.items():
        array, kind = getattr(recordings, name), np.integer if name == "label" else np.floating
        if array is not None and not (array.shape == shape and np.issubdtype(array.dtype, kind)):
            yield f"{name}.npy has {array.dtype} of shape {array.shape}, not {kind.__name__} of {shape}"
    if missing := set(columns) - set(table):
        yield f"recordings.parquet has no column {', '.join(sorted(missing))}"
    elif not ((table.start >= 0) & (table.start < table.stop) & (table.stop <= time)).all():
        yield f"recordings.parquet has recordings that do not lie within 0 to {time}"
    elif (twice := table.recording[table.recording.duplicated()]).any():
        yield f"recordings.parquet has {twice.iloc[0]} twice"
