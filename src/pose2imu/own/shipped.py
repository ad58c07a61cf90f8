"""The models in git: what each learns from, and how it is tested on people that it does not know."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from pose2imu.datasets.utd_mhad import CLASSES
from pose2imu.loading.clips import Clips
from pose2imu.loading.data import State
from pose2imu.loading.pose_features import pose_features
from pose2imu.methods.clip_networks import AT_ONCE, resized
from pose2imu.own.fitting import classifier_header, learn_classifier, learn_regressor, regressor_header, trained_on
from pose2imu.own.method import Row, options_of
from pose2imu.own.model import Header
from pose2imu.own.networks import Spoken, network_of_state, signal_of_features
from pose2imu.own.scores import classifier_scores, errors_of, regressor_scores

NAMES = ("utd_mhad_classifier", "utd_mhad_regressor")
DATASET, PLACES, SEED = "utd_mhad", ["right_wrist", "right_thigh"], 0
# Those of utd_mhad_cross_subject: each half is tested on what was learned from the other; the model in git then learns
# from both in the same way.
HALVES = (("s1", "s3", "s5", "s7"), ("s2", "s4", "s6", "s8"))
ROW: Row = "strong_cnn"


class Made(NamedTuple):
    """A model, and what models of its kind did on people that they did not know."""

    header: Header
    state: State
    predictions: pd.DataFrame
    metrics: dict[str, Any]


def make(name: str, clips: Clips) -> Made:
    """Make a model from the clips of all people."""
    return make_classifier(clips) if name == "utd_mhad_classifier" else make_regressor(clips)


def make_classifier(clips: Clips) -> Made:
    """Learn 27 actions from the sensor data alone."""
    options, activities = options_of(ROW), list(CLASSES)

    def learned(part: Clips) -> tuple[Any, State]:
        state = learn_classifier(part, len(activities), ROW, options, SEED).classifier
        about = trained_on(DATASET, part, ROW, options, SEED)
        return classifier_header(part, activities, PLACES, options, about), state

    tables = []
    for train, test in halves(clips):
        spoken = Spoken(*learned(train))
        x = resized(test.signals(), options.length).split(AT_ONCE)
        predicted = np.concatenate([spoken(part).detach().numpy().argmax(axis=1) for part in x])
        tables.append(test.index[["recording", "subject", "label"]].assign(predicted=predicted))
    predictions = pd.concat(tables, ignore_index=True).astype({"label": np.int8, "predicted": np.int8})
    return Made(*learned(clips), predictions, classifier_scores(predictions))


def make_regressor(clips: Clips) -> Made:
    """Learn what the sensor on the wrist, or on the thigh, reads of a pose."""
    options = options_of("synthetic_clips")
    tables = []
    for train, test in halves(clips):
        state = learn_regressor(train, options, SEED)
        network = network_of_state(state, options.regressor_dropout)
        mean = {near: mean_of(train, near) for near in (False, True)}
        rows = [
            errors_of(signal_of_features(network, state, features), measured, mean[near])
            for features, measured, near in zip(pose_features(test), test.signals(), test.index.near_bone, strict=True)
        ]
        place = np.where(test.index.near_bone, PLACES[1], PLACES[0])
        tables.append(test.index[["recording", "subject"]].assign(place=place).join(pd.DataFrame(rows)))
    errors = pd.concat(tables, ignore_index=True)
    about = trained_on(DATASET, clips, "synthetic_clips", options, SEED)
    header = regressor_header(clips, PLACES, options, about)
    return Made(header, learn_regressor(clips, options, SEED), errors, regressor_scores(errors))


def mean_of(clips: Clips, near: bool) -> np.ndarray:
    """Give the mean (3, 1) of the sensor data of one of the two places."""
    at_place = clips.take(np.flatnonzero(clips.index.near_bone == near))
    return np.concatenate(at_place.signals(), axis=1).mean(axis=1, keepdims=True)


def halves(clips: Clips) -> list[tuple[Clips, Clips]]:
    """Give what is learned from and what is tested on, one half of the people each, both ways round."""
    first, second = (clips.take(np.flatnonzero(clips.index.subject.isin(people))) for people in HALVES)
    return [(first, second), (second, first)]
