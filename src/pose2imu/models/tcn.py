"""The TCN block of Table I, over (joints × time)."""

import torch
from torch import nn

from pose2imu.models.convolution import convolve
from pose2imu.models.dropout import DropoutLeakyReLU

SLOPE = 0.01  # of every LeakyReLU


class JointTimeConv2d(nn.Conv2d):
    """A 2-D convolution over (joints × time), dilated on both axes, zero "same" padding.

    With few joints and a wide dilation, kernel taps reach past the first and last joint and multiply nothing but
    padding (three joints, d = 4: only the joint itself is left). They are cut before the convolution: the same sums,
    and their weights get a gradient of zero, as they would.
    """

    def __init__(self, in_channels: int, out_channels: int, kernel: tuple[int, int], dilation: int) -> None:
        super().__init__(in_channels, out_channels, kernel, dilation=dilation)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(windows, channels, joints, time) → the same with out_channels."""
        joint_taps, time_taps = self.kernel_size
        dilation = self.dilation[0]
        beyond = max(joint_taps // 2 - (x.shape[2] - 1) // dilation, 0)
        weight = self.weight[:, :, beyond : joint_taps - beyond]
        padding = ((joint_taps // 2 - beyond) * dilation, time_taps // 2 * dilation)
        assert self.bias is not None
        return convolve(x, weight, self.bias, padding, dilation)


class TCNBlock(nn.Module):
    """(conv → dropout → LeakyReLU) twice, plus a 1×1-convolution shortcut; no activation after the sum."""

    def __init__(
        self, in_channels: int, out_channels: int, kernel: tuple[int, int], dilation: int, dropout: float
    ) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            JointTimeConv2d(in_channels, out_channels, kernel, dilation),
            DropoutLeakyReLU(dropout, SLOPE),
            JointTimeConv2d(out_channels, out_channels, kernel, dilation),
            DropoutLeakyReLU(dropout, SLOPE),
        )
        self.shortcut = JointTimeConv2d(in_channels, out_channels, (1, 1), 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(windows, channels, joints, time) → the same with out_channels."""
        y = self.layers(x)
        return self.shortcut(x).add_(y)


def kaiming(module: nn.Module) -> None:
    """Kaiming initialisation of convolutions and linear layers, zero biases (paper, IV-C); for `module.apply`."""
    if isinstance(module, nn.Conv1d | nn.Conv2d | nn.Linear):
        nn.init.kaiming_normal_(module.weight, a=SLOPE)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
