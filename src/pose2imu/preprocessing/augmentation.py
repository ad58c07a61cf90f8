"""Random changes of whole clips that leave their activity as it is, drawn anew each time a clip is trained on."""

from collections.abc import Sequence

import numpy as np
import torch
from scipy.spatial.transform import Rotation


def padded(signals: Sequence[np.ndarray]) -> tuple[torch.Tensor, torch.Tensor]:
    """Signals (axes, time) of any length as one tensor (clips, axes, longest), and their lengths (clips,)."""
    length = torch.tensor([signal.shape[1] for signal in signals])
    out = torch.zeros(len(signals), signals[0].shape[0], int(length.max()))
    for row, signal in zip(out, signals, strict=True):
        row[:, : signal.shape[1]] = torch.from_numpy(signal)
    return out, length


def whole(length: torch.Tensor, samples: int) -> torch.Tensor:
    """Moments (clips, samples) evenly spread over clips of some length."""
    return torch.linspace(0, 1, samples) * (length[:, None] - 1)


def cropped_and_warped(
    length: torch.Tensor, samples: int, crop: float, warp: float, random: torch.Generator
) -> torch.Tensor:
    """Moments (clips, samples) that rise over a random part, of at least 1 - `crop` of a clip, at a tempo that varies.

    `warp` is the standard deviation of the tempo's logarithm at three knots, between which it is linear.
    """
    n = len(length)
    part = 1 - crop * torch.rand(n, 1, generator=random)
    begin = (1 - part) * torch.rand(n, 1, generator=random)
    knots = warp * torch.randn(n, 1, 3, generator=random)
    tempo = torch.nn.functional.interpolate(knots, samples - 1, mode="linear", align_corners=True)[:, 0].exp()
    passed = torch.cat([torch.zeros(n, 1), tempo.cumsum(dim=1)], dim=1)
    return (begin + part * passed / passed[:, -1:]) * (length[:, None] - 1)


def at_moments(signals: torch.Tensor, moments: torch.Tensor) -> torch.Tensor:
    """Padded signals (clips, axes, time) at moments (clips, samples) in samples, by linear interpolation."""
    before = moments.floor().clamp(max=signals.shape[2] - 2).long()
    share = (moments - before)[:, None]
    index = before[:, None].expand(-1, signals.shape[1], -1)
    return signals.gather(2, index) * (1 - share) + signals.gather(2, index + 1) * share


def rotations(count: int, degrees: float, random: np.random.Generator) -> torch.Tensor:
    """(count, 3, 3) rotations about random axes, by angles that are normal with a standard deviation in degrees: how
    else the sensor might sit."""
    axis = random.normal(size=(count, 3))
    axis /= np.linalg.norm(axis, axis=1, keepdims=True)
    angle = np.deg2rad(degrees) * random.normal(size=(count, 1))
    return torch.from_numpy(Rotation.from_rotvec(axis * angle).as_matrix().astype(np.float32))
