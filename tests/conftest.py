"""Small data for tests that train."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from torch import nn

from pose2imu.loading.batches import Windows
from pose2imu.loading.sampling import RandomStarts
from pose2imu.params import load_params
from pose2imu.preprocessing.arrays import Recordings
from pose2imu.preprocessing.normalize import normalize
from pose2imu.preprocessing.window import window_index
from pose2imu.training import Data, Settings, make_deterministic, settings_of

RATE, WINDOW = 25, 24
SPLITS = ["train"] * 6 + ["validation"] * 3 + ["test"] * 3


def toy_recordings(change_test: bool = False) -> Recordings:
    """Three activities of different tempo by twelve people, 8 s each; acceleration is the wrist's second difference."""
    random = np.random.default_rng(0)
    length = 8 * RATE
    time = np.arange(length) / RATE
    joints, labels = [], []
    for number in range(len(SPLITS)):
        label = number % 3
        phase = random.uniform(0, 6)
        swing = np.sin(2 * np.pi * (0.5 + label) * time + phase)[:, None, None] * random.uniform(0.2, 0.4)
        body = np.array([[0.2, 0.5, 0.0], [0.3, 0.2, 0.1], [0.4, 0.0, 0.2], [0.0, 0.5, 0.0], [0.0, 0.0, 0.0]])
        joints.append(body + swing * np.array([0.1, 0.5, 1.0, 0.0, 0.0])[:, None])
        labels.append(np.full(length, label, np.int8))
    wrist = np.stack(joints)[:, :, 2]
    acceleration = np.gradient(np.gradient(wrist, axis=1), axis=1) * RATE**2 + random.normal(0, 0.1, wrist.shape)
    if change_test:
        for number, split in enumerate(SPLITS):
            if split == "test":
                acceleration[number] = 1e3
                joints[number] = joints[number][::-1] * 7
                labels[number][:] = 0
    stop = np.arange(1, len(SPLITS) + 1) * length
    names = [f"r{number}" for number in range(len(SPLITS))]
    table = pd.DataFrame({"recording": names, "subject": names, "start": stop - length, "stop": stop, "split": SPLITS})
    signals = acceleration.reshape(-1, 3).astype(np.float32), np.concatenate(joints).astype(np.float32)
    return Recordings(*signals, np.concatenate(labels), table)


def toy_windows(recordings: Recordings) -> Callable[[str], Windows]:
    """The splits of toy recordings, normalised and cut as the stages do."""
    normalized, _ = normalize(recordings, RATE)
    index = window_index(normalized, WINDOW, 6, "majority")
    return lambda split: Windows(normalized, index, split, WINDOW, "cpu")


def every_start(recordings: Recordings) -> RandomStarts:
    """The training split of toy recordings, to draw windows at random starts from."""
    normalized, _ = normalize(recordings, RATE)
    return RandomStarts(normalized, window_index(normalized, WINDOW, 1, "majority"), WINDOW, 6, "cpu")


@pytest.fixture
def settings() -> Settings:
    """Three epochs of a small network; deterministic, as in the stages."""
    params = load_params()
    small = [block.model_copy(update={"in_": min(block.in_, 8), "out": 8}) for block in params.regressor.blocks]
    params = params.model_copy(update={"regressor": params.regressor.model_copy(update={"blocks": small})})
    description = {"dataset": "utd_mhad", "classes": ["slow", "medium", "fast"], "window": WINDOW}
    make_deterministic(seed=0, threads=1)
    made = settings_of(params, description, "joint_similarity", seed=0)
    return Settings(**{**vars(made), "epochs": 3, "patience": 3, "batch_size": 16})


@pytest.fixture
def data() -> Data:
    """Train and validation windows of the toy recordings."""
    windows = toy_windows(toy_recordings())
    return Data(windows("train"), windows("validation"), pretrained=nn.ModuleDict())
