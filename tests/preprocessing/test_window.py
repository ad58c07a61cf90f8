"""The index of windows, and the windows gathered from it."""

import numpy as np
import pandas as pd
import torch
from hypothesis import given
from hypothesis import strategies as st

from pose2imu.loading.batches import RealAndSynthetic, Windows
from pose2imu.preprocessing.arrays import HOLE, Recordings
from pose2imu.preprocessing.window import window_index


def recordings(*labels: list[int], splits: tuple[str | None, ...] = ()) -> Recordings:
    """Recordings whose signals count their samples, so that a window says where it came from."""
    stop = np.cumsum([len(part) for part in labels])
    time = np.arange(stop[-1], dtype=np.float32)
    names = [f"w{number:02}" for number in range(len(labels))]
    table = pd.DataFrame({"recording": names, "subject": names, "start": [0, *stop[:-1]], "stop": stop})
    table["split"] = splits or ["train"] * len(labels)
    acceleration = np.stack([time, time + 1000, time + 2000], axis=1)
    joints = np.repeat(acceleration[:, None], 3, axis=1) + np.array([0, 10_000, 20_000], np.float32)[:, None]
    return Recordings(acceleration, joints, np.concatenate(labels).astype(np.int8), table)


def test_starts_and_majority_labels() -> None:
    index = window_index(recordings([0, 0, 0, 1, 1, 1, 1, 2]), window=4, stride=2, label="majority")
    assert index.start.tolist() == [0, 2, 4]
    assert index.label.tolist() == [0, 1, 1]


def test_midpoint_labels() -> None:
    index = window_index(recordings([0, 0, 5, 0, 1, 1]), window=4, stride=1, label="midpoint")
    assert index.label.tolist() == [5, 0, 1]


def test_a_recording_shorter_than_a_window_has_none() -> None:
    index = window_index(recordings([0, 0], [1, 1, 1]), window=3, stride=1, label="majority")
    assert index.recording.tolist() == ["w01"]


def test_windows_that_touch_a_hole_and_recordings_out_of_the_protocol_are_left_out() -> None:
    parts = recordings([0, 0, HOLE, 0, 0, 0], [1, 1, 1], splits=("train", None))
    index = window_index(parts, window=2, stride=1, label="majority")
    assert index.start.tolist() == [0, 3, 4]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60), st.integers(1, 12), st.integers(1, 7))
def test_majority_against_counting(labels: list[int], window: int, stride: int) -> None:
    index = window_index(recordings(labels), window, stride, label="majority")
    assert len(index) == max((len(labels) - window) // stride + 1, 0)
    for start, label in zip(index.start, index.label, strict=True):
        counts = np.bincount(labels[start : start + window], minlength=4)
        assert counts[label] == counts.max()


def test_gathered_windows_are_the_slices_the_index_names() -> None:
    parts = recordings([0] * 10, [1] * 10, [2] * 10, splits=("train", "test", "train"))
    index = window_index(parts, window=4, stride=3, label="majority")
    windows = Windows(parts, index, "train", 4, "cpu")
    assert len(windows) == 6
    batch = windows.batch(torch.tensor([1, 3]))
    assert batch.acceleration[:, 1].tolist() == [[1003, 1004, 1005, 1006], [1020, 1021, 1022, 1023]]
    # Pose is (windows, coordinates, joints, time).
    assert batch.pose.shape == (2, 3, 3, 4)
    assert batch.pose[1, 2, 1].tolist() == [12020, 12021, 12022, 12023]
    assert batch.label.tolist() == [0, 2]


def test_a_split_holds_no_other_splits_samples() -> None:
    parts = recordings([0] * 10, [1] * 10, splits=("train", "test"))
    windows = Windows(parts, window_index(parts, 4, 3, "majority"), "train", 4, "cpu")
    assert windows.acceleration[:, 0, 0].tolist() == list(range(7))  # 10 samples: 7 windows of 4
    assert windows.acceleration[-1, :, 0].tolist() == [6, 7, 8, 9]


def test_synthetic_signals_take_the_place_of_real_ones() -> None:
    parts = recordings([0] * 4, [1] * 4)
    real = Windows(parts, window_index(parts, 4, 1, "majority"), "train", 4, "cpu")
    generated = torch.stack([torch.full((3, 4), -1.0), torch.full((3, 4), -2.0)])
    mixed = RealAndSynthetic(real, lambda indices, _: generated[indices], torch.tensor([[False, False], [False, True]]))
    assert len(mixed) == 4
    assert mixed.epoch(torch.Generator()).tolist() == [0, 1, 2, 3]
    batch = mixed.batch(torch.tensor([3, 1]))
    assert (batch.acceleration[0] == -2).all()
    assert batch.acceleration[1, 0].tolist() == [4, 5, 6, 7]
    assert batch.label.tolist() == [1, 1]
