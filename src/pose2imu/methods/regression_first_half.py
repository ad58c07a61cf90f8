"""Regression-first as the authors ran it: synthetic windows take the place of half of the real ones (design.md §6)."""

import numpy as np
import torch

from pose2imu.loading.batches import Windows
from pose2imu.loading.data import Data
from pose2imu.method_params import RegressionFirst
from pose2imu.methods import Fitted
from pose2imu.methods.regression_first import NEEDS, fit_on, predict
from pose2imu.settings import Settings

__all__ = ["NEEDS", "fit", "predict"]


def fit(data: Data[Windows], settings: Settings[RegressionFirst]) -> Fitted:
    """Train F and C on windows that are synthetic in one half of the training recordings, real in the other."""
    recording = data.train.index.recording
    names = np.sort(recording.unique())
    half = np.random.default_rng(settings.seed).permutation(names)[: len(names) // 2]
    synthetic = torch.tensor(recording.isin(half).to_numpy(dtype=bool))
    return fit_on(data, settings, synthetic[None])
