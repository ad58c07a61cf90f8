"""A benchmark's protocol: which recordings are train, validation and test (design.md §7)."""

from typing import Any

import numpy as np
import pandas as pd

from pose2imu.errors import InputError
from pose2imu.params import Protocol

SPLITS = ("train", "validation", "test")


def split_recordings(recordings: pd.DataFrame, benchmark: Protocol) -> pd.Series:
    """The split of each row of `recordings` (columns recording, subject); NaN where the protocol leaves it out."""
    if benchmark.by == "chance":
        return _by_chance(recordings, benchmark)
    names = recordings[benchmark.by]
    split_of = {name: split for split in SPLITS for name in getattr(benchmark, split)}
    if missing := sorted(set(split_of) - set(names)):
        raise InputError(f"benchmark names the {benchmark.by} {', '.join(missing)}, which {benchmark.dataset} lacks")
    return names.map(split_of)


def _by_chance(recordings: pd.DataFrame, benchmark: Protocol) -> pd.Series:
    """Shares of the recordings, whoever performs them: the same people on both sides."""
    order = np.random.default_rng(benchmark.seed).permutation(len(recordings))
    bounds = np.round(np.cumsum([0.0, benchmark.train, benchmark.validation, benchmark.test]) * len(order)).astype(int)
    split = pd.Series(pd.NA, index=recordings.index, dtype="object")
    for name, start, stop in zip(SPLITS, bounds[:-1], bounds[1:], strict=True):
        split.iloc[order[start:stop]] = name
    return split


def describe(recordings: pd.DataFrame, windows: pd.DataFrame) -> dict[str, Any]:
    """Count windows and recordings of each split, and name its subjects."""
    of = {split: recordings[recordings.split == split] for split in SPLITS}
    return {
        "windows": {split: int((windows.split == split).sum()) for split in SPLITS},
        "recordings": {split: len(of[split]) for split in SPLITS},
        "subjects": {split: sorted(of[split].subject.unique()) for split in SPLITS},
    }
