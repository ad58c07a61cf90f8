"""What methods on windows share: building F, C and R, their losses, validation on real windows, and prediction."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from pose2imu.evaluation.metrics import classification
from pose2imu.loading.batches import Batch, Batches, Windows
from pose2imu.loading.data import Data, State
from pose2imu.method_params import Regressor as RegressorParams
from pose2imu.method_params import WindowClassifier
from pose2imu.methods import Fitted
from pose2imu.models.classifier import Classifier, FeatureExtractor
from pose2imu.models.regressor import BLOCK_5, TABLE_I, Regressor
from pose2imu.models.restoring import restore
from pose2imu.settings import Settings
from pose2imu.training import fit_networks, infer


def build_classifier(settings: Settings[Any]) -> nn.ModuleDict:
    """Build F and C (Table II)."""
    torch.manual_seed(settings.seed)
    networks = {"features": FeatureExtractor(settings.window), "classifier": Classifier(settings.classes)}
    return nn.ModuleDict(networks).to(settings.device)


def build_regressor(settings: Settings[RegressorParams]) -> nn.ModuleDict:
    """Build R (Table I)."""
    torch.manual_seed(settings.seed)
    options = settings.options
    regressor = Regressor(settings.window, TABLE_I, BLOCK_5 if options.folded else None, options.output_gain)
    return nn.ModuleDict({"regressor": regressor}).to(settings.device)


def state_of(networks: nn.ModuleDict) -> State:
    """Take all weights out of networks, by names such as `classifier.linear.weight`."""
    return {name: tensor.contiguous().cpu().numpy() for name, tensor in networks.state_dict().items()}


def restored(networks: nn.ModuleDict, state: State) -> nn.ModuleDict:
    """Put a run's weights into networks, in evaluation mode; those of other networks are left aside."""
    restore(networks, {name: array for name, array in state.items() if name.split(".")[0] in networks})
    return networks.eval()


def class_weights(data: Data[Windows], settings: Settings[WindowClassifier]) -> torch.Tensor:
    """Give the weights w_l of eq. 6, (classes,): all 1, or inverse to the class's share of the training windows."""
    if settings.options.class_weights == "none":
        return torch.ones(settings.classes, device=settings.device)
    counts = torch.bincount(data.train.label, minlength=settings.classes).clamp(min=1)
    return len(data.train) / (settings.classes * counts)


def predict(
    state: State,
    windows: Windows,
    settings: Settings[Any],
    build: Callable[[Settings[Any]], nn.ModuleDict] = build_classifier,
) -> np.ndarray:
    """Give class probabilities of real windows, (windows, classes)."""
    return probabilities(restored(build(settings), state), windows).numpy()


def generate(state: State, windows: Windows, settings: Settings[RegressorParams]) -> torch.Tensor:
    """Give the synthetic signals x̃ = R(pose) of all windows, (windows, axes, time), by a run's R."""
    networks = restored(build_regressor(settings), state)
    return infer(lambda batch: networks["regressor"](batch.pose), windows)


def squared_errors(state: State, windows: Windows, settings: Settings[RegressorParams]) -> np.ndarray:
    """Give the MSE of each window (windows,) between its real signal and the synthetic one of a run's R (eq. 4)."""
    return _squared_errors(restored(build_regressor(settings), state), windows).numpy()


def probabilities(networks: nn.ModuleDict, windows: Windows) -> torch.Tensor:
    """Give class probabilities of real windows, (windows, classes), by networks in evaluation mode."""
    return infer(lambda batch: F.softmax(networks["classifier"](networks["features"](batch.acceleration)), 1), windows)


def validation_error(networks: nn.ModuleDict, data: Data[Windows]) -> dict[str, float]:
    """Score R: MSE between real and synthetic signals of the validation split, in variances of the training data."""
    return {"validation_mse": float(_squared_errors(networks, data.validation).double().mean())}


def _squared_errors(networks: nn.ModuleDict, windows: Windows) -> torch.Tensor:
    return infer(
        lambda batch: (networks["regressor"](batch.pose) - batch.acceleration).square().mean(dim=(1, 2)), windows
    )


def validate_classifier(networks: nn.ModuleDict, data: Data[Windows]) -> dict[str, float]:
    """Score F and C: macro-F1 and accuracy on the validation split's real windows."""
    predicted = probabilities(networks, data.validation).argmax(dim=1)
    metrics = classification(data.validation.index.label.to_numpy(dtype=np.int64), predicted.numpy())
    return {f"validation_{name}": value for name, value in metrics.items()}


def validation_f1(metrics: Mapping[str, float]) -> float:
    """Pick the score of early stopping (paper, IV-C)."""
    return metrics["validation_f1"]


def train_classifier(
    networks: nn.ModuleDict, windows: Batches, data: Data[Windows], settings: Settings[WindowClassifier]
) -> Fitted:
    """Train F and C on the cross-entropy of `windows`, real or not, with early stopping on real validation windows."""
    weights = class_weights(data, settings)

    def loss(batch: Batch) -> dict[str, torch.Tensor]:
        logits = networks["classifier"](networks["features"](batch.acceleration))
        return {"loss": F.cross_entropy(logits, batch.label, weights)}

    def validate() -> dict[str, float]:
        return validate_classifier(networks, data)

    curve = fit_networks("classifier", networks, windows, loss, validate, validation_f1, settings)
    return Fitted(state_of(networks), curve)
