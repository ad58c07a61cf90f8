"""Chen et al.: segment statistics and collaborative representation (Chen, Jafari, Kehtarnavaz 2015, UTD-MHAD).

A clip is cut into M segments; its features are statistics of each segment and axis. A test clip is represented by all
training clips together, those unlike it at a higher price (Tikhonov regularisation), and given to the class whose share
of the representation leaves the smallest residual. M and λ are chosen on validation.
"""

from itertools import product

import numpy as np

from pose2imu.methods.sequence_methods import Fitted, Settings, State, scores, select, shares
from pose2imu.preprocessing.segments import segment_statistics
from pose2imu.preprocessing.sequences import Sequences

QUERIES = 64  # at once
SMALLEST_DISTANCE = 1e-12  # of a test clip to one equal to it


def train(train: Sequences, validation: Sequences, final: Sequences, settings: Settings) -> Fitted:
    """Choose M and λ on validation; the dictionary is then the clips of `final`."""

    def score(segments: int, regularization: float) -> dict[str, float]:
        state = dictionary(train, segments, regularization, settings)
        return scores(predict(state, validation, settings), validation)

    grid = product(settings.options["segments"], settings.options["regularization"])
    chosen, tried = select(score, [{"segments": m, "regularization": value} for m, value in grid])
    return Fitted(dictionary(final, settings=settings, **chosen), tried)


def dictionary(clips: Sequences, segments: int, regularization: float, settings: Settings) -> State:
    """The z-scored features of all clips, and what is needed to compute those of others."""
    features = segment_statistics(clips.signals, segments, settings.options["statistics"])
    mean, std = features.mean(axis=0), features.std(axis=0)
    return {
        "atoms": (features - mean) / std,
        "label": clips.label,
        "mean": mean,
        "std": std,
        "segments": np.array(segments),
        "regularization": np.array(regularization),
    }


def predict(state: State, clips: Sequences, settings: Settings) -> np.ndarray:
    """(clips, classes): the smaller a class's residual, the larger its share."""
    features = segment_statistics(clips.signals, int(state["segments"]), settings.options["statistics"])
    queries = (features - state["mean"]) / state["std"]
    return shares(-residuals(state["atoms"], state["label"], queries, float(state["regularization"]), settings.classes))


def residuals(
    atoms: np.ndarray, label: np.ndarray, queries: np.ndarray, regularization: float, classes: int
) -> np.ndarray:
    """(queries, classes): how far each query is from its representation's part in the atoms (atoms, features) of a
    class, infinite for a class without atoms."""
    out = np.full((len(queries), classes), np.inf)
    for start in range(0, len(queries), QUERIES):
        batch = queries[start : start + QUERIES]
        weights = represent(atoms, batch, regularization)
        for number in np.unique(label):
            part = weights[:, label == number] @ atoms[label == number]
            out[start : start + QUERIES, number] = np.linalg.norm(batch - part, axis=1)
    return out


def represent(atoms: np.ndarray, queries: np.ndarray, regularization: float) -> np.ndarray:
    """The weights (queries, atoms) that minimise ‖y − Xw‖² + λ ‖Γw‖², Γ the distances of the query y to each atom.

    That is w = (XᵀX + λΓ²)⁻¹ Xᵀy, with fewer features than atoms solved as Γ⁻² Xᵀ (X Γ⁻² Xᵀ + λI)⁻¹ y.
    """
    distance = ((queries[:, None] - atoms) ** 2).sum(axis=2).clip(min=SMALLEST_DISTANCE)
    scaled = atoms / distance[:, :, None]  # (queries, atoms, features)
    system = scaled.transpose(0, 2, 1) @ atoms + regularization * np.eye(atoms.shape[1])
    return (scaled @ np.linalg.solve(system, queries[:, :, None]))[:, :, 0]
