"""Baseline (real data): F and C on real windows alone (paper, IV-B)."""

from pose2imu.loading.batches import Windows
from pose2imu.loading.data import Data, Needs
from pose2imu.method_params import WindowClassifier
from pose2imu.methods import Fitted
from pose2imu.methods.networks import build_classifier, predict, train_classifier
from pose2imu.settings import Settings

__all__ = ["NEEDS", "fit", "predict"]

NEEDS = Needs("windows")


def fit(data: Data[Windows], settings: Settings[WindowClassifier]) -> Fitted:
    """Train F and C on the cross-entropy of real windows."""
    return train_classifier(build_classifier(settings), data.train, data, settings)
