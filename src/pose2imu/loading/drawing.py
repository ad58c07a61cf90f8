"""Signals drawn as images (Memmesheimer et al. 2020): a line per signal, each in its own colour on white."""

import colorsys
import math

import torch
import torch.nn.functional as F


def draw_lines(signals: torch.Tensor, size: int, thickness: float) -> torch.Tensor:
    """Draw signals (clips, axes, samples), all samples of which count, as images (clips, 3, size, size) in [0, 1].

    Time runs to the right, values upwards. Both axes of an image end where the clip does, as in the authors' figures:
    the largest value of any of its signals is at the top, the smallest at the bottom. A line of `thickness` pixels
    covers, of a pixel's column, all that the signal passes there; pixels at its edge are covered in part.
    """
    low, high = signals.amin(dim=(1, 2), keepdim=True), signals.amax(dim=(1, 2), keepdim=True)
    height = (high - signals) / (high - low).clamp(min=1e-6) * (size - 1)  # downwards, in pixels
    steps = -(-(signals.shape[2] - 1) // size)  # of time within a column
    moments = F.interpolate(height, steps * size + 1, mode="linear", align_corners=True)
    top = -F.max_pool1d(-moments, steps + 1, steps) - thickness / 2
    bottom = F.max_pool1d(moments, steps + 1, steps) + thickness / 2
    row = torch.arange(size)[:, None]
    covered = torch.minimum(bottom[:, :, None], row + 0.5) - torch.maximum(top[:, :, None], row - 0.5)
    image = torch.ones(len(signals), 3, size, size)
    for cover, colour in zip(covered.clamp(0, 1).unbind(dim=1), colours(signals.shape[1]), strict=True):
        image = torch.lerp(image, colour[:, None, None], cover[:, None])
    return image


def colours(count: int) -> torch.Tensor:
    """Give hues (count, 3), evenly spread."""
    return torch.tensor([colorsys.hsv_to_rgb(number / count, 1.0, 0.8) for number in range(count)])


def tilted(image: torch.Tensor, degrees: float, random: torch.Generator) -> torch.Tensor:
    """Turn images (clips, 3, size, size) on white, each about its centre by up to some degrees either way."""
    angle = math.radians(degrees) * (2 * torch.rand(len(image), generator=random) - 1)
    cos, sin, zero = angle.cos(), angle.sin(), torch.zeros(len(image))
    turn = torch.stack([torch.stack([cos, -sin, zero], dim=1), torch.stack([sin, cos, zero], dim=1)], dim=1)
    grid = F.affine_grid(turn, list(image.shape), align_corners=False)
    return 1 - F.grid_sample(1 - image, grid, align_corners=False)  # what comes in from outside is white
