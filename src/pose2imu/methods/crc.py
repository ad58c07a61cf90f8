"""Chen et al.: segment statistics and collaborative representation (Chen, Jafari, Kehtarnavaz 2015, UTD-MHAD).

A clip is cut into M segments; its features are statistics of each segment and axis. A test clip is represented by all
training clips together, those unlike it at a higher price (Tikhonov regularisation), and given to the class whose share
of the representation leaves the smallest residual.

Chosen on validation, all tried being kept in the run's tried.csv: M, λ, the statistics, whether they are z-scored.
The published run had mean, variance, standard deviation and root mean square; whether it scaled them is not said.
"""

from itertools import product
from typing import Any

import numpy as np

from pose2imu.loading.data import Data, Needs, State
from pose2imu.loading.segments import STATISTICS, segment_statistics
from pose2imu.loading.sequences import Sequences
from pose2imu.method_params import CRC
from pose2imu.methods import Fitted
from pose2imu.methods.choosing import final, probabilities, require, scores, select
from pose2imu.settings import Settings

NEEDS = Needs("sequences")
QUERIES = 64  # at once
SMALLEST_DISTANCE = 1e-12  # of a test clip to one equal to it


def fit(data: Data[Sequences], settings: Settings[CRC]) -> Fitted:
    """Choose among all combinations on validation; the dictionary is then of all clips that are final."""

    def score(**candidate: Any) -> dict[str, float]:
        return scores(predict(dictionary(data.train, **candidate), data.validation, settings), data.validation)

    options = {
        name: getattr(settings.options, name) for name in ("segments", "statistics", "standardized", "regularization")
    }
    chosen, tried = select(score, [dict(zip(options, values, strict=True)) for values in product(*options.values())])
    tried = [{**row, "statistics": " ".join(row["statistics"])} for row in tried]
    return Fitted(dictionary(final(data, settings), **chosen), tried)


def dictionary(
    clips: Sequences, segments: int, statistics: list[str], standardized: bool, regularization: float
) -> State:
    """Compute the features of all clips, and what is needed to compute those of others."""
    features = segment_statistics(clips.signals, segments, statistics)
    mean, std = np.zeros(features.shape[1]), np.ones(features.shape[1])
    if standardized:
        mean, std = features.mean(axis=0), features.std(axis=0)
    return {
        "atoms": (features - mean) / std,
        "label": clips.label,
        "mean": mean,
        "std": std,
        "segments": np.array(segments),
        "statistics": np.array([list(STATISTICS).index(name) for name in statistics]),
        "regularization": np.array(regularization),
    }


def predict(state: State, clips: Sequences, settings: Settings[CRC]) -> np.ndarray:
    """Give (clips, classes) that sum to 1: the smaller a class's residual, the larger its number."""
    require(state, atoms=2, label=1, mean=1, std=1, segments=0, statistics=1, regularization=0)
    statistics = [list(STATISTICS)[number] for number in state["statistics"]]
    features = segment_statistics(clips.signals, int(state["segments"]), statistics)
    queries = (features - state["mean"]) / state["std"]
    regularization = float(state["regularization"])
    return probabilities(-residuals(state["atoms"], state["label"], queries, regularization, settings.classes))


def residuals(
    atoms: np.ndarray, label: np.ndarray, queries: np.ndarray, regularization: float, classes: int
) -> np.ndarray:
    """Measure (queries, classes): how far each query is from its representation's part in the atoms (atoms, features)
    of a class, infinite for a class without atoms."""
    out = np.full((len(queries), classes), np.inf)
    for start in range(0, len(queries), QUERIES):
        batch = queries[start : start + QUERIES]
        weights = represent(atoms, batch, regularization)
        for number in np.unique(label):
            part = weights[:, label == number] @ atoms[label == number]
            out[start : start + QUERIES, number] = np.linalg.norm(batch - part, axis=1)
    return out


def represent(atoms: np.ndarray, queries: np.ndarray, regularization: float) -> np.ndarray:
    """Find the weights (queries, atoms) that minimise ‖y − Xw‖² + λ ‖Γw‖², Γ the distances of the query y to each atom.

    That is w = (XᵀX + λΓ²)⁻¹ Xᵀy, with fewer features than atoms solved as Γ⁻² Xᵀ (X Γ⁻² Xᵀ + λI)⁻¹ y.
    """
    distance = ((queries[:, None] - atoms) ** 2).sum(axis=2).clip(min=SMALLEST_DISTANCE)
    scaled = atoms / distance[:, :, None]  # (queries, atoms, features)
    system = scaled.transpose(0, 2, 1) @ atoms + regularization * np.eye(atoms.shape[1])
    return (scaled @ np.linalg.solve(system, queries[:, :, None]))[:, :, 0]
