"""Fixtures of tests that train."""

import pytest
import torch
from torch import nn

from pose2imu.loading.batches import Windows
from pose2imu.loading.data import Data
from pose2imu.methods import networks, signal_image
from pose2imu.models.regressor import BLOCK_5, TABLE_I
from pose2imu.settings import Settings
from pose2imu.training import make_deterministic
from tests.toy import toy_data


@pytest.fixture
def small_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Table I with few channels, and a small network in place of EfficientNet; deterministic, as in the stages."""
    small = [block._replace(channels=min(block.channels, 8), filters=8) for block in TABLE_I]
    monkeypatch.setattr(networks, "TABLE_I", small)
    monkeypatch.setattr(networks, "BLOCK_5", BLOCK_5._replace(channels=3 * 8, filters=8))

    def build(settings: Settings) -> nn.Module:
        torch.manual_seed(settings.seed)
        first = nn.Sequential(nn.Conv2d(3, 16, 5, stride=2), nn.BatchNorm2d(16), nn.ReLU())
        second = nn.Sequential(nn.Conv2d(16, 32, 5, stride=2), nn.BatchNorm2d(32), nn.ReLU())
        return nn.Sequential(first, second, nn.AdaptiveMaxPool2d(3), nn.Flatten(), nn.Linear(288, settings.classes))

    monkeypatch.setattr(signal_image, "build", build)
    make_deterministic(seed=0, threads=1)


@pytest.fixture
def data(small_networks: None) -> Data[Windows]:
    """Training and validation windows of the toy recordings."""
    return toy_data()
