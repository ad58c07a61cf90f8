"""All recordings of a dataset end to end, as plain .npy files that can be memory-mapped (design.md §2)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pose2imu.atomic import replacing
from pose2imu.errors import InputError

HOLE = -1  # label of a sample that would be interpolated over a hole in a stream
OPTIONAL = ("angular_velocity",)
ARRAYS = ("acceleration", "joints", "label", *OPTIONAL)


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


def load(folder: Path) -> Recordings:
    """Open what `save` wrote, arrays memory-mapped."""
    try:
        arrays = {
            name: np.load(path, mmap_mode="r")
            for name in ARRAYS
            if (path := folder / f"{name}.npy").exists() or name not in OPTIONAL
        }
        table = pd.read_parquet(folder / "recordings.parquet")
    except (OSError, ValueError) as error:
        raise InputError(f"{folder}: expected the arrays of an earlier stage ({error})") from error
    return Recordings(**arrays, table=table)
