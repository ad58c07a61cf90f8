"""Table I: the regressor R, from a limb's joints to its accelerometer."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import nn

from pose2imu.kernels.convolution import fastest_layout
from pose2imu.kernels.linear import Linear
from pose2imu.models.tcn import TCNBlock, kaiming

COORDINATES, JOINTS, AXES = 3, 3, 3
KERNEL_JOINTS = 3  # of the kernels of Table I, which are (joints × time)


class Block(NamedTuple):
    """A row of Table I: a TCN block. Kernels are odd, so that their padding keeps the length."""

    channels: int  # in
    filters: int  # channels out
    kernel: int  # over time
    dilation: int
    dropout: float


# Blocks 1 to 4. The table gives block 4 32 channels out, of which block 5 takes 16: settled as 16 (design.md §5).
TABLE_I = (
    Block(3, 32, kernel=3, dilation=1, dropout=0.0),
    Block(32, 32, kernel=3, dilation=2, dropout=0.2),
    Block(32, 32, kernel=3, dilation=4, dropout=0.2),
    Block(32, 16, kernel=1, dilation=1, dropout=0.2),
)
# Over time only, after the joints are folded into channels; UTD-MHAD has none (paper, III-B).
BLOCK_5 = Block(JOINTS * 16, 16, kernel=3, dilation=1, dropout=0.1)


class Regressor(nn.Module):
    """Four TCN blocks over (joints × time), a fifth over time on joints folded into channels, and a linear layer.

    Table I contradicts itself on the channels of blocks 4 and 5; design.md §5 says how that is settled. UTD-MHAD has no
    fifth block (paper, III-B). `output_gain` scales the last layer's Kaiming initialisation (1: the paper's).
    """

    def __init__(
        self,
        window: int,
        blocks: Sequence[Block] = TABLE_I,
        folded_block: Block | None = None,
        output_gain: float = 1.0,
    ) -> None:
        super().__init__()
        self.window = window
        self.blocks = nn.Sequential(*(_tcn(block, KERNEL_JOINTS) for block in blocks))
        self.folded_block = _tcn(folded_block, 1) if folded_block else None
        channels = folded_block.filters if folded_block else blocks[-1].filters * JOINTS
        self.linear = Linear(channels * window, AXES * window)
        self.apply(kaiming)
        with torch.no_grad():
            self.linear.weight.mul_(output_gain)

    def forward(self, pose: torch.Tensor) -> torch.Tensor:
        """Map poses (windows, coordinates, joints, time) → acceleration (windows, axes, time), in deviations."""
        x = self.blocks(pose.contiguous(memory_format=fastest_layout(pose)))
        if self.folded_block is not None:
            # (windows, channels · joints, 1, time), as channels-last memory has them.
            x = self.folded_block(x.permute(0, 3, 1, 2).flatten(2).transpose(1, 2).unsqueeze(2))
        # Flattened in the order in which channels-last memory has them (joints, time, channels): there no copy.
        return self.linear(x.permute(0, 2, 3, 1).flatten(1)).unflatten(1, (AXES, self.window))


def _tcn(block: Block, kernel_joints: int) -> TCNBlock:
    return TCNBlock(block.channels, block.filters, (kernel_joints, block.kernel), block.dilation, block.dropout)
