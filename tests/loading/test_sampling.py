"""The windows of an epoch: all of the index, or as many at random starts."""

from pathlib import Path

import numpy as np
import pytest
import torch

from pose2imu.loading.sampling import RandomStarts, load_training_windows
from pose2imu.preprocessing.arrays import HOLE
from tests.preprocessing.test_window import recordings
from tests.toy import STATISTICS, benchmark_of, save_benchmark

WINDOW, STRIDE = 4, 3
# Twenty samples, eleven of another split, fewer than a window, and ten with a hole in the middle.
LABELS = [0] * 12 + [1] * 8, [5] * 11, [2] * 3, [3] * 4 + [HOLE] + [4] * 5
PARTS = recordings(*LABELS, splits=("train", "validation", "train", "train"))
BENCHMARK = benchmark_of(window=WINDOW, stride=STRIDE, classes=[str(label) for label in range(6)])


@pytest.fixture
def random_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RandomStarts:
    """As a training stage loads them."""
    monkeypatch.chdir(tmp_path)
    save_benchmark(PARTS, BENCHMARK)
    loaded = load_training_windows(BENCHMARK, "random_start", "majority", "cpu")
    assert isinstance(loaded, RandomStarts)
    assert loaded.statistics is not None
    np.testing.assert_array_equal(loaded.statistics, STATISTICS)
    return loaded


def test_a_recording_gives_as_many_windows_as_its_samples_make_strides(random_starts: RandomStarts) -> None:
    drawn = random_starts.epoch(torch.Generator().manual_seed(0))
    assert random_starts.index.recording[drawn.numpy()].value_counts().to_dict() == {"w00": 20 // 3, "w03": 10 // 3}


def test_every_start_that_a_recording_has_is_drawn_and_no_other(random_starts: RandomStarts) -> None:
    order = torch.Generator().manual_seed(0)
    epochs = [random_starts.epoch(order) for _ in range(200)]
    assert not torch.equal(epochs[0], epochs[1])
    batch = random_starts.batch(torch.cat(epochs).unique())
    # The signal counts samples over all recordings: w00 has 0-19, w03 has 34-43 with its hole at 38.
    assert batch.acceleration[:, 0, 0].tolist() == [*range(17), 34, 39, 40]
    counted = [np.bincount(np.concatenate(LABELS)[int(t) : int(t) + WINDOW]) for t in batch.acceleration[:, 0, 0]]
    assert all(counts[label] == counts.max() for counts, label in zip(counted, batch.label.tolist(), strict=True))


def test_the_same_seed_draws_the_same(random_starts: RandomStarts) -> None:
    one, again = (random_starts.epoch(torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(one, again)


def test_all_windows_are_those_of_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    save_benchmark(PARTS, BENCHMARK)
    windows = load_training_windows(BENCHMARK, "all", "majority", "cpu")
    assert windows.epoch(torch.Generator()).tolist() == list(range(len(windows)))
    assert windows.batch(torch.arange(len(windows))).acceleration[:, 0, 0].tolist() == [0, 3, 6, 9, 12, 15, 34, 40]
