"""Regression-first: R is trained alone, then F and C on real and synthetic windows (paper, IV-B and Fig. 2)."""

from collections.abc import Callable

import torch

from pose2imu.loading.batches import Batch, RealAndSynthetic, Windows
from pose2imu.loading.data import Data, Needs
from pose2imu.method_params import RegressionFirst
from pose2imu.methods import Fitted
from pose2imu.methods.networks import build_classifier, build_regressor, generate, predict, restored, train_classifier
from pose2imu.settings import Settings

__all__ = ["NEEDS", "fit", "predict"]

NEEDS = Needs("windows", regressor=True)


def fit(data: Data[Windows], settings: Settings[RegressionFirst]) -> Fitted:
    """Train F and C on every real window and on the synthetic window of the same pose."""
    real = torch.zeros(len(data.train), dtype=torch.bool)
    return fit_on(data, settings, synthetic=torch.stack([real, ~real]))


def fit_on(data: Data[Windows], settings: Settings[RegressionFirst], synthetic: torch.Tensor) -> Fitted:
    """Train F and C on copies of the training windows, with R's signal for the real one where `synthetic`, a tensor
    (copies, windows), says so."""
    assert data.regressor is not None
    windows = RealAndSynthetic(data.train, signals(data, settings), synthetic)
    fitted = train_classifier(build_classifier(settings), windows, data, settings)
    return Fitted({**fitted.state, **data.regressor}, fitted.history)


def signals(data: Data[Windows], settings: Settings[RegressionFirst]) -> Callable[[torch.Tensor, Batch], torch.Tensor]:
    """Give R's signals of training windows: of all of them once, or of each batch where no window need come twice."""
    assert data.regressor is not None
    if settings.options.sampling == "all":
        generated = generate(data.regressor, data.train, settings).to(data.train.device)
        return lambda indices, _: generated[indices]
    networks = restored(build_regressor(settings), data.regressor)

    @torch.no_grad()
    def of_batch(_: torch.Tensor, real: Batch) -> torch.Tensor:
        return networks["regressor"](real.pose).to(real.acceleration.dtype)

    return of_batch
