"""A 2-D convolution whose gradient is cheaper on a CPU than torch's own: the same sums in another order."""

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch.autograd.function import once_differentiable


def convolve(
    x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor, padding: tuple[int, int], dilation: int
) -> torch.Tensor:
    """`F.conv2d` of (windows, channels, joints, time), stride 1.

    On a GPU, and where autocast chooses the precision of every operation, it is torch's own.
    """
    if x.device.type != "cpu" or torch.is_autocast_enabled("cpu"):
        return F.conv2d(x, weight, bias, padding=padding, dilation=dilation)
    return _Convolution.apply(x, weight, bias, padding, dilation)


class _Convolution(torch.autograd.Function):
    """What torch's gradient spends on a CPU without need: a slow sum for the bias, and, where joints are dilated, taps
    that reach past the first and last joint and meet nothing but padding."""

    @staticmethod
    def forward(
        ctx: Any, x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor, padding: tuple[int, int], dilation: int
    ) -> torch.Tensor:
        ctx.save_for_backward(x, weight)
        ctx.padding, ctx.dilation = padding, dilation
        return F.conv2d(x, weight, bias, padding=padding, dilation=dilation)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        x, weight = ctx.saved_tensors
        of_x = None
        if ctx.needs_input_grad[0]:
            of_x = _torchs_gradient(grad, x, weight, ctx.padding, ctx.dilation, [True, False, False])[0]
        return of_x, _weight_gradient(grad, x, weight, ctx.padding, ctx.dilation), grad.sum((0, 2, 3)), None, None


def _weight_gradient(
    grad: torch.Tensor, x: torch.Tensor, weight: torch.Tensor, padding: tuple[int, int], dilation: int
) -> torch.Tensor:
    def of(grad: torch.Tensor, x: torch.Tensor, weight: torch.Tensor, padding: tuple[int, int]) -> torch.Tensor:
        return _torchs_gradient(grad, x, weight, padding, dilation, [False, True, False])[1]

    joints, taps = x.shape[2], weight.shape[2]
    if dilation == 1 or taps == 1:
        return of(grad, x, weight, padding)
    # One convolution over time per joint tap, of the pairs of joints that it connects.
    parts = []
    for tap in range(taps):
        offset = tap * dilation - padding[0]
        into, out_of = slice(max(-offset, 0), joints - max(offset, 0)), slice(max(offset, 0), joints + min(offset, 0))
        parts.append(of(grad[:, :, into], x[:, :, out_of], weight[:, :, tap : tap + 1], (0, padding[1])))
    return torch.cat(parts, dim=2)


def _torchs_gradient(
    grad: torch.Tensor,
    x: torch.Tensor,
    weight: torch.Tensor,
    padding: Sequence[int],
    dilation: int,
    wanted: list[bool],
) -> Any:
    return torch.ops.aten.convolution_backward(
        grad, x, weight, None, (1, 1), padding, (dilation, dilation), False, (0, 0), 1, wanted
    )
