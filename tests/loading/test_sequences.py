"""Whole clips, or the windows of recordings that are none."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pose2imu.datasets.benchmark import Benchmark, load_statistics
from pose2imu.errors import InputError
from pose2imu.loading.sequences import Sequences, concatenated, load_sequences
from pose2imu.preprocessing.arrays import HOLE
from tests.preprocessing.test_window import recordings
from tests.toy import STATISTICS, benchmark_of, save_benchmark

WINDOWS = benchmark_of(window=3, stride=2)
CLIPS, PLAIN = WINDOWS.model_copy(update={"clips": True}), benchmark_of("plain", window=3, stride=2, clips=True)
PARTS = recordings([HOLE, 1, 1, 1], [2] * 5, [0] * 6, splits=("train", "test", "train"))


@pytest.fixture(autouse=True)
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the stages before leave them; the angular velocity is the acceleration, negated."""
    monkeypatch.chdir(tmp_path)
    save_benchmark(replace(PARTS, angular_velocity=-PARTS.acceleration), WINDOWS)
    save_benchmark(PARTS, PLAIN)


def load(benchmark: Benchmark, split: str, axes: int) -> Sequences:
    return load_sequences(benchmark, split, axes, load_statistics(benchmark.benchmark))


def test_clips_are_whole_and_of_their_split_alone() -> None:
    clips = load(CLIPS, "train", axes=6)
    assert [signal.shape for signal in clips.signals] == [(6, 4), (6, 6)]
    assert clips.signals[1][0].tolist() == [9, 10, 11, 12, 13, 14]
    np.testing.assert_array_equal(clips.signals[1][3:], -clips.signals[1][:3])
    assert clips.label.tolist() == [1, 0]
    assert clips.index.recording.tolist() == ["w00", "w02"]


def test_windows_are_those_of_the_index() -> None:
    windows = load(WINDOWS, "train", axes=3)
    assert [signal[0].tolist() for signal in windows.signals] == [[9, 10, 11], [11, 12, 13]]
    assert windows.index[["recording", "start", "label"]].to_numpy().tolist() == [["w02", 0, 0], ["w02", 2, 0]]
    test = load(WINDOWS, "test", axes=3)
    assert concatenated([windows, test]).label.tolist() == [0, 0, 2, 2]


def test_six_axes_need_an_angular_velocity() -> None:
    with pytest.raises(InputError, match="data/normalized/plain: has no angular velocity"):
        load(PLAIN, "train", axes=6)


def test_they_come_with_what_they_were_z_scored_with() -> None:
    windows = load(WINDOWS, "train", axes=3)
    np.testing.assert_array_equal([windows.mean, windows.std], STATISTICS)
    clips = concatenated([load(CLIPS, split, axes=6) for split in ("train", "test")])
    np.testing.assert_array_equal([clips.mean, clips.std], np.tile(STATISTICS, 2))
