"""MM-Fit's own network for an accelerometer (Strömbäck et al. 2020), in the places of F and C."""

import torch
from torch import nn

from pose2imu.models.classifier import AXES, FEATURES

KERNEL, STRIDE, POOL = 11, 2, 2
LAYERS = ((AXES, 9, 3), (9, 15, 3), (15, 24, 1))  # channels in, channels out, groups


class MMFitFeatureExtractor(nn.Module):
    """Three convolutions over time, each at half the length; in the first two, no axis meets another."""

    def __init__(self, window: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for channels, filters, groups in LAYERS:
            convolution = nn.Conv1d(channels, filters, KERNEL, STRIDE, padding=KERNEL // 2, groups=groups)
            layers += [convolution, nn.ReLU()]
            window = (window + STRIDE - 1) // STRIDE
        self.convolutions = nn.Sequential(*layers, nn.MaxPool1d(POOL))
        self.linear = nn.Linear(LAYERS[-1][1] * (window // POOL), FEATURES)
        self.activation = nn.ReLU()

    def forward(self, acceleration: torch.Tensor) -> torch.Tensor:
        """Map (windows, axes, time) → features (windows, 100)."""
        return self.activation(self.linear(self.convolutions(acceleration).flatten(1)))
