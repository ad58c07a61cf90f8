"""MM-Fit's accelerometer classifier (Strömbäck et al. 2020) on real windows, trained as the baseline is.

Weights start as torch starts them: the Kaiming initialisation of the paper's networks is for their LeakyReLU.
"""

import numpy as np
import torch
from torch import nn

from pose2imu.loading.batches import Windows
from pose2imu.loading.data import Data, Needs, State
from pose2imu.method_params import WindowClassifier
from pose2imu.methods import Fitted, networks
from pose2imu.models.classifier import FEATURES
from pose2imu.models.mmfit_cnn import MMFitFeatureExtractor
from pose2imu.settings import Settings

NEEDS = Needs("windows")


def fit(data: Data[Windows], settings: Settings[WindowClassifier]) -> Fitted:
    """Train its convolutions and its head of 100 units on the cross-entropy of real windows."""
    return networks.train_classifier(build_classifier(settings), data.train, data, settings)


def predict(state: State, windows: Windows, settings: Settings[WindowClassifier]) -> np.ndarray:
    """Give class probabilities of real windows, (windows, classes)."""
    return networks.predict(state, windows, settings, build_classifier)


def build_classifier(settings: Settings[WindowClassifier]) -> nn.ModuleDict:
    """Build MM-Fit's network, cut in two where Table II's is: features (windows, 100), then one linear layer."""
    torch.manual_seed(settings.seed)
    parts = {"features": MMFitFeatureExtractor(settings.window), "classifier": nn.Linear(FEATURES, settings.classes)}
    return nn.ModuleDict(parts).to(settings.device)
