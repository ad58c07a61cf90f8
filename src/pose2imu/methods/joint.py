"""Proposed: R, F and C trained together (paper, III-B and Fig. 1)."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import nn

from pose2imu.methods.networks import (
    build_classifier,
    build_regressor,
    class_weights,
    validate_classifier,
    validation_f1,
)
from pose2imu.preprocessing.batches import Batch
from pose2imu.training import Data, Settings, Trained, fit


def train(data: Data, settings: Settings) -> Trained:
    """Train R, F and C at once, with early stopping on the validation F1 of real windows."""
    networks = nn.ModuleDict({**build_classifier(settings), **build_regressor(settings)})
    loss = objective(networks, class_weights(data, settings), settings)

    def validate() -> dict[str, float]:
        return validate_classifier(networks, data)

    return Trained(networks, fit("classifier", networks, data.train, loss, validate, validation_f1, settings))


def objective(
    networks: nn.ModuleDict, weights: torch.Tensor, settings: Settings
) -> Callable[[Batch], dict[str, torch.Tensor]]:
    """L_final = L_MSE + α L_activity + β L_similarity of a batch (eq. 7); `weights` (classes,) are w_l of eq. 6."""

    def loss(batch: Batch) -> dict[str, torch.Tensor]:
        synthetic = networks["regressor"](batch.pose)
        # F sees real and synthetic windows in one pass, but as two batches: each is normalised by its own statistics,
        # and BatchNorm's running ones average both.
        features = networks["features"](torch.cat([batch.acceleration, synthetic]), batches=2)
        real_logits, synthetic_logits = networks["classifier"](features).chunk(2)
        with torch.set_grad_enabled(settings.beta > 0):  # else it is only shown
            similarity = similarity_loss(*features.chunk(2))
        terms = {
            "mse": F.mse_loss(synthetic, batch.acceleration),
            "ce_real": F.cross_entropy(real_logits, batch.label, weights),
            "ce_synthetic": F.cross_entropy(synthetic_logits, batch.label, weights),
            "similarity": similarity,
        }
        activity = terms["ce_real"] + terms["ce_synthetic"]
        return {"loss": terms["mse"] + settings.alpha * activity + settings.beta * similarity, **terms}

    return loss


def similarity_loss(real: torch.Tensor, synthetic: torch.Tensor) -> torch.Tensor:
    """Equation 5 as a loss: one minus the cosine similarity of features (windows, features), averaged over windows."""
    return (1 - F.cosine_similarity(real, synthetic, dim=1)).mean()
