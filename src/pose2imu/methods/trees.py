"""Extremely randomised trees (Geurts et al. 2006) on segment statistics: the plain baseline a reviewer asks for."""

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier

from pose2imu.loading.data import Data, Needs, State
from pose2imu.loading.segments import segment_statistics
from pose2imu.loading.sequences import Sequences
from pose2imu.method_params import Trees
from pose2imu.methods import Fitted
from pose2imu.methods.choosing import by_class, final, require, scores, select
from pose2imu.settings import Settings

NEEDS = Needs("sequences")


def fit(data: Data[Sequences], settings: Settings[Trees]) -> Fitted:
    """Choose the number of segments on validation; the trees are then grown on all sequences that are final.

    What is kept is what they grow from: growing them again takes a second, and gives the same trees.
    """

    def score(segments: int) -> dict[str, float]:
        return scores(predict(features_of(data.train, segments, settings), data.validation, settings), data.validation)

    chosen, tried = select(score, [{"segments": number} for number in settings.options.segments])
    return Fitted(features_of(final(data, settings), settings=settings, **chosen), tried)


def features_of(sequences: Sequences, segments: int, settings: Settings[Trees]) -> State:
    """Compute features and labels to grow trees from."""
    features = segment_statistics(sequences.signals, segments, settings.options.statistics)
    return {"features": features, "label": sequences.label, "segments": np.array(segments)}


def predict(state: State, sequences: Sequences, settings: Settings[Trees]) -> np.ndarray:
    """Give (sequences, classes): the trees' mean probabilities."""
    require(state, features=2, label=1, segments=0)
    forest = ExtraTreesClassifier(settings.options.trees, random_state=settings.seed)
    forest.fit(state["features"], state["label"])
    features = segment_statistics(sequences.signals, int(state["segments"]), settings.options.statistics)
    return by_class(forest.predict_proba(features), forest.classes_, settings.classes)
