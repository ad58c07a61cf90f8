"""A residual 1-D CNN on whole clips with strong augmentation: what a network can do with the same acceleration.

Its channels are the acceleration, its differences and its magnitude. Each epoch sees every clip once, cut to a random
part, at a varying tempo, turned a little and scaled; the number of epochs is chosen on validation.
"""

import numpy as np
import torch
import torch.nn.functional as F

from pose2imu.loading.augmentation import scaled, turned
from pose2imu.loading.data import Data, Needs, State
from pose2imu.loading.sequences import Sequences
from pose2imu.method_params import StrongCNN
from pose2imu.methods import Fitted
from pose2imu.methods.clip_networks import AT_ONCE, Clips, fit_best_epochs, fit_network, probabilities, resized
from pose2imu.models.residual_cnn import ResidualCNN
from pose2imu.settings import Settings

NEEDS = Needs("sequences")


def fit(data: Data[Sequences], settings: Settings[StrongCNN]) -> Fitted:
    """Choose the number of epochs on validation, then train on all clips that are final."""
    return fit_best_epochs(learned, predict, data, settings)


def build(settings: Settings[StrongCNN]) -> ResidualCNN:
    """Build the network, with weights from the seed."""
    torch.manual_seed(settings.seed)
    axes, options = settings.options.axes, settings.options
    return ResidualCNN(2 * axes + axes // 3, options.widths, settings.classes, options.dropout)


def learned(clips: Sequences, epochs: int, settings: Settings[StrongCNN]) -> State:
    """Learn the weights after some epochs."""

    def changed(x: torch.Tensor, random: torch.Generator) -> torch.Tensor:
        x = turned(x, settings.options.rotation, random)
        return channels(scaled(x, settings.options.scale, random))

    return fit_network(build(settings), Clips(physical(clips), clips.label, changed, settings), epochs, settings)


def predict(state: State, clips: Sequences, settings: Settings[StrongCNN]) -> np.ndarray:
    """Give (clips, classes): probabilities."""
    x = channels(resized(physical(clips), settings.options.length))
    return probabilities(build(settings), state, x.split(AT_ONCE), settings.device)


def physical(clips: Sequences) -> list[np.ndarray]:
    """Give acceleration in m/s², and angular velocity in rad/s: what a turned sensor turns."""
    mean, std = clips.mean[:, None], clips.std[:, None]
    return [(signal * std + mean).astype(np.float32) for signal in clips.signals]


def channels(x: torch.Tensor) -> torch.Tensor:
    """Stack signals (clips, axes, time), their differences, and the magnitude of each sensor's three axes."""
    difference = F.pad(x.diff(dim=2), (1, 0))
    magnitude = torch.cat([part.norm(dim=1, keepdim=True) for part in x.split(3, dim=1)], dim=1)
    return torch.cat([x, difference, magnitude], dim=1)
