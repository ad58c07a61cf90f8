"""What physics reads in a pose of the sensor that a bone wears: the inputs of the regressor of `synthetic_clips`.

All that has a direction is told in the frame of the bone: x along it, from its near joint to its far one; z normal to
the plane of the limb; y completes them. What turns with the person is thus left out, as it is in what a sensor reads.
"""

import numpy as np
import torch
from scipy.signal import savgol_filter

from pose2imu.datasets.recording import MID_HIP, NECK
from pose2imu.loading.augmentation import at_moments
from pose2imu.loading.clips import Clips

# Samples of the Savitzky-Golay filters at 50 Hz, all of third order: of positions and velocity; of acceleration, in two
# widths, for a narrow one keeps sharp motion and noise, and a wide one neither.
SMOOTH, WIDTHS, ORDER = 13, (11, 25), 3
REFERENCE_RATE = 50
UP = np.array([0.0, 1.0, 0.0])
# How much the normal leans towards the person's right: what is left of it where the limb is straight and has no plane.
LEANING = 0.1
# Columns of the features, by what they do when the same motion is done faster, or by a larger person.
GRAVITY, ACCELERATION, VELOCITY, NEIGHBOUR, REACH, LIMB = (
    slice(0, 3),
    slice(3, 9),
    slice(9, 12),
    slice(12, 16),
    slice(16, 19),
    slice(19, 20),
)
FEATURES = 20


def pose_features(clips: Clips) -> list[np.ndarray]:
    """Compute features (FEATURES, time) float32 of clips that all have poses."""
    return [
        features_of(joints, near, clips.rate, clips.vertical)
        for joints, near in zip(clips.poses(), clips.index.near_bone, strict=True)
    ]


def features_of(joints: np.ndarray, near_bone: bool, rate: int, vertical: int) -> np.ndarray:
    """Compute features (FEATURES, time) float32 of joints (time, 5, 3) in metres.

    They are the direction up (3), which a sensor at rest reads; the acceleration of the bone's far joint at two widths
    of smoothing (2 · 3), in m/s²; its velocity (3), in m/s; direction (3) and inclination (1) of the neighbouring bone;
    the far joint as seen from the limb's near end, turned with the person's heading (3: right, up, forward), in metres;
    and which limb it is (1).
    """
    joints = _upright(joints, vertical)
    smooth = _filtered(joints, SMOOTH, 0, rate)
    first, middle, last = smooth[:, 0], smooth[:, 1], smooth[:, 2]
    near, far, neighbour = (first, middle, last - middle) if near_bone else (middle, last, middle - first)
    right = smooth[:, 0] - smooth[:, MID_HIP if near_bone else NECK]
    frame = bone_frame(far - near, neighbour, right)
    joint = joints[:, 1 if near_bone else 2]
    accelerations = [_filtered(joint, width, 2, rate) for width in WIDTHS]
    neighbour = neighbour / _length(neighbour)
    parts = [
        *(_within(frame, vector) for vector in (np.broadcast_to(UP, far.shape), *accelerations)),
        _within(frame, _filtered(joint, SMOOTH, 1, rate)),
        _within(frame, neighbour),
        neighbour @ UP[:, None],
        heading(far - first, right),
        np.full((len(joints), 1), float(near_bone)),
    ]
    return np.concatenate(parts, axis=1).T.astype(np.float32)


def bone_frame(bone: np.ndarray, neighbour: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Make (time, 3, 3) axes, one a row, of a bone (time, 3), its neighbour and the person's right."""
    x = bone / _length(bone)
    normal = np.cross(neighbour / _length(neighbour), x) + LEANING * right / _length(right)
    normal = normal - (normal * x).sum(axis=1, keepdims=True) * x
    z = normal / _length(normal)
    return np.stack([x, np.cross(z, x), z], axis=1)


def heading(vector: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Turn vectors (time, 3) about the vertical, so that the person's right is the first axis, and up the second."""
    level = right * (1 - UP)
    first = level / _length(level)
    return _within(np.stack([first, np.broadcast_to(UP, first.shape), np.cross(UP, first)], axis=1), vector)


def varied(
    features: torch.Tensor, length: torch.Tensor, tempo: torch.Tensor, size: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Tell of padded features (clips, FEATURES, time) what they would be at another tempo (clips,) and size (clips,).

    At twice the tempo a clip takes half the time, velocity doubles and acceleration grows fourfold; a person of twice
    the size has twice of both, and of lengths; gravity stays. Returns features, and the clips' lengths.
    """
    shorter = (length / tempo).round().long().clamp(min=2)
    moments = torch.arange(int(shorter.max()))[None] * tempo[:, None]
    moments = moments.minimum((length[:, None] - 1).float())
    out = at_moments(features, moments)
    for columns, factor in ((ACCELERATION, size * tempo**2), (VELOCITY, size * tempo), (REACH, size)):
        out[:, columns] *= factor[:, None, None]
    return out, shorter


def _upright(joints: np.ndarray, vertical: int) -> np.ndarray:
    """Turn joints (time, joints, 3) whose axis `vertical` points up so that the second does; left stays left."""
    return np.roll(joints, 1 - vertical, axis=2)


def _filtered(values: np.ndarray, width: int, derivative: int, rate: int) -> np.ndarray:
    """Smooth values (time, …), or give a derivative of them in seconds; short clips have a narrower filter."""
    window = (min(round(width * rate / REFERENCE_RATE), len(values)) - 1) // 2 * 2 + 1
    window = max(window, ORDER + 2)
    return savgol_filter(values, window, ORDER, deriv=derivative, delta=1 / rate, axis=0)


def _within(frame: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Give vectors (time, 3) by the axes of a frame (time, 3, 3)."""
    return np.einsum("tij,tj->ti", frame, vector)


def _length(vector: np.ndarray) -> np.ndarray:
    return np.linalg.norm(vector, axis=1, keepdims=True).clip(1e-9)
