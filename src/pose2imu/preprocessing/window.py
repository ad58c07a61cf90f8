"""Sliding windows as an index into the recordings, never copies of the signal (paper, IV-A)."""

from typing import Literal

import numpy as np
import pandas as pd

from pose2imu.preprocessing.arrays import HOLE, Recordings


def window_index(
    recordings: Recordings, window: int, stride: int, label: Literal["majority", "midpoint"]
) -> pd.DataFrame:
    """Give one row per window: recording, start (sample within its recording), label, split.

    `window` and `stride` are in samples. Windows that touch a hole in a stream are left out, and so are recordings that
    the protocol leaves out.
    """
    parts = []
    for row, (name, split) in enumerate(zip(recordings.table.recording, recordings.table.split, strict=True)):
        if not isinstance(split, str):
            continue
        labels = np.asarray(recordings.label[recordings.of(row)])
        start = np.arange(0, len(labels) - window + 1, stride)
        whole = ~_contains(labels == HOLE, start, window)
        start = start[whole]
        chosen = majority_label(labels, start, window) if label == "majority" else labels[start + window // 2]
        part = {"recording": name, "start": start.astype(np.int32), "label": chosen.astype(np.int8), "split": split}
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True)


def majority_label(labels: np.ndarray, start: np.ndarray, window: int) -> np.ndarray:
    """Give the class held longest in each window; of two held equally long, the first one in the class list."""
    classes = np.unique(labels[labels != HOLE])
    if not len(start):
        return np.empty(0, labels.dtype)
    counts = np.stack([_count(labels == value, start, window) for value in classes])
    return classes[counts.argmax(axis=0)]


def _contains(flags: np.ndarray, start: np.ndarray, window: int) -> np.ndarray:
    return _count(flags, start, window) > 0


def _count(flags: np.ndarray, start: np.ndarray, window: int) -> np.ndarray:
    total = np.concatenate([[0], np.cumsum(flags)])
    return total[start + window] - total[start]
