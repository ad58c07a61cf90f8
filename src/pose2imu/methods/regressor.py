"""R alone, the first half of regression-first: what both of its rows build on (paper, IV-B). Not a row by itself."""

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from pose2imu.loading.batches import Batch, Windows
from pose2imu.loading.data import Data, Needs, State
from pose2imu.method_params import Regressor
from pose2imu.methods import Fitted
from pose2imu.methods.networks import build_regressor, state_of, validation_error
from pose2imu.settings import Settings
from pose2imu.training import fit_networks

NEEDS = Needs("windows")


def fit(data: Data[Windows], settings: Settings[Regressor]) -> Fitted:
    """Train R on the MSE of eq. 4, with early stopping on the validation MSE."""
    networks = build_regressor(settings)

    def validate() -> dict[str, float]:
        return validation_error(networks, data)

    def score(metrics: dict[str, float]) -> float:
        return -metrics["validation_mse"]

    curve = fit_networks("regressor", networks, data.train, objective(networks), validate, score, settings)
    return Fitted(state_of(networks), curve)


def objective(networks: nn.ModuleDict) -> Callable[[Batch], dict[str, torch.Tensor]]:
    """Make L_MSE of a batch (eq. 4)."""

    def loss(batch: Batch) -> dict[str, torch.Tensor]:
        mse = F.mse_loss(networks["regressor"](batch.pose), batch.acceleration)
        return {"loss": mse, "mse": mse}

    return loss


def predict(state: State, windows: Windows, settings: Settings[Regressor]) -> np.ndarray:
    """Refuse: R alone knows no activities."""
    raise NotImplementedError("R alone does not classify: put it among `alone` in params.yaml")
