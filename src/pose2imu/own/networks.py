"""The networks of model files, built again: classifiers that speak together, and a regressor."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from pose2imu.loading.data import State
from pose2imu.loading.pose_features import FEATURES
from pose2imu.methods.clip_classifiers import of_network
from pose2imu.methods.strong_cnn import channels
from pose2imu.models.pose_regressor import PoseRegressor
from pose2imu.models.residual_cnn import ResidualCNN
from pose2imu.models.restoring import restore
from pose2imu.own.model import ClassifierHeader

CHANNELS = 7  # of methods.strong_cnn.channels: three axes, their differences, the magnitude


class Spoken(nn.Module):
    """Networks that speak together: clips (clips, 3, samples) in m/s² of any length to their mean probability."""

    def __init__(self, header: ClassifierHeader, state: State) -> None:
        super().__init__()
        classes = len(header.activities)
        built = [ResidualCNN(CHANNELS, header.widths, classes, header.dropout) for _ in range(header.networks)]
        for number, network in enumerate(built):
            restore(network, of_network(state, number))
        self.networks, self.length = nn.ModuleList(built), header.length
        self.eval()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Stretch clips to the networks' length, and give probabilities (clips, classes)."""
        x = channels(F.interpolate(x, size=self.length, mode="linear", align_corners=True))
        return torch.stack([F.softmax(network(x), dim=1) for network in self.networks]).mean(dim=0)


def network_of_state(state: State, dropout: float) -> PoseRegressor:
    """Build the network of a state; WeightsError where the arrays are not its own."""
    network = PoseRegressor(FEATURES, dropout).eval()
    restore(network, of_network(state, "network"))
    return network


@torch.inference_mode()
def signal_of_features(network: PoseRegressor, state: State, features: np.ndarray) -> np.ndarray:
    """Write (3, samples) m/s² for features (FEATURES, samples)."""
    scaled = (features - state["feature_mean"][:, None]) / state["feature_std"][:, None]
    signal = network(torch.from_numpy(scaled.astype(np.float32))[None])[0].numpy()
    return signal * state["std"] + state["mean"]
