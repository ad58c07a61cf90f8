"""Baseline (real data): F and C on real windows alone (paper, IV-B)."""

from pose2imu.methods.networks import build_classifier, train_classifier
from pose2imu.training import Data, Settings, Trained


def train(data: Data, settings: Settings) -> Trained:
    """Train F and C on the cross-entropy of real windows."""
    return train_classifier(build_classifier(settings), data.train, data, settings)
