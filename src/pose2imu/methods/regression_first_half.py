"""Regression-first as the authors ran it: synthetic windows take the place of half of the real ones (design.md §6)."""

import numpy as np
import torch

from pose2imu.methods import regression_first
from pose2imu.training import Data, Settings, Trained


def train(data: Data, settings: Settings) -> Trained:
    """Train F and C on windows that are synthetic in one half of the training recordings, real in the other."""
    recording = data.train.index.recording
    names = np.sort(recording.unique())
    half = np.random.default_rng(settings.seed).permutation(names)[: len(names) // 2]
    synthetic = torch.tensor(recording.isin(half).to_numpy(dtype=bool))
    return regression_first.train_on(data, settings, synthetic[None])
