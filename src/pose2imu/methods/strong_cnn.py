"""A residual 1-D CNN on whole clips with strong augmentation: what a network can do with the same acceleration.

Its channels are the acceleration, its differences and its magnitude. Each epoch sees every clip once, cut to a random
part, at a varying tempo, turned a little and scaled; the number of epochs is chosen on validation.
"""

import numpy as np
import torch
import torch.nn.functional as F

from pose2imu.methods.clip_networks import AT_ONCE, Clips, fit_network, probabilities, resized, train_with_best_epochs
from pose2imu.methods.sequence_methods import Fitted, Settings, State
from pose2imu.models.residual_cnn import ResidualCNN
from pose2imu.preprocessing.augmentation import scaled, turned
from pose2imu.preprocessing.sequences import Sequences


def train(train: Sequences, validation: Sequences, final: Sequences, settings: Settings) -> Fitted:
    """Choose the number of epochs on validation, then train on `final`."""
    return train_with_best_epochs(fit, predict, train, validation, final, settings)


def build(settings: Settings) -> ResidualCNN:
    """The network, with weights from the seed."""
    torch.manual_seed(settings.seed)
    axes, options = settings.options["axes"], settings.options
    return ResidualCNN(2 * axes + axes // 3, options["widths"], settings.classes, options["dropout"])


def fit(clips: Sequences, epochs: int, settings: Settings) -> State:
    """The weights after some epochs."""

    def changed(x: torch.Tensor, random: torch.Generator) -> torch.Tensor:
        x = turned(x, settings.options["rotation"], random)
        return channels(scaled(x, settings.options["scale"], random))

    return fit_network(
        build(settings), Clips(physical(clips, settings), clips.label, changed, settings), epochs, settings
    )


def predict(state: State, clips: Sequences, settings: Settings) -> np.ndarray:
    """(clips, classes): probabilities."""
    x = channels(resized(physical(clips, settings), settings.options["length"]))
    return probabilities(build(settings), state, x.split(AT_ONCE), settings.device)


def physical(clips: Sequences, settings: Settings) -> list[np.ndarray]:
    """Acceleration in m/s², and angular velocity in rad/s: what a turned sensor turns."""
    mean, std = settings.mean[:, None], settings.std[:, None]
    return [(signal * std + mean).astype(np.float32) for signal in clips.signals]


def channels(x: torch.Tensor) -> torch.Tensor:
    """Signals (clips, axes, time), their differences, and the magnitude of each sensor's three axes."""
    difference = F.pad(x.diff(dim=2), (1, 0))
    magnitude = torch.cat([part.norm(dim=1, keepdim=True) for part in x.split(3, dim=1)], dim=1)
    return torch.cat([x, difference, magnitude], dim=1)
