"""The regressor of `synthetic_clips`: from what physics reads in poses to what a sensor reads, over any length."""

import torch
import torch.nn.functional as F
from torch import nn

CHANNELS, KERNEL, BLOCKS, AXES = 48, 5, 3, 3


class PoseRegressor(nn.Module):
    """One convolution, residual blocks of one convolution each, and a linear layer to three axes."""

    def __init__(self, features: int, dropout: float) -> None:
        super().__init__()
        self.first = nn.Conv1d(features, CHANNELS, KERNEL, padding=KERNEL // 2)
        self.blocks = nn.ModuleList(nn.Conv1d(CHANNELS, CHANNELS, KERNEL, padding=KERNEL // 2) for _ in range(BLOCKS))
        self.dropout = dropout
        self.last = nn.Conv1d(CHANNELS, AXES, 1)

    def forward(self, x: torch.Tensor, dropout: bool = False) -> torch.Tensor:
        """Features (clips, features, time) → acceleration (clips, axes, time), both in standard deviations.

        `dropout` leaves out whole channels of a clip: in training, and where one pose is to give many signals.
        """
        x = self.first(x)
        for block in self.blocks:
            x = x + F.dropout1d(F.relu(block(F.relu(x))), self.dropout, training=dropout)
        return self.last(x)
