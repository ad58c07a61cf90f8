"""A compact residual 1-D CNN for whole clips; ours, after the ResNets of time-series classification."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import nn

KERNEL = 5


class ResidualBlock(nn.Module):
    """Two convolutions over time, each after BatchNorm and ReLU, at half the length, plus a 1×1 shortcut."""

    def __init__(self, in_channels: int, out_channels: int, dropout: float) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.BatchNorm1d(in_channels),
            nn.ReLU(),
            nn.Conv1d(in_channels, out_channels, KERNEL, stride=2, padding=KERNEL // 2),
            nn.BatchNorm1d(out_channels),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Conv1d(out_channels, out_channels, KERNEL, padding=KERNEL // 2),
        )
        self.shortcut = nn.Conv1d(in_channels, out_channels, 1, stride=2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map (clips, channels, time) → (clips, out channels, time / 2)."""
        return self.layers(x) + self.shortcut(x)


class ResidualCNN(nn.Module):
    """Residual blocks of growing width, then mean and maximum over time, then one linear layer."""

    def __init__(self, in_channels: int, widths: Sequence[int], classes: int, dropout: float) -> None:
        super().__init__()
        channels = [widths[0], *widths]
        self.norm = nn.BatchNorm1d(in_channels, affine=False)  # inputs of different units
        self.stem = nn.Conv1d(in_channels, widths[0], KERNEL, padding=KERNEL // 2)
        self.blocks = nn.Sequential(*(ResidualBlock(*pair, dropout) for pair in pairwise(channels)))
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(2 * widths[-1], classes))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map (clips, channels, time) → logits (clips, classes)."""
        x = torch.relu(self.blocks(self.stem(self.norm(x))))
        return self.head(torch.cat([x.mean(dim=2), x.amax(dim=2)], dim=1))
