"""What is classified whole: the clips of a dataset that has clips, the windows of one whose recordings hold many
activities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pose2imu.errors import InputError
from pose2imu.layout import DATA
from pose2imu.preprocessing.arrays import Recordings, load
from pose2imu.preprocessing.resample import HOLE


@dataclass(frozen=True)
class Sequences:
    """Signals of any length, each with one label."""

    signals: list[np.ndarray]  # each (axes, time) float32, in standard deviations: acceleration, then angular velocity
    index: pd.DataFrame  # one row each: recording, start, label

    def __len__(self) -> int:
        return len(self.signals)

    @property
    def label(self) -> np.ndarray:
        """(sequences,) class index."""
        return self.index.label.to_numpy(dtype=np.int64)


def concatenated(parts: Sequence[Sequences]) -> Sequences:
    """All of them in one."""
    signals = [signal for part in parts for signal in part.signals]
    return Sequences(signals, pd.concat([part.index for part in parts], ignore_index=True))


def load_sequences(benchmark: Mapping[str, Any], split: str, axes: int) -> Sequences:
    """The sequences of one split; `benchmark` is the window stage's description of the benchmark."""
    name = benchmark["benchmark"]
    recordings = load(DATA / "normalized" / name)
    table = recordings.table[recordings.table.split == split]
    if benchmark["clips"]:
        index = pd.DataFrame({"recording": table.recording, "start": 0, "label": -1})
        length = (table.stop - table.start).to_numpy()
    else:
        index = pd.read_parquet(DATA / "windows" / f"{name}.parquet")
        index = index[index.split == split].drop(columns="split")
        length = np.full(len(index), benchmark["window"])
    begin = index.recording.map(table.set_index("recording").start).to_numpy() + index.start.to_numpy()
    if benchmark["clips"]:
        index["label"] = [_label(recordings.label[start : start + n]) for start, n in zip(begin, length, strict=True)]
    streams = _streams(recordings, axes, name)
    signals = [
        np.concatenate([stream[start : start + n] for stream in streams], axis=1).T
        for start, n in zip(begin, length, strict=True)
    ]
    return Sequences(signals, index.astype({"start": np.int32, "label": np.int8}).reset_index(drop=True))


def _label(labels: np.ndarray) -> int:
    return int(labels[labels != HOLE][0])


def _streams(recordings: Recordings, axes: int, name: str) -> list[np.ndarray]:
    if axes == 3:
        return [recordings.acceleration]
    if recordings.angular_velocity is None:
        raise InputError(f"data/normalized/{name}: has no angular velocity, which a method of six axes needs")
    return [recordings.acceleration, recordings.angular_velocity]
