"""Which windows an epoch of training consists of: all of the index, or windows at random starts."""

from dataclasses import replace

import numpy as np
import pandas as pd
import torch

from pose2imu.datasets.benchmark import Benchmark, load_statistics
from pose2imu.layout import NORMALIZED, VIRTUAL
from pose2imu.loading.batches import Windows, load_windows, require_classes
from pose2imu.method_params import Label, Sampling
from pose2imu.preprocessing.arrays import Recordings, load
from pose2imu.preprocessing.window import window_index


class RandomStarts(Windows):
    """Every window that the training recordings have, at any start; an epoch draws as many as strides would give.

    So it is in the authors' code: of a recording of N samples, N / stride windows (design.md §3), new ones each epoch.
    """

    def __init__(
        self,
        recordings: Recordings,
        index: pd.DataFrame,
        window: int,
        stride: int,
        device: str,
        statistics: tuple[np.ndarray, np.ndarray] | None = None,
    ) -> None:
        """Take windows by an `index` of stride 1."""
        super().__init__(recordings, index, "train", window, device, statistics)
        samples = (recordings.table.stop - recordings.table.start).set_axis(recordings.table.recording)
        starts = self.index.groupby("recording", sort=False).size()  # in the order of the index: end to end
        draws = torch.tensor((samples[starts.index] // stride).tolist())
        count = torch.tensor(starts.tolist())
        self.count = count.repeat_interleave(draws)
        self.first = (count.cumsum(0) - count).repeat_interleave(draws)

    def epoch(self, order: torch.Generator) -> torch.Tensor:
        """Draw windows of random starts, by recording."""
        share = torch.rand(len(self.count), generator=order, dtype=torch.float64)
        return self.first + (share * self.count).long()


def load_training_windows(
    benchmark: Benchmark, sampling: Sampling, label: Label, device: str, *, virtual: bool = False
) -> Windows:
    """Read the windows of the training split, or with `virtual` the same windows of virtual sensors."""
    folder, name, window = VIRTUAL if virtual else NORMALIZED, benchmark.benchmark, benchmark.window
    if sampling == "all":
        return load_windows(benchmark, "train", device, folder)
    recordings = load(folder / name)
    training = recordings.table.assign(split=recordings.table.split.where(recordings.table.split == "train", None))
    index = window_index(replace(recordings, table=training), window, 1, label)
    require_classes(index, benchmark, folder / name / "label.npy")
    statistics = load_statistics(name).of(axes=3)
    return RandomStarts(recordings, index, window, benchmark.stride, device, statistics)
