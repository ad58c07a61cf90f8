"""An epoch of training on noise of a dataset's shapes: ours, and the same with torch's own layers and loader."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from pose2imu.loading.batches import Batch, Windows
from pose2imu.methods import joint
from pose2imu.methods import regressor as regressor_alone
from pose2imu.methods.networks import build_classifier, build_regressor
from pose2imu.models.regressor import BLOCK_5, TABLE_I
from pose2imu.params import Params
from pose2imu.preprocessing.arrays import Recordings
from pose2imu.settings import Settings
from pose2imu.steps import Loss, Steps
from pose2imu.training import optimizer_of, train_epoch
from speed import reference

CLASSES = {"utd_mhad": 27, "mm_fit": 11}


def random_windows(window: int, stride: int, count: int, classes: int, device: str = "cpu") -> Windows:
    """Make `count` overlapping windows of one recording of noise, in standard deviations of 1 m/s²."""
    random = np.random.default_rng(0)
    length = window + (count - 1) * stride
    acceleration, joints = (random.standard_normal((length, *shape), dtype=np.float32) for shape in [(3,), (3, 3)])
    table = pd.DataFrame({"recording": ["r"], "subject": ["s"], "start": [0], "stop": [length], "split": ["train"]})
    start = np.arange(count) * stride
    index = pd.DataFrame(
        {"recording": "r", "start": start, "label": (start % classes).astype(np.int8), "split": "train"}
    )
    recordings = Recordings(acceleration, joints, np.zeros(length, np.int8), table)
    return Windows(recordings, index, "train", window, device, statistics=(np.zeros(3), np.ones(3)))


def settings_for(step: str, dataset: str, params: Params, samples: int | None = None) -> Settings[Any]:
    """Take params.yaml's settings of a dataset for a row, with windows of `samples` where given; on the CPU."""
    benchmark = next(name for name, protocol in params.protocols.items() if protocol.dataset == dataset)
    window = samples or round(params.of(dataset, "window") * params.of(dataset, "rate"))
    return Settings(params.options(step, benchmark), CLASSES[dataset], window, seed=0, device="cpu")


def plain_regressor(settings: Settings[Any]) -> reference.Regressor:
    """Build R by Table I, plainly written."""
    folded = getattr(settings.options, "folded", False)
    return reference.Regressor(settings.window, TABLE_I, BLOCK_5 if folded else None)


def ours(step: str, windows: Windows, settings: Settings[Any]) -> Callable[[], object]:
    """Make an epoch of the training loop that every run goes through."""
    networks, loss = networks_of(step, settings)
    options = settings.options
    steps = Steps(windows, loss, optimizer_of(networks, options), options.precision, options.graphs)
    order = torch.Generator().manual_seed(0)
    networks.train()
    return lambda: train_epoch(steps, order, options.batch_size)


def networks_of(step: str, settings: Settings[Any]) -> tuple[nn.ModuleDict, Loss]:
    """Build what a step trains, and its loss."""
    if step == "regressor":
        networks = build_regressor(settings)
        return networks, regressor_alone.objective(networks)
    if step == "joint":
        networks = nn.ModuleDict({**build_classifier(settings), **build_regressor(settings)})
        return networks, joint.objective(networks, torch.ones(settings.classes, device=settings.device), settings)
    networks = build_classifier(settings)

    def loss(batch: Batch) -> dict[str, torch.Tensor]:
        logits = networks["classifier"](networks["features"](batch.acceleration))
        return {"loss": F.cross_entropy(logits, batch.label)}

    return networks, loss


def plain(step: str, windows: Windows, settings: Settings[Any]) -> Callable[[], object]:
    """Make the same with torch's own layers, optimizer and loader, over windows cut beforehand.

    Its two-dimensional convolutions have channels last, torch's advice for a CPU.
    """
    options, regressor = settings.options, plain_regressor(settings)
    classifier = reference.Classifier(settings.window, settings.classes)
    trained = nn.ModuleList([regressor, classifier] if step == "joint" else [regressor])
    regressor.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    batch = windows.batch(torch.arange(len(windows)))
    cut = TensorDataset(batch.acceleration.contiguous(), batch.pose.contiguous(), batch.label)
    loader = DataLoader(cut, options.batch_size, shuffle=True)
    optimizer = torch.optim.Adam(trained.parameters(), lr=options.learning_rate)

    def epoch() -> None:
        for acceleration, cut_pose, label in loader:
            pose = cut_pose.contiguous(memory_format=torch.channels_last)
            if step == "joint":
                weights = options.alpha, options.beta
                loss = reference.joint_loss(regressor, classifier, acceleration, pose, label, *weights)
            else:
                loss = reference.regressor_loss(regressor, acceleration, pose)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    return epoch


def median_seconds(work: Callable[[], object], repeats: int) -> float:
    """Measure work that is done over and over, once more to warm up."""
    taken = []
    for _ in range(repeats + 1):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken[1:])
