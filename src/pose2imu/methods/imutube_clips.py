"""IMUTube on clips: virtual sensors by physics, mapped to real ones by the pairs at hand, and the same classifier."""

import numpy as np
from scipy.spatial.transform import Rotation

from pose2imu.datasets.recording import MID_HIP, NECK
from pose2imu.loading.clips import Clips, Needs
from pose2imu.loading.data import State
from pose2imu.method_params import ImutubeClips
from pose2imu.methods import Fitted
from pose2imu.methods.clip_classifiers import learn, source_of
from pose2imu.methods.clip_classifiers import predict as predict_clips
from pose2imu.preprocessing.distribution import mapped, percentiles
from pose2imu.preprocessing.virtual_imu import to_z_up, virtual_sensor
from pose2imu.settings import Settings

NEEDS = Needs()
NEAR_BONE, FAR_BONE = [0, 1], [1, 2]


def fit(clips: Clips, settings: Settings[ImutubeClips]) -> Fitted:
    """Write virtual clips from all poses; learn from them and from the real ones."""
    pairs, virtual = clips.pairs(), virtual_clips(clips, settings.options)
    real = source_of(pairs.signals(), pairs.label)
    return Fitted(*learn(real, source_of(virtual, clips.label), settings))


def predict(state: State, clips: Clips, settings: Settings[ImutubeClips]) -> np.ndarray:
    """Give (clips, classes): probabilities."""
    return predict_clips(state, clips, settings)


def virtual_clips(clips: Clips, options: ImutubeClips) -> list[np.ndarray]:
    """Compute what virtual sensors read, (3, time) m/s² of each clip.

    How the real sensor sits on each bone, and the mapping to the distribution of real values, are fitted to the clips
    that have sensor data.
    """
    near = clips.index.near_bone.to_numpy()
    raw = [sensed(joints, on_near, clips, options) for joints, on_near in zip(clips.poses(), near, strict=True)]
    for bone in np.unique(near):
        fitted_on = np.flatnonzero(clips.has_sensor & (near == bone))
        if len(fitted_on):
            real = np.concatenate(clips.take(fitted_on).signals(), axis=1).T
            mount, _ = Rotation.align_vectors(real, np.concatenate([raw[row] for row in fitted_on]))
            for row in np.flatnonzero(near == bone):
                raw[row] = mount.apply(raw[row])
    pairs = np.flatnonzero(clips.has_sensor)
    of_virtual = percentiles(np.concatenate([raw[row] for row in pairs]))
    of_real = percentiles(np.concatenate(clips.pairs().signals(), axis=1).T)
    return [mapped(values, of_virtual, of_real).T.astype(np.float32) for values in raw]


def sensed(joints: np.ndarray, near_bone: bool, clips: Clips, options: ImutubeClips) -> np.ndarray:
    """Compute what a sensor on a bone of joints (time, 5, 3) would read, (time, 3) m/s² in its own axes."""
    turned = to_z_up(joints, clips.vertical, joints[:, NECK] - joints[:, MID_HIP])
    bone = turned[:, NEAR_BONE if near_bone else FAR_BONE]
    return virtual_sensor(np.arange(len(bone)) / clips.rate, bone, options.placement, options.knots).acceleration
