"""The TCN block of Table I, over (joints × time)."""

import torch
import torch.nn.functional as F
from torch import nn

from pose2imu.models.dropout import Dropout

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
        return F.conv2d(x, weight, self.bias, padding=padding, dilation=dilation)


class TCNBlock(nn.Module):
    """(conv → dropout → LeakyReLU) twice, plus a 1×1-convolution shortcut; no activation after the sum."""

    def __init__(
        self, in_channels: int, out_channels: int, kernel: tuple[int, int], dilation: int, dropout: float
    ) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            JointTimeConv2d(in_channels, out_channels, kernel, dilation),
            Dropout(dropout),
            nn.LeakyReLU(SLOPE),
            JointTimeConv2d(out_channels, out_channels, kernel, dilation),
            Dropout(dropout),
            nn.LeakyReLU(SLOPE),
        )
        self.shortcut = nn.Conv2d(in_channels, out_channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(windows, channels, joints, time) → the same with out_channels."""
        return self.layers(x) + self.shortcut(x)


def kaiming(module: nn.Module) -> None:
    """Kaiming initialisation of convolutions and linear layers, zero biases (paper, IV-C); for `module.apply`."""
    if isinstance(module, nn.Conv1d | nn.Conv2d | nn.Linear):
        nn.init.kaiming_normal_(module.weight, a=SLOPE)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
