"""The paper's own rows where sensor data is scarce: windows, real ones where there is sensor data, R's everywhere.

baseline: F and C on real windows. regression_first: R on the pairs, then F and C on real windows and on R's of all
poses. joint: R, F and C at once, with the MSE of the pairs. A clip's class is that of the mean over its windows.
Training is so many steps, for there is no sensor data to spare for early stopping.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from tqdm import trange

from pose2imu.loading.clips import Clips, Needs
from pose2imu.loading.data import State
from pose2imu.method_params import ScarceWindows
from pose2imu.methods import Fitted
from pose2imu.methods.clip_classifiers import passes
from pose2imu.methods.networks import restored, state_of
from pose2imu.models.classifier import Classifier, FeatureExtractor
from pose2imu.models.regressor import TABLE_I, Regressor
from pose2imu.preprocessing.normalize import normalize_skeleton
from pose2imu.settings import Settings
from pose2imu.training import PROGRESS_SECONDS

NEEDS = Needs()
SHOWN = 20  # points of a learning curve


class Windows(NamedTuple):
    """Windows of clips."""

    acceleration: torch.Tensor  # (windows, axes, time), in standard deviations of the sensor data there is
    pose: torch.Tensor  # (windows, coordinates, joints, time), in units of equation 3
    label: torch.Tensor  # (windows,)

    def of(self, rows: torch.Tensor) -> "Windows":
        """Take some windows."""
        return Windows(*(part[rows] for part in self))


def fit(clips: Clips, settings: Settings[ScarceWindows]) -> Fitted:
    """Train by the scheme of the options; poses of clips without sensor data are read by R alone."""
    options, pairs = settings.options, clips.pairs()
    signals = np.concatenate(pairs.signals(), axis=1)
    scale = {"data.mean": signals.mean(axis=1, keepdims=True), "data.std": signals.std(axis=1, keepdims=True)}
    window = round(options.window * clips.rate)
    torch.manual_seed(settings.seed)
    networks = build(settings, window)
    real, random = windows_of(pairs, scale, options), torch.Generator().manual_seed(settings.seed)
    poses = windows_of(clips, scale, options)
    curve: list[Any] = []
    if options.scheme == "regression_first":
        curve += _train("R", networks, real, poses, settings, random)
    curve += _train(options.scheme, networks, real, poses, settings, random)
    state = {**state_of(networks), **scale, "data.window": np.array(window)}
    return Fitted(state, curve)


def predict(state: State, clips: Clips, settings: Settings[ScarceWindows]) -> np.ndarray:
    """Give (clips, classes): the mean of its windows' probabilities."""
    networks = restored(
        build(settings, int(state["data.window"])), {n: a for n, a in state.items() if "data." not in n}
    )
    with torch.inference_mode():
        spoken = []
        for row in range(len(clips)):
            windows = windows_of(clips.take(np.array([row])), state, settings.options)
            logits = networks["classifier"](networks["features"](windows.acceleration))
            spoken.append(F.softmax(logits, dim=1).mean(dim=0).numpy())
    return np.array(spoken)


def build(settings: Settings[ScarceWindows], window: int) -> nn.ModuleDict:
    """Build R, F and C (Tables I and II)."""
    return nn.ModuleDict(
        {
            "features": FeatureExtractor(window),
            "classifier": Classifier(settings.classes),
            "regressor": Regressor(window, TABLE_I),
        }
    )


def windows_of(clips: Clips, scale: State, options: ScarceWindows) -> Windows:
    """Cut clips into windows; what a clip does not have, sensor data or poses, is zeros."""
    window, stride = (round(seconds * clips.rate) for seconds in (options.window, options.stride))
    acceleration, pose, label = [], [], []
    for signal, joints, value in zip(clips.acceleration, clips.joints, clips.label, strict=True):
        length = len(joints) if joints is not None else signal.shape[1] if signal is not None else 0
        z_scored = np.zeros((3, length)) if signal is None else (signal - scale["data.mean"]) / scale["data.std"]
        limb = np.zeros((length, 3, 3)) if joints is None else normalize_skeleton(joints, clips.rate)
        for start in range(0, length - window + 1, stride):
            acceleration.append(z_scored[:, start : start + window])
            pose.append(limb[start : start + window].transpose(2, 1, 0))
            label.append(value)
    signals, poses = (torch.from_numpy(np.array(part, np.float32)) for part in (acceleration, pose))
    return Windows(signals, poses, torch.tensor(label))


def _train(
    what: str,
    networks: nn.ModuleDict,
    real: Windows,
    poses: Windows,
    settings: Settings[ScarceWindows],
    random: torch.Generator,
) -> Iterator[dict[str, Any]]:
    """Train by one scheme, or R alone, in place; yields the learning curve."""
    options = settings.options
    networks.train()
    optimizer = torch.optim.Adam(networks.parameters(), lr=options.window_rate)
    size, steps = options.batch_size, options.window_steps
    rows = [passes(len(windows.label), steps * size, random).split(size) for windows in (real, poses)]
    losses: list[float] = []
    for step in trange(steps, desc=what, unit="step", mininterval=PROGRESS_SECONDS):
        loss = _loss(what, networks, real.of(rows[0][step]), poses.of(rows[1][step]), options)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
        if (step + 1) * SHOWN // steps > step * SHOWN // steps:
            yield {"network": what, "step": step + 1, "loss": float(np.mean(losses))}
            losses = []
    networks.eval()


def _loss(what: str, networks: nn.ModuleDict, real: Windows, poses: Windows, options: ScarceWindows) -> torch.Tensor:
    """Compute the loss of a batch of pairs and a batch of poses (eq. 7, without similarity)."""
    if what == "R":
        return F.mse_loss(networks["regressor"](real.pose), real.acceleration)
    if what == "baseline":
        return F.cross_entropy(networks["classifier"](networks["features"](real.acceleration)), real.label)
    with torch.set_grad_enabled(what == "joint"):
        written = networks["regressor"](poses.pose)
    features = networks["features"](torch.cat([real.acceleration, written]), batches=2)
    of_real, of_written = networks["classifier"](features).chunk(2)
    activity = F.cross_entropy(of_real, real.label) + F.cross_entropy(of_written, poses.label)
    if what == "regression_first":
        return activity
    mse = F.mse_loss(networks["regressor"](real.pose), real.acceleration)
    return mse + options.alpha * activity
