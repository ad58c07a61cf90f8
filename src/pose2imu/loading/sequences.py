"""What is classified whole: the clips of a dataset that has clips, the windows of one whose recordings hold many
activities."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pose2imu.datasets.benchmark import AllStatistics, Benchmark
from pose2imu.errors import InputError
from pose2imu.layout import NORMALIZED
from pose2imu.loading.batches import load_index, require_classes, require_inside
from pose2imu.preprocessing.arrays import HOLE, Recordings, load


@dataclass(frozen=True)
class Sequences:
    """Signals of any length, each with one label."""

    signals: list[np.ndarray]  # each (axes, time) float32, in standard deviations: acceleration, then angular velocity
    index: pd.DataFrame  # one row each: recording, start, label
    mean: np.ndarray  # (axes,) of the training recordings, in m/s² and rad/s: what the signals were z-scored with
    std: np.ndarray

    def __len__(self) -> int:
        return len(self.signals)

    @property
    def label(self) -> np.ndarray:
        """Give class indices (sequences,)."""
        return self.index.label.to_numpy(dtype=np.int64)


def concatenated(parts: Sequence[Sequences]) -> Sequences:
    """Join sequences of one benchmark."""
    signals = [signal for part in parts for signal in part.signals]
    index = pd.concat([part.index for part in parts], ignore_index=True)
    return Sequences(signals, index, parts[0].mean, parts[0].std)


def load_sequences(benchmark: Benchmark, split: str, axes: int, statistics: AllStatistics) -> Sequences:
    """Read the sequences of one split."""
    name = benchmark.benchmark
    recordings = load(NORMALIZED / name)
    table = recordings.table[recordings.table.split == split]
    if benchmark.clips:
        index = pd.DataFrame({"recording": table.recording, "start": 0, "label": -1})
        length = (table.stop - table.start).to_numpy()
    else:
        index = load_index(benchmark)
        index = index[index.split == split].drop(columns="split")
        require_inside(index, table, benchmark.window)
        length = np.full(len(index), benchmark.window)
    begin = index.recording.map(table.set_index("recording").start).to_numpy() + index.start.to_numpy()
    if benchmark.clips:
        index["label"] = [_label(recordings.label[start : start + n]) for start, n in zip(begin, length, strict=True)]
        require_classes(index, benchmark, NORMALIZED / name / "label.npy")
    streams = _streams(recordings, axes, name)
    signals = [
        np.concatenate([stream[start : start + n] for stream in streams], axis=1).T
        for start, n in zip(begin, length, strict=True)
    ]
    holes = [name for name, signal in zip(index.recording, signals, strict=True) if np.isnan(signal).any()]
    if holes:
        raise InputError(f"{NORMALIZED / name}: angular velocity has holes in {holes[0]}; six axes need it whole")
    index = index.astype({"start": np.int32, "label": np.int8}).reset_index(drop=True)
    return Sequences(signals, index, *statistics.of(axes))


def _label(labels: np.ndarray) -> int:
    """Give the class of a clip; HOLE, which is none, of one that is all hole."""
    return int(next(iter(labels[labels != HOLE]), HOLE))


def _streams(recordings: Recordings, axes: int, name: str) -> list[np.ndarray]:
    if axes == 3:
        return [recordings.acceleration]
    if recordings.angular_velocity is None:
        raise InputError(f"{NORMALIZED / name}: has no angular velocity, which a method of six axes needs")
    return [recordings.acceleration, recordings.angular_velocity]
