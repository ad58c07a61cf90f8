"""Table II: the feature extractor F and the classifier C."""

import torch
from torch import nn

from pose2imu.models.dropout import Dropout
from pose2imu.models.tcn import SLOPE, kaiming

AXES, FILTERS, KERNEL, FEATURES, DROPOUT = 3, 9, 9, 100, 0.2


def _convolution(in_channels: int) -> list[nn.Module]:
    # Table II's "stride 9/2" is the padding (design.md §5).
    convolution = nn.Conv1d(in_channels, FILTERS, KERNEL, padding=KERNEL // 2)
    return [convolution, nn.LeakyReLU(SLOPE), nn.BatchNorm1d(FILTERS), Dropout(DROPOUT)]


class FeatureExtractor(nn.Module):
    """F: three 1-D convolutions, max-pooling after the first and second (the text of III-B), and a linear layer."""

    def __init__(self, window: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *_convolution(AXES),
            nn.MaxPool1d(2),
            *_convolution(FILTERS),
            nn.MaxPool1d(2),
            *_convolution(FILTERS),
            nn.Flatten(),
            nn.Linear(FILTERS * (window // 2 // 2), FEATURES),
            nn.LeakyReLU(SLOPE),
        )
        self.apply(kaiming)

    def forward(self, acceleration: torch.Tensor) -> torch.Tensor:
        """(windows, axes, time) → features (windows, 100)."""
        return self.layers(acceleration)


class Classifier(nn.Module):
    """C: one linear layer on F's features."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.linear = nn.Linear(FEATURES, classes)
        self.apply(kaiming)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Features (windows, 100) → logits (windows, classes)."""
        return self.linear(features)
