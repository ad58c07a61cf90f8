"""What methods on whole sequences share: what is open is chosen on validation, then learned from what is final."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy.special import softmax

from pose2imu.errors import WeightsError
from pose2imu.evaluation.metrics import classification
from pose2imu.loading.data import Data, State
from pose2imu.loading.sequences import Sequences, concatenated
from pose2imu.method_params import OnSequences
from pose2imu.settings import Settings


def final(data: Data[Sequences], settings: Settings[OnSequences]) -> Sequences:
    """Take what a method learns from once it is chosen: training and validation sequences, or the former alone."""
    return concatenated([data.train, data.validation]) if settings.options.refit else data.train


def select(
    score: Callable[..., dict[str, float]], candidates: Sequence[dict[str, Any]]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Take the first of the candidates with the best F1 on validation, and all of them with their scores."""
    tried = [{**candidate, **score(**candidate)} for candidate in candidates]
    best = max(range(len(tried)), key=lambda number: tried[number]["f1"])
    return dict(candidates[best]), tried


def scores(probabilities: np.ndarray, sequences: Sequences) -> dict[str, float]:
    """Score giving each sequence to the class with its largest number (sequences, classes): macro-F1 and accuracy."""
    return classification(sequences.label, probabilities.argmax(axis=1))


def require(state: State, **dimensions: int) -> None:
    """Raise WeightsError unless what a run learned has these arrays, each of so many dimensions."""
    for name, count in dimensions.items():
        if name not in state or state[name].ndim != count:
            found = "missing" if name not in state else f"of shape {state[name].shape}"
            raise WeightsError(f"{name} is {found}, not of {count} dimensions")


def probabilities(scores: np.ndarray) -> np.ndarray:
    """Turn scores (sequences, classes), the higher the better, into numbers that sum to 1; they are not calibrated.

    Of two classes scikit-learn gives one column: above 0 for the second.
    """
    return softmax(scores if scores.shape[1] > 1 else np.hstack([-scores, scores]), axis=1)


def by_class(columns: np.ndarray, classes: np.ndarray, count: int) -> np.ndarray:
    """Spread columns (sequences, known classes) to (sequences, count): 0 for a class that training did not have."""
    out = np.zeros((len(columns), count))
    out[:, classes] = columns
    return out
