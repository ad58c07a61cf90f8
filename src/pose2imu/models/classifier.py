"""Table II: the feature extractor F and the classifier C."""

import torch
from torch import nn

from pose2imu.kernels.convolution import convolve, fastest_layout
from pose2imu.kernels.dropout import Dropout
from pose2imu.models.tcn import SLOPE, kaiming

AXES, FILTERS, KERNEL, FEATURES, DROPOUT = 3, 9, 9, 100, 0.2


class FeatureBlock(nn.Module):
    """A row of Table II: convolution over time, LeakyReLU, BatchNorm, Dropout."""

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        # Table II's "stride 9/2" is the padding (design.md §5).
        self.convolution = nn.Conv1d(in_channels, FILTERS, KERNEL, padding=KERNEL // 2)
        self.activation = nn.LeakyReLU(SLOPE)
        self.norm = nn.BatchNorm2d(FILTERS)
        self.dropout = Dropout(DROPOUT)

    def forward(self, x: torch.Tensor, batches: int) -> torch.Tensor:
        """Map (windows, channels, 1, time) → the same with 9 channels; see `FeatureExtractor.forward` for `batches`."""
        assert self.convolution.bias is not None
        weight = self.convolution.weight.unsqueeze(2)
        x = self.activation(convolve(x, weight, self.convolution.bias, (0, KERNEL // 2), dilation=1))
        if self.training and batches > 1:
            return self.dropout(torch.cat([self.norm(batch) for batch in x.chunk(batches)]))
        return self.dropout(self.norm(x))


class FeatureExtractor(nn.Module):
    """F: three 1-D convolutions, max-pooling after the first and second (the text of III-B), and a linear layer."""

    def __init__(self, window: int) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(FeatureBlock(channels) for channels in (AXES, FILTERS, FILTERS))
        self.pool = nn.MaxPool2d((1, 2))
        self.linear = nn.Linear(FILTERS * (window // 2 // 2), FEATURES)
        self.activation = nn.LeakyReLU(SLOPE)
        self.apply(kaiming)

    def forward(self, acceleration: torch.Tensor, batches: int = 1) -> torch.Tensor:
        """Map (windows, axes, time) → features (windows, 100).

        The windows may be several batches of one size, end to end. In training BatchNorm then normalises each by its
        own statistics, and its running ones take them in turn: the result of one pass per batch, at less cost.
        """
        first, second, third = self.blocks
        # A 2-D convolution, which on a CPU is faster than torch's over time alone.
        x = acceleration.unsqueeze(2).contiguous(memory_format=fastest_layout(acceleration))
        x = third(self.pool(second(self.pool(first(x, batches)), batches)), batches)
        return self.activation(self.linear(x.flatten(1)))


class Classifier(nn.Module):
    """C: one linear layer on F's features."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.linear = nn.Linear(FEATURES, classes)
        self.apply(kaiming)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Map features (windows, 100) → logits (windows, classes)."""
        return self.linear(features)
