"""A training pass through a TCN block on a CPU, with as few trips to memory as its convolutions allow.

R's time on a CPU goes into memory as much as into arithmetic. The maths is that of `TCNBlock.forward`'s plain lines,
which a GPU, autocast and inference take, and which the tests hold this against.
"""

from typing import Any

import torch
import torch.nn.functional as F
from torch.autograd.function import once_differentiable

from pose2imu.kernels.convolution import bias_gradient, input_gradient, weight_gradient
from pose2imu.kernels.dropout import Dropout, add_product, array, multiply


class FusedBlock(torch.autograd.Function):
    """conv → dropout → LeakyReLU, twice, plus a 1×1 convolution of the input."""

    @staticmethod
    def forward(
        ctx: Any,
        x: torch.Tensor,
        weight_1: torch.Tensor,
        bias_1: torch.Tensor,
        weight_2: torch.Tensor,
        bias_2: torch.Tensor,
        shortcut: torch.Tensor,
        shortcut_bias: torch.Tensor,
        geometry: dict[str, Any],
        dropouts: tuple[Dropout, Dropout],
        slope: float,
    ) -> torch.Tensor:
        """Map x (windows, channels, joints, time) → the same with out channels; `geometry` is padding and dilation."""
        x = _channels_last(x)
        inner = _channels_last(F.conv2d(x, weight_1, bias_1, **geometry))
        factors = [dropout.factor(inner.numel(), slope) for dropout in dropouts]
        hidden = torch.empty_like(inner)
        multiply(array(inner), array(inner), array(hidden), *factors[0])
        inner = _channels_last(F.conv2d(hidden, weight_2, bias_2, **geometry))
        y = torch.empty_like(inner)
        torch.addmm(shortcut_bias, _rows(x), shortcut[:, :, 0, 0].t(), out=_rows(y))
        add_product(array(inner), array(y), *factors[1])
        ctx.save_for_backward(x, weight_1, hidden, weight_2, inner, shortcut)
        ctx.geometry, ctx.factors = geometry, factors
        return y

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """Give gradients of x, the weights and the biases."""
        x, weight_1, hidden, weight_2, inner, shortcut = ctx.saved_tensors
        grad = _channels_last(grad)
        of_2 = torch.empty_like(grad)
        multiply(array(grad), array(inner), array(of_2), *ctx.factors[1])
        of_hidden = _channels_last(input_gradient(of_2, hidden, weight_2, **ctx.geometry))
        of_1 = torch.empty_like(of_hidden)
        multiply(array(of_hidden), array(hidden), array(of_1), *ctx.factors[0])
        of_x = None
        if ctx.needs_input_grad[0]:
            of_x = _channels_last(input_gradient(of_1, x, weight_1, **ctx.geometry))
            _rows(of_x).addmm_(_rows(grad), shortcut[:, :, 0, 0])
        return (
            of_x,
            weight_gradient(of_1, x, weight_1, **ctx.geometry),
            bias_gradient(of_1),
            weight_gradient(of_2, hidden, weight_2, **ctx.geometry),
            bias_gradient(of_2),
            weight_gradient(grad, x, shortcut, padding=(0, 0), dilation=1),
            bias_gradient(grad),
            *(None, None, None),
        )


def _channels_last(x: torch.Tensor) -> torch.Tensor:
    # The layout in which torch's CPU convolutions are fastest, and in which they answer: a copy only where it is not.
    return x.contiguous(memory_format=torch.channels_last)


def _rows(x: torch.Tensor) -> torch.Tensor:
    """Give (windows, channels, joints, time) in channels-last memory → (windows · joints · time, channels), no copy."""
    return x.permute(0, 2, 3, 1).view(-1, x.shape[1])
