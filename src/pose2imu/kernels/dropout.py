"""Dropout with cheaper random numbers: on a CPU, torch's own takes a fifth of a training step of R."""

import math
from typing import Any, NamedTuple

import numba
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.autograd.function import once_differentiable

LEVELS = 2**8


class Factor(NamedTuple):
    """Dropout, then LeakyReLU, as what it is: a multiplication by a factor that follows from random bits and a sign.

    So is its gradient; and the sign after it is the sign before, wherever nothing is dropped.
    """

    bits: np.ndarray  # (n,) uint8
    lowest_kept: int
    scale: np.float32  # of what is kept
    slope: np.float32  # of LeakyReLU below zero; 1: dropout alone


class Dropout(nn.Module):
    """`nn.Dropout`, which on a CPU draws its mask from eight random bits an element instead of a float.

    Between the two thresholds next to the probability each call takes one by chance, so that an element is dropped
    with that very probability.
    """

    def __init__(self, probability: float) -> None:
        super().__init__()
        self.probability = probability
        # numpy's generator is twice as fast as torch's; torch's seed is its seed.
        self.generator = np.random.Generator(np.random.SFC64(int(torch.randint(2**62, ()))))

    def factor(self, count: int, slope: float) -> Factor:
        """Give a fresh draw for `count` elements."""
        if self.probability == 0:
            return Factor(np.zeros(count, np.uint8), 0, np.float32(1), np.float32(slope))
        bits = self.generator.bit_generator.random_raw((count + 7) // 8).view(np.uint8)[:count]
        lowest = math.floor(self.probability * LEVELS + self.generator.random())
        return Factor(bits, lowest, np.float32(1 / (1 - self.probability)), np.float32(slope))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map any shape to itself."""
        if not self.training or self.probability == 0:
            return x
        if on_cpu(x):
            return _Dropout.apply(x, self.factor(x.numel(), slope=1))
        return F.dropout(x, self.probability)

    def extra_repr(self) -> str:
        return f"p={self.probability}"


class _Dropout(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, factor: Factor) -> torch.Tensor:
        ctx.factor = factor
        y = torch.empty_like(x)
        multiply(array(x), array(x), array(y), *factor)
        ctx.strides = y.stride()
        return y

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, None]:
        of_x = torch.empty_strided(grad.shape, ctx.strides)
        grad = grad if grad.stride() == ctx.strides else of_x.clone().copy_(grad)
        multiply(array(grad), array(grad), array(of_x), *ctx.factor)
        return of_x, None


def on_cpu(x: torch.Tensor) -> bool:
    """Tell whether x is a CPU's, in full precision: elsewhere torch's own operations are as fast as any."""
    return x.device.type == "cpu" and not torch.is_autocast_enabled("cpu")


def array(x: torch.Tensor) -> np.ndarray:
    """Give the elements of x, which has no gaps, in the order of memory (n,): no copy."""
    return x.as_strided((x.numel(),), (1,)).numpy()


@numba.njit(inline="always")
def _factor(x: np.float32, bits: int, lowest: int, scale: np.float32, slope: np.float32) -> np.float32:
    kept = scale if bits >= lowest else np.float32(0)
    return kept if x > 0 else kept * slope


@numba.njit(cache=True)
def multiply(
    values: np.ndarray,
    x: np.ndarray,
    out: np.ndarray,
    bits: np.ndarray,
    lowest: int,
    scale: np.float32,
    slope: np.float32,
) -> None:
    """Set out = values times the factors at x, before or after it went through them; arrays (n,).

    `out` must be memory of its own, else the loop is not vectorised and takes six times as long.
    """
    for i in range(x.size):
        out[i] = values[i] * _factor(x[i], bits[i], lowest, scale, slope)


@numba.njit(cache=True)
def add_product(
    x: np.ndarray, out: np.ndarray, bits: np.ndarray, lowest: int, scale: np.float32, slope: np.float32
) -> None:
    """Do out += x times its factors; arrays (n,), and `out` memory of its own."""
    for i in range(x.size):
        out[i] += x[i] * _factor(x[i], bits[i], lowest, scale, slope)
