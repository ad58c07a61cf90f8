"""How good a model is on people that it does not know: scores of each person, their mean, and its 95 % interval."""

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from pose2imu.evaluation.metrics import classification

CONFIDENCE = 0.95


def over_people(values: pd.Series) -> dict[str, Any]:
    """Give the mean of a score by person, its interval by Student's t (None for one person), and all of them."""
    found = values.to_numpy(dtype=float)
    reach = None
    if len(found) > 1:
        reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(found) - 1) * found.std(ddof=1) / np.sqrt(len(found)))
    mean = float(found.mean())
    interval = None if reach is None else [mean - reach, mean + reach]
    return {"mean": mean, "interval": interval, "by_person": {str(who): float(value) for who, value in values.items()}}


def accuracy_by_person(predictions: pd.DataFrame) -> pd.Series:
    """Give the accuracy of each subject's clips; columns subject, label, predicted."""
    return (predictions.label == predictions.predicted).groupby(predictions.subject).mean()


def classifier_scores(predictions: pd.DataFrame) -> dict[str, Any]:
    """Score predictions of clips: columns subject, label, predicted."""
    of_all = classification(predictions.label.to_numpy(), predictions.predicted.to_numpy())
    return {
        "clips": len(predictions),
        "people": int(predictions.subject.nunique()),
        "accuracy": over_people(accuracy_by_person(predictions)),
        "f1": of_all["f1"],
    }


def regressor_scores(errors: pd.DataFrame) -> dict[str, Any]:
    """Score what a regressor wrote: columns place, subject and those of `errors_of`; of each place on its own."""
    return {
        str(place): {
            "clips": len(of_place),
            "people": int(of_place.subject.nunique()),
            **{name: over_people(of_place.groupby("subject")[name].mean()) for name in MEASURES},
        }
        for place, of_place in errors.groupby("place", sort=False)
    }


MEASURES = ("mse", "mse_of_mean", "correlation", "magnitude_correlation")


def errors_of(written: np.ndarray, measured: np.ndarray, mean: np.ndarray) -> dict[str, float]:
    """Compare what was written for a clip with what was measured, both (3, samples) m/s².

    Mean squared error (m/s²)², and that of `mean` (3, 1), a signal that never changes; Pearson's correlation, the mean
    of the three axes', and that of the magnitudes.
    """
    axes = [correlation(one, other) for one, other in zip(written, measured, strict=True)]
    magnitudes = np.linalg.norm(written, axis=0), np.linalg.norm(measured, axis=0)
    return {
        "mse": float(np.square(written - measured, dtype=np.float64).mean()),
        "mse_of_mean": float(np.square(mean - measured, dtype=np.float64).mean()),
        "correlation": float(np.mean(axes)),
        "magnitude_correlation": correlation(*magnitudes),
    }


def correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Pearson's correlation of two signals (samples,); 0 where one of them does not change."""
    if one.std() < 1e-9 or other.std() < 1e-9:
        return 0.0
    return float(np.corrcoef(one.astype(np.float64), other.astype(np.float64))[0, 1])
