"""Statistics of a sequence's segments: the features of methods that learn nothing from raw signals."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

STATISTICS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "mean": lambda part: part.mean(axis=1),
    "std": lambda part: part.std(axis=1),
    "variance": lambda part: part.var(axis=1),
    "rms": lambda part: np.sqrt((part**2).mean(axis=1)),
    "min": lambda part: part.min(axis=1),
    "max": lambda part: part.max(axis=1),
    "median": lambda part: np.median(part, axis=1),
}


def segment_statistics(signals: Sequence[np.ndarray], segments: int, statistics: Sequence[str]) -> np.ndarray:
    """Give (sequences, segments · statistics · axes) of signals (axes, time), each cut into equally long segments."""
    return np.array([_of_one(signal.astype(np.float64), segments, statistics) for signal in signals])


def _of_one(signal: np.ndarray, segments: int, statistics: Sequence[str]) -> np.ndarray:
    parts = np.array_split(signal, segments, axis=1)
    return np.concatenate([STATISTICS[name](part) for part in parts for name in statistics])
