"""Which windows an epoch of training consists of: all of the index, or windows at random starts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import torch

from pose2imu.layout import DATA
from pose2imu.params import Label, Sampling
from pose2imu.preprocessing.arrays import Recordings, load
from pose2imu.preprocessing.batches import Windows, load_windows
from pose2imu.preprocessing.window import window_index


class RandomStarts(Windows):
    """Every window that the training recordings have, at any start; an epoch draws as many as strides would give.

    So it is in the authors' code: of a recording of N samples, N / stride windows (design.md §3), new ones each epoch.
    """

    def __init__(self, recordings: Recordings, index: pd.DataFrame, window: int, stride: int, device: str) -> None:
        """`index` is one of stride 1."""
        super().__init__(recordings, index, "train", window, device)
        samples = (recordings.table.stop - recordings.table.start).set_axis(recordings.table.recording)
        starts = self.index.groupby("recording", sort=False).size()  # in the order of the index: end to end
        draws = torch.tensor((samples[starts.index] // stride).tolist())
        count = torch.tensor(starts.tolist())
        self.count = count.repeat_interleave(draws)
        self.first = (count.cumsum(0) - count).repeat_interleave(draws)

    def drawn(self, order: torch.Generator) -> torch.Tensor:
        """Windows of random starts, by recording."""
        share = torch.rand(len(self.count), generator=order, dtype=torch.float64)
        return self.first + (share * self.count).long()


def load_training_windows(
    benchmark: Mapping[str, Any], sampling: Sampling, label: Label, device: str, signals: str = "normalized"
) -> Windows:
    """The windows of the training split; `benchmark` is the window stage's description of the benchmark, `signals`
    normalized, or virtual for the same windows of virtual sensors."""
    name, window = benchmark["benchmark"], benchmark["window"]
    if sampling == "all":
        return load_windows(name, "train", window, device, signals)
    recordings = load(DATA / signals / name)
    training = recordings.table.assign(split=recordings.table.split.where(recordings.table.split == "train", None))
    index = window_index(replace(recordings, table=training), window, 1, label)
    return RandomStarts(recordings, index, window, benchmark["stride"], device)
