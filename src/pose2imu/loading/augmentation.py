"""Classical augmentation: random changes of signals that leave their activity as it is, new ones each time.

Signals are in physical units, (signals, axes, time), three axes of a sensor after one another; so that a sensor can be
turned, and gravity with it.
"""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from scipy.spatial.transform import Rotation

KNOTS = 4


def jittered(x: torch.Tensor, deviation: float, random: torch.Generator) -> torch.Tensor:
    """Add white noise, of a standard deviation in the signal's unit."""
    return x + deviation * torch.randn(x.shape, generator=random).to(x.device)


def scaled(x: torch.Tensor, deviation: float, random: torch.Generator) -> torch.Tensor:
    """Multiply each signal by a factor, whose logarithm is normal."""
    return x * (deviation * torch.randn(len(x), 1, 1, generator=random)).exp().to(x.device)


def turned(x: torch.Tensor, degrees: float, random: torch.Generator) -> torch.Tensor:
    """Turn sensors, as if they sat otherwise: about random axes, by angles that are normal."""
    turn = rotations(len(x), degrees, random).to(x.device)
    return torch.cat([turn @ sensor for sensor in x.split(3, dim=1)], dim=1)


def magnitude_warped(x: torch.Tensor, deviation: float, random: torch.Generator) -> torch.Tensor:
    """Multiply each axis by a factor that changes slowly over time, its logarithm a random curve."""
    signals, axes, samples = x.shape
    return x * curves(signals, axes, samples, deviation, random).exp().to(x.device)


def time_warped(x: torch.Tensor, deviation: float, random: torch.Generator) -> torch.Tensor:
    """Replay signals at a tempo that changes slowly over time, its logarithm a random curve."""
    signals, _, samples = x.shape
    moments = cropped_and_warped(torch.full((signals,), samples), samples, 0.0, deviation, random)
    return at_moments(x, moments.to(x.device))


def cropped_and_warped(
    length: torch.Tensor, samples: int, crop: float, warp: float, random: torch.Generator
) -> torch.Tensor:
    """Draw moments (signals, samples) that rise over a random part, of at least 1 - `crop` of a signal of some length,
    at a tempo whose logarithm is a random curve of standard deviation `warp`."""
    n = len(length)
    part = 1 - crop * torch.rand(n, 1, generator=random)
    begin = (1 - part) * torch.rand(n, 1, generator=random)
    tempo = curves(n, 1, samples - 1, warp, random)[:, 0].exp()
    passed = torch.cat([torch.zeros(n, 1), tempo.cumsum(dim=1)], dim=1)
    return (begin + part * passed / passed[:, -1:]) * (length[:, None] - 1)


def whole(length: torch.Tensor, samples: int) -> torch.Tensor:
    """Give moments (signals, samples) evenly spread over signals of some length."""
    return torch.linspace(0, 1, samples) * (length[:, None] - 1)


def at_moments(signals: torch.Tensor, moments: torch.Tensor) -> torch.Tensor:
    """Read signals (signals, axes, time) at moments (signals, samples) in samples, by linear interpolation."""
    before = moments.floor().clamp(max=signals.shape[2] - 2).long()
    share = (moments - before)[:, None]
    index = before[:, None].expand(-1, signals.shape[1], -1)
    return signals.gather(2, index) * (1 - share) + signals.gather(2, index + 1) * share


def padded(signals: Sequence[np.ndarray]) -> tuple[torch.Tensor, torch.Tensor]:
    """Pad signals (axes, time) of any length to one tensor (signals, axes, longest), and their lengths (signals,)."""
    length = torch.tensor([signal.shape[1] for signal in signals])
    out = torch.zeros(len(signals), signals[0].shape[0], int(length.max()))
    for row, signal in zip(out, signals, strict=True):
        row[:, : signal.shape[1]] = torch.from_numpy(signal)
    return out, length


def curves(signals: int, axes: int, samples: int, deviation: float, random: torch.Generator) -> torch.Tensor:
    """Draw random curves (signals, axes, samples): normal at a few knots, linear between them."""
    knots = deviation * torch.randn(signals, axes, KNOTS, generator=random)
    return F.interpolate(knots, samples, mode="linear", align_corners=True)


def rotations(count: int, degrees: float, random: torch.Generator) -> torch.Tensor:
    """Draw (count, 3, 3) rotations about random axes, by normal angles of a deviation in degrees."""
    axis = F.normalize(torch.randn(count, 3, generator=random, dtype=torch.float64), dim=1)
    angle = np.deg2rad(degrees) * torch.randn(count, 1, generator=random, dtype=torch.float64)
    return torch.from_numpy(Rotation.from_rotvec((axis * angle).numpy()).as_matrix()).float()
