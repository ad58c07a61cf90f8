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
JOINTS, LIMB_JOINTS = 5, 3  # resampled; normalized
SPLITS = ("train", "validation", "test")


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
    time, table = len(recordings.label) if recordings.label.ndim else 0, recordings.table
    joints = LIMB_JOINTS if "split" in columns else JOINTS
    shapes = {"acceleration": (time, 3), "joints": (time, joints, 3), "label": (time,), "angular_velocity": (time, 3)}
    for name, shape in shapes.items():
        array, kind = getattr(recordings, name), np.dtype(np.int8 if name == "label" else np.float32)
        if array is not None and (array.shape, array.dtype) != (shape, kind):
            yield f"{name}.npy has {array.dtype} of shape {array.shape}, not {kind} of {shape}"
        elif array is not None and name not in OPTIONAL and not np.isfinite(array).all():
            yield f"{name}.npy has values that are not finite"
    if time and recordings.label.min() < HOLE:
        yield f"label.npy has {recordings.label.min()}, not {HOLE} or a class"
    if missing := set(columns) - set(table):
        yield f"recordings.parquet has no column {', '.join(sorted(missing))}"
    elif table.empty or not all(pd.api.types.is_integer_dtype(table[column]) for column in ("start", "stop")):
        yield "recordings.parquet has no recordings with a start and a stop in whole numbers"
    elif not ((table.start >= 0) & (table.start < table.stop) & (table.stop <= time)).all():
        yield f"recordings.parquet has recordings that do not lie within 0 to {time}"
    elif (table.start.to_numpy()[1:] < table.stop.to_numpy()[:-1]).any():
        yield "recordings.parquet has recordings that overlap"
    elif (twice := table.recording[table.recording.duplicated()]).any():
        yield f"recordings.parquet has {twice.iloc[0]} twice"
    elif "split" in columns and not (table.split.notna().any() and table.split.dropna().isin(SPLITS).all()):
        yield f"recordings.parquet has no splits, or others than {', '.join(SPLITS)}"
