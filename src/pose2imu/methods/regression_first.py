"""Regression-first: R is trained alone, then F and C on real and synthetic windows (paper, IV-B and Fig. 2)."""

import torch
from torch import nn

from pose2imu.methods.networks import generate, train_classifier
from pose2imu.preprocessing.batches import RealAndSynthetic
from pose2imu.training import Data, Settings, Trained


def train(data: Data, settings: Settings) -> Trained:
    """Train F and C on every real window and on the synthetic window of the same pose."""
    n = len(data.train)
    return train_on(data, settings, source=torch.arange(n).repeat(2), synthetic=torch.arange(2 * n) >= n)


def train_on(data: Data, settings: Settings, source: torch.Tensor, synthetic: torch.Tensor) -> Trained:
    """Train F and C on the training windows `source` (n,), with R's signal for the real one where `synthetic` (n,)."""
    generated = generate(data.pretrained, data.train)
    windows = RealAndSynthetic(data.train, generated, source, synthetic)
    trained = train_classifier(windows, data, settings)
    return Trained(nn.ModuleDict({**trained.networks, **data.pretrained}), trained.curves)
