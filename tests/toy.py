"""Small data, and runs on it that take a moment, for tests that train."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pose2imu.datasets.benchmark import Benchmark
from pose2imu.loading.batches import Windows
from pose2imu.loading.data import Data
from pose2imu.loading.sampling import RandomStarts
from pose2imu.loading.sequences import Sequences
from pose2imu.method_params import PARAMETERS, OnSequences, OnWindows
from pose2imu.params import Params, load_params
from pose2imu.preprocessing import arrays
from pose2imu.preprocessing.arrays import Recordings
from pose2imu.preprocessing.normalize import normalize
from pose2imu.preprocessing.window import window_index
from pose2imu.recipes import Recipe
from pose2imu.settings import Settings

PROJECT = Path(__file__).parents[1]
RATE, WINDOW, STRIDE = 25, 24, 12
SPLITS = ["train"] * 6 + ["validation"] * 3 + ["test"] * 3
CLASSES = ["slow", "medium", "fast"]
STATISTICS = np.array([1.0, -9.0, 2.0]), np.array([3.0, 4.0, 5.0])  # of acceleration, where a method turns sensors
# What makes a run take a moment, by the options that it has; for networks on windows, and for the others.
ON_WINDOWS: dict[str, Any] = {"epochs": 3, "patience": 3, "batch_size": 16}
ON_SEQUENCES: dict[str, dict[str, Any]] = {
    "crc": {"segments": [2, 3], "statistics": [["mean", "std"]], "standardized": [False, True]},
    "trees": {"segments": [2, 3], "trees": 20},
    "minirocket": {"kernels": 84, "length": [32, 48]},
    "strong_cnn": {"length": 32, "epochs": [2, 12], "widths": [8, 16], "batch_size": 8, "dropout": 0.0},
    "signal_image": {"length": 64, "epochs": [1, 15], "size": 48, "batch_size": 8},
}
SEQUENCE_CLASSES = 4  # of which the last does not occur
# Every method, and rows that are one of them with other parameters.
WINDOW_METHODS = [method for method, model in PARAMETERS.items() if issubclass(model, OnWindows)]
SEQUENCE_METHODS = [method for method, model in PARAMETERS.items() if issubclass(model, OnSequences)]


@cache
def params() -> Params:
    """The project's own params.yaml, without entries of own recordings: whoever works with it may have some."""
    return load_params(PROJECT / "params.yaml").model_copy(update={"own": {}})


def settings_for(row: str, seed: int = 0, **changes: Any) -> Settings[Any]:
    """A row's settings: UTD-MHAD's options, small where `changes` says nothing else."""
    method, options = params().method_of(row), params().options(row, "utd_mhad_committed")
    values = {**options.model_dump(), "device": "cpu", **ON_SEQUENCES.get(method, ON_WINDOWS), **changes}
    classes = SEQUENCE_CLASSES if method in ON_SEQUENCES else len(CLASSES)
    return Settings(PARAMETERS[method].model_validate(values), classes, WINDOW, seed, "cpu")


def recipe_for(row: str, settings: Settings[Any], benchmark: str = "toy") -> Recipe:
    """The recipe of a toy run."""
    return Recipe(benchmark=benchmark, row=row, method=params().method_of(row), options=settings.options, code={})


@cache
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


@cache
def _normalized(change_test: bool) -> Recordings:
    return normalize(toy_recordings(change_test), RATE)[0]


def toy_windows(change_test: bool = False) -> Callable[[str], Windows]:
    """The splits of toy recordings, normalised and cut as the stages do."""
    normalized = _normalized(change_test)
    index = window_index(normalized, WINDOW, STRIDE, "majority")
    return lambda split: Windows(normalized, index, split, WINDOW, "cpu", STATISTICS)


def every_start() -> RandomStarts:
    """The training split of toy recordings, to draw windows at random starts from."""
    normalized = _normalized(False)
    return RandomStarts(normalized, window_index(normalized, WINDOW, 1, "majority"), WINDOW, STRIDE, "cpu", STATISTICS)


def toy_data(change_test: bool = False) -> Data[Windows]:
    """Training and validation windows of the toy recordings."""
    windows = toy_windows(change_test)
    return Data(windows("train"), windows("validation"))


def toy_sequences(seed: int, axes: int, count: int = 24) -> Sequences:
    """Waves of unequal length whose tempo is their class."""
    random = np.random.default_rng(seed)
    label = np.arange(count) % (SEQUENCE_CLASSES - 1)
    signals = []
    for number in label:
        time = np.linspace(0, 1, random.integers(60, 90))
        wave = np.sin(2 * np.pi * (1 + 2 * number) * time) * np.exp(-number * time)
        signals.append((wave + random.normal(0, 0.1, (axes, len(time)))).astype(np.float32))
    index = pd.DataFrame({"recording": [f"r{seed}_{number}" for number in range(count)], "start": 0, "label": label})
    return Sequences(signals, index, np.full(axes, 2.0), np.full(axes, 5.0))


def benchmark_of(name: str = "toy", **changes: Any) -> Benchmark:
    """A benchmark's description; by default that of the toy recordings."""
    counts = dict.fromkeys(("train", "validation", "test"), 1)
    about: dict[str, Any] = {
        **{"benchmark": name, "dataset": "toy", "synthetic": True, "classes": CLASSES, "clips": False},
        **{"rate": RATE, "window": WINDOW, "stride": STRIDE, "windows": counts, "recordings": counts},
        "subjects": {split: ["r0"] for split in counts},
    }
    return Benchmark(**{**about, **changes})


def save_benchmark(recordings: Recordings, benchmark: Benchmark) -> None:
    """Write normalised recordings, index and statistics to data/, as the stages before training leave them."""
    name = benchmark.benchmark
    arrays.save(recordings, Path("data/normalized") / name)
    folder = Path("data/windows") / name
    folder.mkdir(parents=True)
    window_index(recordings, benchmark.window, benchmark.stride, "majority").to_parquet(folder / "index.parquet")
    streams = {"acceleration": STATISTICS, "angular_velocity": STATISTICS}
    statistics = {stream: {"mean": mean.tolist(), "std": std.tolist()} for stream, (mean, std) in streams.items()}
    (folder / "statistics.json").write_text(json.dumps(statistics))
