"""Synthetic clips, ours: a regressor R reads poses as physics does, and a classifier learns from what it writes too.

R is trained on the pairs of pose and sensor data at hand. It then writes sensor clips from the poses of all training
clips, also of those without sensor data, whose labels are known. They are varied physically, before R: by tempo and by
size; then as a real clip is. Each batch of the network is half real, half synthetic, with cross-entropy on both.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from pose2imu.loading.augmentation import at_moments, whole
from pose2imu.loading.clips import Clips, Needs
from pose2imu.loading.data import State
from pose2imu.method_params import SyntheticClips
from pose2imu.methods import Fitted
from pose2imu.methods.clip_classifiers import Source, learn, of_network, source_of
from pose2imu.methods.clip_classifiers import predict as predict_clips
from pose2imu.methods.pose_regression import fit_regressor, write_clips
from pose2imu.settings import Settings

NEEDS = Needs()
CLASSIFIER = "classifier."


class Written(NamedTuple):
    """Synthetic clips, what wrote them, and its learning curve."""

    clips: Source
    state: Mapping[str, np.ndarray]
    curve: list[Any]


def fit(clips: Clips, settings: Settings[SyntheticClips]) -> Fitted:
    """Train R, write synthetic clips, learn from them and from the real ones."""
    clips = with_poses_of_others(clips, settings.seed) if settings.options.poses == "shuffled" else clips
    pairs, written = clips.pairs(), write(clips, settings)
    state, curve = learn(source_of(pairs.signals(), pairs.label), written.clips, settings)
    return Fitted({**written.state, **prefixed(state)}, [*written.curve, *curve])


def predict(state: State, clips: Clips, settings: Settings[SyntheticClips]) -> np.ndarray:
    """Give (clips, classes): probabilities, by the classifier alone."""
    return predict_clips(of_network(state, CLASSIFIER.removesuffix(".")), clips, settings)


def write(clips: Clips, settings: Settings[SyntheticClips]) -> Written:
    """Write synthetic clips for all poses: by R, or for the control without R, each class's mean real clip."""
    if settings.options.writer == "class_mean":
        return Written(class_means(clips, settings), {}, [])
    fitted = [fit_regressor(clips, settings, number) for number in range(settings.options.regressors)]
    regressors = [state for state, _ in fitted]
    state = {f"regressor{n}.{name}": array for n, one in enumerate(regressors) for name, array in one.items()}
    return Written(write_clips(regressors, clips, settings), state, [row for _, curve in fitted for row in curve])


def prefixed(state: State) -> dict[str, np.ndarray]:
    """Name the classifier's part of a state."""
    return {f"{CLASSIFIER}{name}": array for name, array in state.items()}


def with_poses_of_others(clips: Clips, seed: int) -> Clips:
    """Give each clip the pose of a clip of another class, for a control: a pose then says nothing of its label.

    Clips are drawn into a circle, class by class; each takes the pose of the one half a circle on. InputError is not
    needed: only a class with half of all clips would meet itself.
    """
    random = np.random.default_rng([seed, 6])
    rank = random.permutation(int(clips.label.max()) + 1)
    circle = np.lexsort([random.permutation(len(clips)), rank[clips.label]])
    donor = np.empty(len(clips), dtype=int)
    donor[circle] = np.roll(circle, len(clips) // 2)
    assert (clips.label[donor] != clips.label).all()
    near = clips.index.near_bone.to_numpy()[donor]
    return replace(clips, joints=[clips.joints[row] for row in donor], index=clips.index.assign(near_bone=near))


def class_means(clips: Clips, settings: Settings[SyntheticClips]) -> Source:
    """Write, for each clip of a class that has sensor data, the mean of that class's real clips, stretched."""
    pairs, length = clips.pairs(), settings.options.length
    real = source_of(pairs.signals(), pairs.label)
    stretched = at_moments(real.signals, whole(real.length, length))
    means = {value: stretched[real.label == value].mean(dim=0).numpy() for value in np.unique(pairs.label)}
    label = np.array([value for value in clips.label if value in means])
    return source_of([means[value] for value in label], label)
