"""Dropout with cheaper random numbers: on a CPU, torch's own takes a fifth of a training step of R."""

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.autograd.function import once_differentiable

LEVELS = 2**16


class Dropout(nn.Module):
    """`nn.Dropout`, its mask drawn from 16 random bits an element instead of a float.

    The probability is rounded to a 65,536th (0.2 becomes 0.200005), and what is kept is scaled by exactly what is kept,
    so that the expectation is the input.
    """

    def __init__(self, probability: float) -> None:
        super().__init__()
        self.dropped = round(probability * LEVELS)
        self.scale = LEVELS / (LEVELS - self.dropped)
        # On a CPU the bits are numpy's, whose generator is twice as fast as torch's; torch's seed is its seed.
        self.generator = np.random.SFC64(int(torch.randint(2**62, ())))

    def kept(self, x: torch.Tensor) -> torch.Tensor:
        """0 for what is dropped, 1 for what is kept; of any shape, laid out in memory as x is."""
        count = (x.numel() + 3) // 4
        if x.device.type == "cpu":
            words = torch.from_numpy(self.generator.random_raw(count).view(np.int64))
        else:
            words = torch.empty(count, dtype=torch.int64, device=x.device).random_(-(2**63), None)
        bits = words.view(torch.int16)[: x.numel()].as_strided(x.size(), x.stride())
        # Compared as floats: a detour through booleans takes as long as drawing the bits.
        return bits.to(torch.float32).ge_(self.dropped - LEVELS // 2).to(x.dtype)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Any shape."""
        if not self.training or self.dropped == 0:
            return x
        return x * self.kept(x).mul_(self.scale)

    def extra_repr(self) -> str:
        return f"p={self.dropped / LEVELS:.6f}"


class DropoutLeakyReLU(Dropout):
    """Dropout, then LeakyReLU, in the memory of the input: R's time goes into memory as much as into arithmetic."""

    def __init__(self, probability: float, slope: float) -> None:
        super().__init__(probability)
        self.slope = slope

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Any shape; x itself is overwritten."""
        if not self.training or self.dropped == 0:
            return F.leaky_relu_(x, self.slope)
        return _DropoutLeakyReLU.apply(x, self.kept(x), self.scale, self.slope)

    def extra_repr(self) -> str:
        return f"{super().extra_repr()}, slope={self.slope}"


class _DropoutLeakyReLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, kept: torch.Tensor, scale: float, slope: float) -> torch.Tensor:
        small = kept.to(torch.int8)  # a byte an element until the gradient comes
        y = F.leaky_relu_(x.mul_(kept.mul_(scale)), slope)
        ctx.mark_dirty(y)
        ctx.save_for_backward(y, small)
        ctx.scale, ctx.slope = scale, slope
        return y

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        y, kept = ctx.saved_tensors
        mask = kept.to(grad.dtype).mul_(ctx.scale)
        # The sign of y is that of its input, unless that was dropped: then the mask decides.
        return torch.ops.aten.leaky_relu_backward(grad, y, ctx.slope, True).mul_(mask), None, None, None
