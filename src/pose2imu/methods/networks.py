"""What several methods share: building F, C and R, their losses, and validation on real windows."""

import torch
import torch.nn.functional as F
from torch import nn

from pose2imu.evaluation.metrics import classification
from pose2imu.models.classifier import Classifier, FeatureExtractor
from pose2imu.models.regressor import Regressor
from pose2imu.preprocessing.batches import Batch, Batches, Windows
from pose2imu.training import Data, Settings, Trained, fit, infer


def build_classifier(settings: Settings) -> nn.ModuleDict:
    """F and C (Table II)."""
    torch.manual_seed(settings.seed)
    networks = {"features": FeatureExtractor(settings.window), "classifier": Classifier(settings.classes)}
    return nn.ModuleDict(networks).to(settings.device)


def build_regressor(settings: Settings) -> nn.ModuleDict:
    """R (Table I)."""
    torch.manual_seed(settings.seed)
    return nn.ModuleDict({"regressor": Regressor(settings.window, **settings.regressor)}).to(settings.device)


def class_weights(data: Data, settings: Settings) -> torch.Tensor:
    """The weights w_l of eq. 6, (classes,): all 1, or inverse to the class's share of the training windows."""
    if not settings.balanced:
        return torch.ones(settings.classes, device=settings.device)
    counts = torch.bincount(data.train.label, minlength=settings.classes).clamp(min=1)
    return len(data.train) / (settings.classes * counts)


def predict(networks: nn.ModuleDict, windows: Windows) -> torch.Tensor:
    """Class probabilities of real windows, (windows, classes)."""
    return infer(lambda batch: F.softmax(networks["classifier"](networks["features"](batch.acceleration)), 1), windows)


def generate(networks: nn.ModuleDict, windows: Windows) -> torch.Tensor:
    """The synthetic signals x̃ = R(pose) of all windows, (windows, axes, time)."""
    return infer(lambda batch: networks["regressor"](batch.pose), windows)


def squared_error(networks: nn.ModuleDict, windows: Windows) -> float:
    """MSE between real and synthetic signals over all windows, in variances of the training data (eq. 4)."""
    error = infer(
        lambda batch: (networks["regressor"](batch.pose) - batch.acceleration).square().mean(dim=(1, 2)), windows
    )
    return float(error.double().mean())


def validate_classifier(networks: nn.ModuleDict, data: Data) -> dict[str, float]:
    """Macro-F1 and accuracy on the validation split's real windows."""
    predicted = predict(networks, data.validation).argmax(dim=1)
    metrics = classification(data.validation.label.cpu().numpy(), predicted.numpy())
    return {f"validation_{name}": value for name, value in metrics.items()}


def validation_f1(metrics: dict[str, float]) -> float:
    """The score of early stopping (paper, IV-C)."""
    return metrics["validation_f1"]


def train_classifier(networks: nn.ModuleDict, windows: Batches, data: Data, settings: Settings) -> Trained:
    """Train F and C on the cross-entropy of `windows`, real or not, with early stopping on real validation windows."""
    weights = class_weights(data, settings)

    def loss(batch: Batch) -> dict[str, torch.Tensor]:
        logits = networks["classifier"](networks["features"](batch.acceleration))
        return {"loss": F.cross_entropy(logits, batch.label, weights)}

    def validate() -> dict[str, float]:
        return validate_classifier(networks, data)

    return Trained(networks, fit("classifier", networks, windows, loss, validate, validation_f1, settings))
