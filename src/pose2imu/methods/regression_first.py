"""Regression-first: R is trained alone, then F and C on real and synthetic windows (paper, IV-B and Fig. 2)."""

from collections.abc import Callable

import torch
from torch import nn

from pose2imu.methods.networks import build_classifier, generate, train_classifier
from pose2imu.preprocessing.batches import Batch, RealAndSynthetic
from pose2imu.training import Data, Settings, Trained


def train(data: Data, settings: Settings) -> Trained:
    """Train F and C on every real window and on the synthetic window of the same pose."""
    real = torch.zeros(len(data.train), dtype=torch.bool)
    return train_on(data, settings, synthetic=torch.stack([real, ~real]))


def train_on(data: Data, settings: Settings, synthetic: torch.Tensor) -> Trained:
    """Train F and C on copies of the training windows, with R's signal for the real one where `synthetic`, a tensor
    (copies, windows), says so."""
    windows = RealAndSynthetic(data.train, signals(data, settings), synthetic)
    trained = train_classifier(build_classifier(settings), windows, data, settings)
    return Trained(nn.ModuleDict({**trained.networks, **data.pretrained}), trained.curves)


def signals(data: Data, settings: Settings) -> Callable[[torch.Tensor, Batch], torch.Tensor]:
    """R's signals of training windows: of all of them once, or of each batch where no window need come twice."""
    if settings.sampling == "all":
        generated = generate(data.pretrained, data.train).to(data.train.device)
        return lambda indices, _: generated[indices]

    @torch.no_grad()
    def of_batch(_: torch.Tensor, real: Batch) -> torch.Tensor:
        return data.pretrained["regressor"](real.pose).to(real.acceleration.dtype)

    return of_batch
