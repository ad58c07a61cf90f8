"""The TCN block of Table I, over (joints × time)."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from pose2imu.kernels.convolution import convolve
from pose2imu.kernels.dropout import Dropout, on_cpu
from pose2imu.kernels.fused import FusedBlock

SLOPE = 0.01  # of every LeakyReLU


class JointTimeConv2d(nn.Conv2d):
    """A 2-D convolution over (joints × time), dilated on both axes, zero "same" padding.

    With few joints and a wide dilation, kernel taps reach past the first and last joint and multiply nothing but
    padding (three joints, d = 4: only the joint itself is left). They are cut before the convolution: the same sums,
    and their weights get a gradient of zero, as they would.
    """

    def __init__(self, in_channels: int, out_channels: int, kernel: tuple[int, int], dilation: int) -> None:
        super().__init__(in_channels, out_channels, kernel, dilation=dilation)

    def cut(self, joints: int) -> tuple[torch.Tensor, dict[str, Any]]:
        """Give the weight without the taps that meet only padding, and the padding and dilation that go with it."""
        joint_taps, time_taps = self.kernel_size
        dilation = self.dilation[0]
        beyond = max(joint_taps // 2 - (joints - 1) // dilation, 0)
        padding = ((joint_taps // 2 - beyond) * dilation, time_taps // 2 * dilation)
        return self.weight[:, :, beyond : joint_taps - beyond], {"padding": padding, "dilation": dilation}

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map (windows, channels, joints, time) → the same with out_channels."""
        weight, geometry = self.cut(x.shape[2])
        assert self.bias is not None
        return convolve(x, weight, self.bias, **geometry)


class TCNBlock(nn.Module):
    """(conv → dropout → LeakyReLU) twice, plus a 1×1-convolution shortcut; no activation after the sum."""

    def __init__(
        self, in_channels: int, out_channels: int, kernel: tuple[int, int], dilation: int, dropout: float
    ) -> None:
        super().__init__()
        self.first = JointTimeConv2d(in_channels, out_channels, kernel, dilation)
        self.first_dropout = Dropout(dropout)
        self.second = JointTimeConv2d(out_channels, out_channels, kernel, dilation)
        self.second_dropout = Dropout(dropout)
        self.shortcut = JointTimeConv2d(in_channels, out_channels, (1, 1), 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map (windows, channels, joints, time) → the same with out_channels."""
        if self.training and on_cpu(x):
            return self._fused(x)
        y = F.leaky_relu(self.first_dropout(self.first(x)), SLOPE)
        y = F.leaky_relu(self.second_dropout(self.second(y)), SLOPE)
        return y + self.shortcut(x)

    def _fused(self, x: torch.Tensor) -> torch.Tensor:
        (weight_1, geometry), (weight_2, _) = (conv.cut(x.shape[2]) for conv in (self.first, self.second))
        weights = weight_1, self.first.bias, weight_2, self.second.bias, self.shortcut.weight, self.shortcut.bias
        return FusedBlock.apply(x, *weights, geometry, (self.first_dropout, self.second_dropout), SLOPE)


def kaiming(module: nn.Module) -> None:
    """Initialise, after Kaiming, convolutions and linear layers, zero biases (paper, IV-C); for `module.apply`."""
    if isinstance(module, nn.Conv1d | nn.Conv2d | nn.Linear):
        nn.init.kaiming_normal_(module.weight, a=SLOPE)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
