"""A 2-D convolution whose gradient is cheaper than torch's own: the same sums in another order."""

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch.autograd.function import once_differentiable

from pose2imu.kernels.dropout import on_cpu


def convolve(
    x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor, padding: tuple[int, int], dilation: int
) -> torch.Tensor:
    """Compute `F.conv2d` of (windows, channels, joints, time), stride 1.

    Where autocast chooses the precision of every operation, it is torch's own.
    """
    if torch.is_autocast_enabled(x.device.type):
        return F.conv2d(x, weight, bias, padding=padding, dilation=dilation)
    return _Convolution.apply(x, weight, bias, padding, dilation)


def fastest_layout(x: torch.Tensor) -> torch.memory_format:
    """Say in which order of memory torch's convolutions of x's device are fastest: the values are the same."""
    return torch.channels_last if x.device.type == "cpu" else torch.contiguous_format


class _Convolution(torch.autograd.Function):
    """torch's gradient, but for the bias's on a CPU and the weight's on a GPU, which are slow."""

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
        of_x = input_gradient(grad, x, weight, ctx.padding, ctx.dilation) if ctx.needs_input_grad[0] else None
        return of_x, weight_gradient(grad, x, weight, ctx.padding, ctx.dilation), bias_gradient(grad), None, None


def bias_gradient(grad: torch.Tensor) -> torch.Tensor:
    """Compute the gradient of a convolution's bias, (channels,)."""
    return grad.sum((0, 2, 3))


def input_gradient(
    grad: torch.Tensor, x: torch.Tensor, weight: torch.Tensor, padding: tuple[int, int], dilation: int
) -> torch.Tensor:
    """Compute the gradient of a convolution's input, shaped as x."""
    return _torchs_gradient(grad, x, weight, padding, dilation, [True, False, False])[0]


def weight_gradient(
    grad: torch.Tensor, x: torch.Tensor, weight: torch.Tensor, padding: tuple[int, int], dilation: int
) -> torch.Tensor:
    """Compute the gradient of a convolution's weight.

    On a GPU it is a product of matrices. On a CPU, where joints are dilated, taps that reach past the first and last
    joint and meet nothing but padding are left out, on which torch spends as much as on the others.
    """
    if not on_cpu(x):
        return weight_gradient_by_products(grad, x, weight, padding, dilation)

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


def weight_gradient_by_products(
    grad: torch.Tensor, x: torch.Tensor, weight: torch.Tensor, padding: tuple[int, int], dilation: int
) -> torch.Tensor:
    """Compute the gradient of a convolution's weight as one product a window of `grad` and what its taps read, summed.

    Of cuDNN's ways for float32 those that give the same digits twice take ten times as long.
    """
    windows, filters, joints, time = grad.shape
    channels, joint_taps, time_taps = weight.shape[1:]
    read = x
    if (joint_taps, time_taps) != (1, 1):
        padded = F.pad(x, (padding[1], padding[1], padding[0], padding[0])).contiguous()
        of_window, of_channel, of_joint, of_time = padded.stride()
        read = padded.as_strided(
            (windows, channels, joint_taps, time_taps, joints, time),
            (of_window, of_channel, of_joint * dilation, of_time * dilation, of_joint, of_time),
        )
    read = read.reshape(windows, -1, joints * time)  # (windows, channels · joint taps · time taps, joints · time)
    products = grad.reshape(windows, filters, joints * time) @ read.transpose(1, 2)
    return products.sum(0).view(weight.shape)


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
