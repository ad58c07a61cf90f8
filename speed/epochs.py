"""An epoch of training on noise of a dataset's shapes: ours, and the same with torch's own layers and loader."""

from collections.abc import Callable

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
from pose2imu.params import Params
from pose2imu.preprocessing.arrays import Recordings
from pose2imu.training import Settings, optimizer_of, settings_of, train_epoch
from speed import reference

CLASSES = {"utd_mhad": 27, "mm_fit": 11}


def random_windows(window: int, stride: int, count: int, classes: int) -> Windows:
    """`count` overlapping windows of one recording of noise."""
    random = np.random.default_rng(0)
    length = window + (count - 1) * stride
    acceleration, joints = (random.standard_normal((length, *shape), dtype=np.float32) for shape in [(3,), (3, 3)])
    table = pd.DataFrame({"recording": ["r"], "subject": ["s"], "start": [0], "stop": [length], "split": ["train"]})
    start = np.arange(count) * stride
    index = pd.DataFrame(
        {"recording": "r", "start": start, "label": (start % classes).astype(np.int8), "split": "train"}
    )
    return Windows(Recordings(acceleration, joints, np.zeros(length, np.int8), table), index, "train", window, "cpu")


def settings_for(step: str, dataset: str, params: Params, samples: int | None = None) -> Settings:
    """params.yaml's settings of a dataset, with windows of `samples` where given."""
    window = samples or round(params.window[dataset] * params.rate[dataset])
    return settings_of(params, {"dataset": dataset, "classes": range(CLASSES[dataset]), "window": window}, step, seed=0)


def ours(step: str, windows: Windows, settings: Settings) -> Callable[[], object]:
    """An epoch of the training loop that every run goes through."""
    if step == "regressor":
        networks = build_regressor(settings)
        loss = regressor_alone.objective(networks)
    elif step == "joint":
        networks = nn.ModuleDict({**build_classifier(settings), **build_regressor(settings)})
        loss = joint.objective(networks, torch.ones(settings.classes), settings)
    else:
        networks = build_classifier(settings)

        def loss(batch: Batch) -> dict[str, torch.Tensor]:
            logits = networks["classifier"](networks["features"](batch.acceleration))
            return {"loss": F.cross_entropy(logits, batch.label)}

    optimizer, order = optimizer_of(networks, settings), torch.Generator().manual_seed(0)
    networks.train()
    return lambda: train_epoch(windows, loss, optimizer, order, settings.batch_size, settings.precision)


def plain(step: str, windows: Windows, settings: Settings) -> Callable[[], object]:
    """The same with torch's own layers, optimizer and loader, over windows cut beforehand."""
    table = {name: settings.regressor[name] for name in ("blocks", "folded_block", "kernel_joints")}
    regressor = reference.Regressor(settings.window, **table)
    classifier = reference.Classifier(settings.window, settings.classes)
    trained = nn.ModuleList([regressor, classifier] if step == "joint" else [regressor])
    batch = windows.batch(torch.arange(len(windows)))
    cut = TensorDataset(batch.acceleration.contiguous(), batch.pose.contiguous(), batch.label)
    loader = DataLoader(cut, settings.batch_size, shuffle=True)
    optimizer = torch.optim.Adam(trained.parameters(), lr=settings.learning_rate)

    def epoch() -> None:
        for acceleration, pose, label in loader:
            if step == "joint":
                weights = settings.alpha, settings.beta
                loss = reference.joint_loss(regressor, classifier, acceleration, pose, label, *weights)
            else:
                loss = reference.regressor_loss(regressor, acceleration, pose)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    return epoch
