"""Extremely randomised trees (Geurts et al. 2006) on segment statistics: the plain baseline a reviewer asks for."""

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier

from pose2imu.methods.sequence_methods import Fitted, Settings, State, by_class, scores, select
from pose2imu.preprocessing.segments import segment_statistics
from pose2imu.preprocessing.sequences import Sequences


def train(train: Sequences, validation: Sequences, final: Sequences, settings: Settings) -> Fitted:
    """Choose the number of segments on validation; the trees are then grown on the sequences of `final`.

    What is kept is what they grow from: growing them again takes a second, and gives the same trees.
    """

    def score(segments: int) -> dict[str, float]:
        return scores(predict(features_of(train, segments, settings), validation, settings), validation)

    chosen, tried = select(score, [{"segments": number} for number in settings.options["segments"]])
    return Fitted(features_of(final, settings=settings, **chosen), tried)


def features_of(sequences: Sequences, segments: int, settings: Settings) -> State:
    """Features and labels to grow trees from."""
    features = segment_statistics(sequences.signals, segments, settings.options["statistics"])
    return {"features": features, "label": sequences.label, "segments": np.array(segments)}


def predict(state: State, sequences: Sequences, settings: Settings) -> np.ndarray:
    """(sequences, classes): the trees' mean probabilities."""
    forest = ExtraTreesClassifier(settings.options["trees"], random_state=settings.seed)
    forest.fit(state["features"], state["label"])
    features = segment_statistics(sequences.signals, int(state["segments"]), settings.options["statistics"])
    return by_class(forest.predict_proba(features), forest.classes_, settings.classes)
