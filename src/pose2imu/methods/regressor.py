"""R alone, the first half of regression-first: what both of its rows build on (paper, IV-B). Not a row by itself."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import nn

from pose2imu.methods.networks import build_regressor, squared_error
from pose2imu.preprocessing.batches import Batch
from pose2imu.training import Data, Settings, Trained, fit


def train(data: Data, settings: Settings) -> Trained:
    """Train R on the MSE of eq. 4, with early stopping on the validation MSE."""
    networks = build_regressor(settings)

    def validate() -> dict[str, float]:
        return {"validation_mse": squared_error(networks, data.validation)}

    def score(metrics: dict[str, float]) -> float:
        return -metrics["validation_mse"]

    return Trained(networks, fit("regressor", networks, data.train, objective(networks), validate, score, settings))


def objective(networks: nn.ModuleDict) -> Callable[[Batch], dict[str, torch.Tensor]]:
    """L_MSE of a batch (eq. 4)."""

    def loss(batch: Batch) -> dict[str, torch.Tensor]:
        mse = F.mse_loss(networks["regressor"](batch.pose), batch.acceleration)
        return {"loss": mse, "mse": mse}

    return loss
