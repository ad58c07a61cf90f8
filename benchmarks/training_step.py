"""Training windows a second, ours against a plain torch implementation of the same maths (benchmarks/reference.py).

Both take turns in one process, block by block, on random signals of the shapes of UTD-MHAD and MM-Fit; what is written
is the median of each and the median of their ratios. Only the ratio means anything on another machine.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from tqdm import tqdm

from benchmarks import reference
from pose2imu.atomic import replacing
from pose2imu.command import run
from pose2imu.methods import joint, regressor
from pose2imu.methods.networks import build_classifier, build_regressor
from pose2imu.params import Params, load_params
from pose2imu.preprocessing.arrays import Recordings
from pose2imu.preprocessing.batches import Windows
from pose2imu.training import Settings, keep_freed_memory, make_deterministic, optimizer_of, settings_of, train_epoch

CLASSES = {"utd_mhad": 27, "mm_fit": 11}
STEPS = 50  # of a block, after which the other has its turn


def random_windows(window: int, stride: int, count: int, classes: int) -> Windows:
    """`count` overlapping windows of one recording of noise."""
    random = np.random.default_rng(0)
    length = window + (count - 1) * stride
    signals = (random.standard_normal((length, *shape), dtype=np.float32) for shape in [(3,), (3, 3)])
    table = pd.DataFrame({"recording": ["r"], "subject": ["s"], "start": [0], "stop": [length], "split": ["train"]})
    start = np.arange(count) * stride
    index = pd.DataFrame({"recording": "r", "start": start, "label": start % classes, "split": "train"})
    return Windows(Recordings(*signals, np.zeros(length, np.int8), table), index, "train", window, "cpu")


def ours(step: str, windows: Windows, settings: Settings) -> Callable[[], object]:
    """An epoch of the training loop that every run goes through."""
    if step == "joint":
        networks = nn.ModuleDict({**build_classifier(settings), **build_regressor(settings)})
        loss = joint.objective(networks, torch.ones(settings.classes), settings)
    else:
        networks = build_regressor(settings)
        loss = regressor.objective(networks)
    optimizer, order = optimizer_of(networks, settings), torch.Generator().manual_seed(0)
    networks.train()
    return lambda: train_epoch(windows, loss, optimizer, order, settings)


def plain(step: str, windows: Windows, settings: Settings) -> Callable[[], object]:
    """The same with torch's own layers, optimizer and loader, over windows cut beforehand."""
    table = {name: settings.regressor[name] for name in ("blocks", "folded_block", "kernel_joints")}
    networks = nn.ModuleList([reference.Regressor(settings.window, **table)])
    if step == "joint":
        networks.append(reference.Classifier(settings.window, settings.classes))
    batch = windows.batch(torch.arange(len(windows)))
    cut = TensorDataset(batch.acceleration.contiguous(), batch.pose.contiguous(), batch.label)
    loader = DataLoader(cut, settings.batch_size, shuffle=True)
    optimizer = torch.optim.Adam(networks.parameters(), lr=settings.learning_rate)

    def epoch() -> None:
        for acceleration, pose, label in loader:
            if step == "joint":
                loss = reference.joint_loss(*networks, acceleration, pose, label, settings.alpha, settings.beta)
            else:
                loss = reference.regressor_loss(*networks, acceleration, pose)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    return epoch


def compare(step: str, dataset: str, params: Params, turns: int) -> dict[str, str | int | float]:
    """A row of the table."""
    window = round(params.window[dataset] * params.rate[dataset])
    stride = round(params.stride[dataset] * params.rate[dataset])
    classes = CLASSES[dataset]
    description = {"dataset": dataset, "classes": range(classes), "window": window}
    settings = settings_of(params, description, step, seed=0)
    count = STEPS * settings.batch_size
    windows = random_windows(window, stride, count, classes)
    epochs = [ours(step, windows, settings), plain(step, windows, settings)]
    seconds: list[list[float]] = [[], []]
    for turn in tqdm(range(turns + 1), desc=f"{step}, {dataset}", unit="turn"):
        for epoch, taken in zip(epochs, seconds, strict=True):
            begin = time.perf_counter()
            epoch()
            if turn > 0:  # the first warms up
                taken.append(time.perf_counter() - begin)
    left, right = (statistics.median(taken) for taken in seconds)
    ratios = [theirs / own for own, theirs in zip(*seconds, strict=True)]
    return {
        "step": step,
        "shape": dataset,
        "windows_per_second": round(count / left, 1),
        "reference_windows_per_second": round(count / right, 1),
        "ratio": round(statistics.median(ratios), 3),
    }


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("reports/benchmark.csv"), metavar="FILE")
    parser.add_argument("--turns", type=int, default=15, help="turns of each side, 20 steps a turn (%(default)s)")
    parser.add_argument("--only", nargs=2, metavar=("STEP", "SHAPE"), help="one row, for instance joint utd_mhad")
    arguments = parser.parse_args()
    params = load_params()
    make_deterministic(seed=0, threads=1)
    keep_freed_memory()
    cases = [tuple(arguments.only)] if arguments.only else list(product(("regressor", "joint"), CLASSES))
    table = pd.DataFrame([compare(step, dataset, params, arguments.turns) for step, dataset in cases])
    print(table.to_string(index=False))
    with replacing(arguments.out) as temporary:
        table.to_csv(temporary, index=False, lineterminator="\n")


run(main)
