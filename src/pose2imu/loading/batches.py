"""Windows as batches of tensors, gathered from the continuous arrays on the device: no copies, no data loader."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
import torch

from pose2imu.datasets.benchmark import Benchmark, load_statistics
from pose2imu.errors import InputError
from pose2imu.layout import NORMALIZED, WINDOWS, existing
from pose2imu.preprocessing.arrays import Recordings, load


@dataclass(frozen=True)
class Batch:
    """Windows to train on."""

    acceleration: torch.Tensor  # (windows, axes, time), in standard deviations
    pose: torch.Tensor  # (windows, coordinates, joints, time)
    label: torch.Tensor  # (windows,) class index


class Batches(Protocol):
    """Anything that windows can be drawn from by their indices."""

    device: torch.device
    drawn_on_host: bool  # whether `batch` does more than operations on the device, which a graph can replay

    def __len__(self) -> int: ...

    def epoch(self, order: torch.Generator) -> torch.Tensor:
        """Say what an epoch consists of: indices on the CPU, in no particular order."""
        ...

    def batch(self, indices: torch.Tensor) -> Batch:
        """Give the windows at `indices`, a tensor of int64 on `device`."""
        ...


class Windows:
    """The windows of one split; only that split's recordings are held.

    `statistics`, mean and standard deviation (axes,) in m/s², is what acceleration was z-scored with, for methods that
    turn sensors.
    """

    drawn_on_host = False

    def __init__(
        self,
        recordings: Recordings,
        index: pd.DataFrame,
        split: str,
        window: int,
        device: str,
        statistics: tuple[np.ndarray, np.ndarray] | None = None,
    ) -> None:
        table = recordings.table
        rows = [row for row, of in enumerate(table.split) if of == split]
        if not rows:
            raise InputError(f"no recording is of the {split} split; expected one at least")
        lengths = [int(table.stop.iat[row] - table.start.iat[row]) for row in rows]
        offset = dict(zip(table.recording.iloc[rows], np.cumsum([0, *lengths[:-1]]), strict=True))
        self.index = index[index.split == split].drop(columns="split").reset_index(drop=True)
        require_inside(self.index, table.iloc[rows], window)
        start = self.index.recording.map(offset).to_numpy(dtype=np.int64) + self.index.start.to_numpy(dtype=np.int64)
        self.device, self.statistics = torch.device(device), statistics
        self.acceleration = _every_window(self._concatenate(recordings.acceleration, recordings, rows), window)
        self.joints = _every_window(self._concatenate(recordings.joints, recordings, rows), window)
        self.start = torch.from_numpy(start).to(self.device)
        self.label = torch.from_numpy(self.index.label.to_numpy(dtype=np.int64)).to(self.device)

    def __len__(self) -> int:
        return len(self.label)

    def epoch(self, order: torch.Generator) -> torch.Tensor:
        """Take every window."""
        return torch.arange(len(self))

    def batch(self, indices: torch.Tensor) -> Batch:
        """Give the windows at `indices`, a tensor of int64 on `device`."""
        start = self.start[indices]
        return Batch(
            acceleration=self.acceleration.index_select(0, start).transpose(1, 2),
            pose=self.joints.index_select(0, start).permute(0, 3, 2, 1),
            label=self.label[indices],
        )

    def _concatenate(self, array: np.ndarray, recordings: Recordings, rows: list[int]) -> torch.Tensor:
        return torch.from_numpy(np.concatenate([array[recordings.of(row)] for row in rows])).to(self.device)


def _every_window(array: torch.Tensor, window: int) -> torch.Tensor:
    """Show (time, …) as (start, window, …): views of the same memory, of which a batch is gathered in one copy."""
    if len(array) < window:
        return array.new_empty((0, window, *array.shape[1:]))
    return array.unfold(0, window, 1).movedim(-1, 1)


class RealAndSynthetic:
    """Real windows in one or more copies, with a generated signal in place of the real one in some of them.

    `synthetic` (copies, windows) says which. `generated` gives the signals (windows, axes, time) of windows of `real`,
    from their indices and the real batch.
    """

    drawn_on_host = False

    def __init__(
        self, real: Windows, generated: Callable[[torch.Tensor, Batch], torch.Tensor], synthetic: torch.Tensor
    ) -> None:
        self.real, self.generated, self.device = real, generated, real.device
        self.copies = len(synthetic)
        self.synthetic = synthetic.flatten().to(real.device)

    def __len__(self) -> int:
        return len(self.synthetic)

    def epoch(self, order: torch.Generator) -> torch.Tensor:
        """Take all copies of the windows that an epoch of the real ones consists of."""
        copy = torch.arange(self.copies)[:, None]
        return (copy * len(self.real) + self.real.epoch(order)).flatten()

    def batch(self, indices: torch.Tensor) -> Batch:
        """Give the entries at `indices`, a tensor of int64 on `device`."""
        source = indices % len(self.real)
        real = self.real.batch(source)
        signal = torch.where(self.synthetic[indices, None, None], self.generated(source, real), real.acceleration)
        return Batch(signal, real.pose, real.label)


def load_index(benchmark: Benchmark) -> pd.DataFrame:
    """Read a benchmark's index of windows; InputError where it cannot be, or has labels of no class."""
    path = existing(WINDOWS / benchmark.benchmark / "index.parquet")
    try:
        index = pd.read_parquet(path, columns=["recording", "start", "label", "split"])
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: expected the window stage's index ({' '.join(str(error).split())})") from error
    if not all(pd.api.types.is_integer_dtype(index[column]) for column in ("start", "label")):
        raise InputError(f"{path}: expected the window stage's index, starts and labels in whole numbers")
    require_classes(index, benchmark, path)
    return index


def require_classes(index: pd.DataFrame, benchmark: Benchmark, path: Path) -> None:
    """Raise InputError that names the file where labels are of no class of the benchmark."""
    if not index.label.isin(range(len(benchmark.classes))).all():
        raise InputError(f"{path}: expected labels from 0 to {len(benchmark.classes) - 1}, for as many classes")


def require_inside(index: pd.DataFrame, recordings: pd.DataFrame, window: int) -> None:
    """Raise InputError unless an index has windows, all within their recordings, of which the table is given."""
    if index.empty:
        raise InputError("the index has no window of a split; expected one at least: make it again")
    room = index.recording.map((recordings.stop - recordings.start).set_axis(recordings.recording))
    if not (room.notna() & (index.start >= 0) & (index.start + window <= room)).all():
        raise InputError("the index has windows that lie outside their recordings: make it again")


def load_windows(benchmark: Benchmark, split: str, device: str, folder: Path = NORMALIZED) -> Windows:
    """Read the windows of one split; `folder` has the recordings of each benchmark."""
    name, index = benchmark.benchmark, load_index(benchmark)
    statistics = load_statistics(name).of(axes=3)
    return Windows(load(folder / name), index, split, benchmark.window, device, statistics)
