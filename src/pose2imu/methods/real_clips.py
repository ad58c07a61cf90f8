"""Real clips alone: what a classifier makes of the sensor data there is, without a pose."""

import numpy as np

from pose2imu.loading.clips import Clips, Needs
from pose2imu.loading.data import State
from pose2imu.method_params import ClipClassifier
from pose2imu.methods import Fitted
from pose2imu.methods.clip_classifiers import learn, source_of
from pose2imu.methods.clip_classifiers import predict as predict_clips
from pose2imu.settings import Settings

NEEDS = Needs()


def fit(clips: Clips, settings: Settings[ClipClassifier]) -> Fitted:
    """Learn from the clips that have sensor data."""
    pairs = clips.pairs()
    return Fitted(*learn(source_of(pairs.signals(), pairs.label), None, settings))


def predict(state: State, clips: Clips, settings: Settings[ClipClassifier]) -> np.ndarray:
    """Give (clips, classes): probabilities."""
    return predict_clips(state, clips, settings)
