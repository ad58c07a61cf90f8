"""Learn from clips: a regressor R from poses with sensor data, a classifier from real clips and from R's."""

from typing import NamedTuple

import numpy as np

from pose2imu.errors import InputError
from pose2imu.loading.clips import Clips, withheld
from pose2imu.loading.data import State
from pose2imu.loading.pose_features import FEATURES
from pose2imu.method_params import SyntheticClips
from pose2imu.methods.clip_classifiers import learn, source_of
from pose2imu.methods.pose_regression import SAMPLES, fit_regressor, write_clips
from pose2imu.own.method import Row
from pose2imu.own.model import ClassifierHeader, RegressorHeader, TrainedOn
from pose2imu.settings import Settings


class Learned(NamedTuple):
    """What was learned; `regressor` is None where no poses took part."""

    classifier: State
    regressor: State | None


def has_pose(clips: Clips) -> np.ndarray:
    """Say which clips have poses (clips,)."""
    return np.array([joints is not None for joints in clips.joints], dtype=bool)


def learn_classifier(clips: Clips, classes: int, row: Row, options: SyntheticClips, seed: int) -> Learned:
    """Learn from real clips, and for `synthetic_clips` also from those that R writes from all poses."""
    settings = Settings(options, classes, 0, seed, options.device)
    real = clips.pairs()
    if not len(real):
        raise InputError("training: no labelled recording has sensor data; expected one at least")
    source = source_of(real.signals(), real.label)
    if row == "strong_cnn":
        return Learned(learn(source, None, settings)[0], None)
    regressor = learn_regressor(clips, options, seed)
    written = write_clips([regressor], clips.take(np.flatnonzero(has_pose(clips))), settings)
    return Learned(learn(source, written, settings)[0], regressor)


def learn_regressor(clips: Clips, options: SyntheticClips, seed: int) -> State:
    """Learn R from the clips that have both streams and are as long as its training cuts; all poses scale it."""
    poses = clips.take(np.flatnonzero(has_pose(clips)))
    pairs = poses.has_sensor & _long(poses)
    if not pairs.any():
        seconds = SAMPLES / clips.rate
        raise InputError(
            f"training: no recording of {seconds:.1f} s or more has both poses and sensor data; expected one at least, "
            "to tell what a sensor reads of a pose (strong_cnn learns without poses)"
        )
    return fit_regressor(withheld(poses, pairs), Settings(options, 0, 0, seed, options.device), 0)[0]


def can_learn_regressor(clips: Clips) -> bool:
    """Whether a clip has both streams and is long enough."""
    poses = clips.take(np.flatnonzero(has_pose(clips)))
    return bool((poses.has_sensor & _long(poses)).any())


def _long(poses: Clips) -> np.ndarray:
    return np.array([len(joints) >= SAMPLES for joints in poses.poses()], dtype=bool)


def classifier_header(
    clips: Clips, activities: list[str], places: list[str], options: SyntheticClips, about: TrainedOn
) -> ClassifierHeader:
    """Describe a classifier of these clips."""
    seconds = np.array([signal.shape[1] for signal in clips.signals()]) / clips.rate
    return ClassifierHeader(
        rate=clips.rate,
        places=places,
        trained_on=about,
        activities=activities,
        length=options.length,
        widths=options.widths,
        dropout=options.dropout,
        networks=options.networks,
        seconds=round(float(np.median(seconds)), 2),
        longest=round(float(seconds.max()), 2),
    )


def regressor_header(clips: Clips, places: list[str], options: SyntheticClips, about: TrainedOn) -> RegressorHeader:
    """Describe a regressor of these clips."""
    return RegressorHeader(
        rate=clips.rate, places=places, trained_on=about, features=FEATURES, dropout=options.regressor_dropout
    )


def trained_on(data: str, clips: Clips, row: str, options: SyntheticClips, seed: int) -> TrainedOn:
    """Say what a model of these clips learned from."""
    return TrainedOn(
        data=data,
        people=sorted(set(clips.index.subject)),
        clips=len(clips),
        with_sensor=int(clips.has_sensor.sum()),
        with_pose=int(has_pose(clips).sum()),
        method=row,
        seed=seed,
        options=options.model_dump(),
    )
