"""MiniRocket (Dempster et al. 2021) with a ridge classifier: a linear model of random convolutions' positive shares.

The kernels are aeon's, on sequences stretched to one length. The ridge's penalty is chosen by leave-one-out on what it
trains on.
"""

import numpy as np
from aeon.transformations.collection.convolution_based import MiniRocket
from sklearn.linear_model import RidgeClassifierCV
from sklearn.preprocessing import StandardScaler

from pose2imu.interpolation import interpolate
from pose2imu.loading.data import Data, Needs, State
from pose2imu.loading.sequences import Sequences
from pose2imu.method_params import MiniRocket as Options
from pose2imu.methods import Fitted
from pose2imu.methods.choosing import by_class, final, probabilities, require, scores, select
from pose2imu.settings import Settings

NEEDS = Needs("sequences")

PENALTIES = np.logspace(-3, 3, 10)  # as its authors have it
PARAMETERS = ("channels_per_combination", "channel_indices", "dilations", "features_per_dilation", "biases")


def fit(data: Data[Sequences], settings: Settings[Options]) -> Fitted:
    """Choose the length that sequences are stretched to on validation; kernels and ridge then see all that is final."""

    def score(length: int) -> dict[str, float]:
        return scores(predict(learned(data.train, length, settings), data.validation, settings), data.validation)

    chosen, tried = select(score, [{"length": length} for length in settings.options.length])
    return Fitted(learned(final(data, settings), settings=settings, **chosen), tried)


def learned(sequences: Sequences, length: int, settings: Settings[Options]) -> State:
    """Learn the kernels' parameters, their outputs' scale, and the ridge's coefficients."""
    signals = stretched(sequences, length)
    kernels = MiniRocket(settings.options.kernels, random_state=settings.seed)
    scaler = StandardScaler(copy=False)
    outputs = scaler.fit_transform(kernels.fit_transform(signals))
    ridge = RidgeClassifierCV(alphas=PENALTIES).fit(outputs, sequences.label)
    return {
        **dict(zip(PARAMETERS, kernels.parameters, strict=True)),
        "mean": scaler.mean_,
        "scale": scaler.scale_,
        "coefficients": np.atleast_2d(ridge.coef_),  # of two classes, one row
        "intercept": ridge.intercept_,
        "classes": ridge.classes_,
        "length": np.array(length),
    }


def predict(state: State, sequences: Sequences, settings: Settings[Options]) -> np.ndarray:
    """Give (sequences, classes) that sum to 1, by the ridge's scores, which are no probabilities."""
    require(state, **dict.fromkeys(PARAMETERS, 1), mean=1, scale=1, coefficients=2, intercept=1, classes=1, length=0)
    signals = stretched(sequences, int(state["length"]))
    kernels = MiniRocket(settings.options.kernels, random_state=settings.seed).fit(signals[:1])
    kernels.parameters = tuple(state[name] for name in PARAMETERS)
    outputs = (kernels.transform(signals) - state["mean"]) / state["scale"]
    margins = outputs @ state["coefficients"].T + state["intercept"]
    return by_class(probabilities(margins), state["classes"], settings.classes)


def stretched(sequences: Sequences, length: int) -> np.ndarray:
    """Stretch to (sequences, axes, length) float32, by linear interpolation."""
    grid = np.linspace(0, 1, length)
    whole = (interpolate(grid, np.linspace(0, 1, signal.shape[1]), signal.T).T for signal in sequences.signals)
    return np.array(list(whole), dtype=np.float32)
