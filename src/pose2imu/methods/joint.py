"""Proposed: R, F and C trained together (paper, III-B and Fig. 1)."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import nn

from pose2imu.loading.batches import Batch, Windows
from pose2imu.loading.data import Data, Needs
from pose2imu.method_params import Joint
from pose2imu.methods import Fitted
from pose2imu.methods.networks import (
    build_classifier,
    build_regressor,
    class_weights,
    predict,
    state_of,
    validate_classifier,
    validation_f1,
)
from pose2imu.settings import Settings
from pose2imu.training import fit_networks

__all__ = ["NEEDS", "fit", "predict"]

NEEDS = Needs("windows")


def fit(data: Data[Windows], settings: Settings[Joint]) -> Fitted:
    """Train R, F and C at once, with early stopping on the validation F1 of real windows."""
    networks = nn.ModuleDict({**build_classifier(settings), **build_regressor(settings)})
    loss = objective(networks, class_weights(data, settings), settings)

    def validate() -> dict[str, float]:
        return validate_classifier(networks, data)

    curve = fit_networks("classifier", networks, data.train, loss, validate, validation_f1, settings)
    return Fitted(state_of(networks), curve)


def objective(
    networks: nn.ModuleDict, weights: torch.Tensor, settings: Settings[Joint]
) -> Callable[[Batch], dict[str, torch.Tensor]]:
    """Make L_final = L_MSE + α L_activity + β L_similarity of a batch (eq. 7); `weights` (classes,): w_l of eq. 6."""
    alpha, beta = settings.options.alpha, settings.options.beta

    def loss(batch: Batch) -> dict[str, torch.Tensor]:
        synthetic = networks["regressor"](batch.pose)
        # F sees real and synthetic windows in one pass, but as two batches: each is normalised by its own statistics,
        # and BatchNorm's running ones average both.
        features = networks["features"](torch.cat([batch.acceleration, synthetic]), batches=2)
        real_logits, synthetic_logits = networks["classifier"](features).chunk(2)
        with torch.set_grad_enabled(beta > 0):  # else it is only shown
            similarity = similarity_loss(*features.chunk(2))
        terms = {
            "mse": F.mse_loss(synthetic, batch.acceleration),
            "ce_real": F.cross_entropy(real_logits, batch.label, weights),
            "ce_synthetic": F.cross_entropy(synthetic_logits, batch.label, weights),
            "similarity": similarity,
        }
        activity = terms["ce_real"] + terms["ce_synthetic"]
        return {"loss": terms["mse"] + alpha * activity + beta * similarity, **terms}

    return loss


def similarity_loss(real: torch.Tensor, synthetic: torch.Tensor) -> torch.Tensor:
    """Compute eq. 5 as a loss: 1 − cosine similarity of features (windows, features), averaged over windows."""
    return (1 - F.cosine_similarity(real, synthetic, dim=1)).mean()
