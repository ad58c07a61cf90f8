"""MM-Fit's accelerometer classifier (Strömbäck et al. 2020) on real windows, trained as the baseline is.

Weights start as torch starts them: the Kaiming initialisation of the paper's networks is for their LeakyReLU.
"""

import torch
from torch import nn

from pose2imu.methods.networks import train_classifier
from pose2imu.models.classifier import FEATURES
from pose2imu.models.mmfit_cnn import MMFitFeatureExtractor
from pose2imu.training import Data, Settings, Trained


def train(data: Data, settings: Settings) -> Trained:
    """Train its convolutions and its head of 100 units on the cross-entropy of real windows."""
    return train_classifier(build_classifier(settings), data.train, data, settings)


def build_classifier(settings: Settings) -> nn.ModuleDict:
    """MM-Fit's network, cut in two where Table II's is: features (windows, 100), then one linear layer."""
    torch.manual_seed(settings.seed)
    networks = {
        "features": MMFitFeatureExtractor(settings.window),
        "classifier": nn.Linear(FEATURES, settings.classes),
    }
    return nn.ModuleDict(networks).to(settings.device)
