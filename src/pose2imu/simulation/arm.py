"""A body as a chain of rigid links, and what a watch on its left wrist reads.

World axes: x forward, y to the left, z up; metres, seconds. Each arm hangs along -z at zero angles.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.spatial.transform import Rotation

Value = float | np.ndarray

JOINT_COUNT = 17
HIP, LEFT_LEG, RIGHT_LEG = 0, slice(1, 4), slice(4, 7)  # MM-Fit's 17 joints: legs are hip, knee, ankle
SPINE, THORAX, NECK, HEAD = 7, 8, 9, 10
RIGHT_ARM, LEFT_ARM = slice(11, 14), slice(14, 17)  # shoulder, elbow, wrist
LEFT_WRIST, RIGHT_WRIST = 16, 13
# Where a hand stands on the floor while it is anchored there (push-ups).
FLOOR_POINT = np.array([0.5, 0.25, 0.05])
# Lengths in metres of a body of size 1.
TRUNK, NECK_LENGTH, HEAD_LENGTH, SHOULDER, UPPER_ARM, FOREARM = 0.48, 0.10, 0.12, 0.18, 0.30, 0.26
PELVIS, THIGH, SHANK = 0.10, 0.44, 0.42


class Posture(NamedTuple):
    """Everything that moves in a body: degrees unless noted, single values or one per moment (T,)."""

    pitch: Value = 0.0  # of the trunk: 90 is face down, -90 is on the back
    turn: Value = 0.0  # of the whole body, about the vertical
    lift: Value = 0.0  # metres above where the legs alone would carry the hip
    hop: Value = 0.0  # metres, twice per repetition
    forward: Value = 0.0  # metres
    raised: Value = 5.0  # upper arm, forwards and up
    abducted: Value = 8.0  # upper arm, sideways and up
    rotated: Value = 0.0  # upper arm about its own axis, outwards
    elbow: Value = 15.0  # 0 is straight
    pronated: Value = 0.0  # forearm about its own axis
    hip: Value = 0.0  # left thigh, forwards of the vertical
    knee: Value = 0.0  # both knees
    stance: Value = 0.0  # the right thigh is this far behind the left
    anchored: Value = 0.0  # 0 to 1: how far the left hand's place is FLOOR_POINT (not an angle)


@dataclass(frozen=True)
class Truth:
    """An exact, noise-free performance on a regular clock."""

    time: np.ndarray  # (T,) seconds
    label: np.ndarray  # (T,) class index
    joints: np.ndarray  # (T, 17, 3) metres, world axes
    forearm: Rotation  # (T,) left forearm's axes → world; z points from wrist to elbow
    mount: Rotation  # watch's axes → forearm's axes: how the watch sits
    acceleration: np.ndarray  # (T, 3) of the left wrist, m/s², world axes
    watch: np.ndarray  # (T, 3) m/s², watch axes: what a perfect watch reads

    @property
    def wrist(self) -> np.ndarray:
        """Give (T, 3) left wrist, metres, world axes."""
        return self.joints[:, LEFT_WRIST]


def skeleton(left: Posture, right: Posture, size: float) -> tuple[np.ndarray, Rotation]:
    """Place the 17 joints (T, 17, 3), metres, and the left forearm; of `right` only the arm's angles count."""
    body = _radians(left)
    heading = _rotation("z", body.turn)
    trunk = _rotation("ZY", body.turn, body.pitch)
    joints = np.zeros((len(heading), JOINT_COUNT, 3))

    height = THIGH * np.cos(body.hip) + SHANK * np.cos(body.hip - body.knee) + body.lift
    joints[:, HIP] = heading.apply(np.stack([body.forward, np.zeros_like(height), height], axis=1))
    spine = {SPINE: TRUNK / 2, THORAX: TRUNK, NECK: TRUNK + NECK_LENGTH, HEAD: TRUNK + NECK_LENGTH + HEAD_LENGTH}
    for joint, distance in spine.items():
        joints[:, joint] = joints[:, HIP] + trunk.apply([0, 0, distance])
    joints[:, LEFT_LEG] = joints[:, [HIP]] + _leg(body.turn, body.hip, body.knee, side=1)
    joints[:, RIGHT_LEG] = joints[:, [HIP]] + _leg(body.turn, body.hip - body.stance, body.knee, side=-1)
    left_arm, forearm = _arm(trunk, body, side=1)
    joints[:, LEFT_ARM] = joints[:, [THORAX]] + left_arm
    joints[:, RIGHT_ARM] = joints[:, [THORAX]] + _arm(trunk, _radians(right), side=-1)[0]

    joints *= size
    offset = np.asarray(left.anchored)[:, None] * (FLOOR_POINT - joints[:, LEFT_WRIST])
    return joints + offset[:, None], forearm


def _radians(posture: Posture) -> Posture:
    lengths = {"lift", "hop", "forward", "anchored"}
    return Posture(
        **{name: value if name in lengths else np.deg2rad(value) for name, value in posture._asdict().items()}
    )


def _rotation(axes: str, *angles: Value) -> Rotation:
    return Rotation.from_euler(axes, np.stack(angles, axis=-1))


def _arm(trunk: Rotation, angles: Posture, side: int) -> tuple[np.ndarray, Rotation]:
    """Give shoulder, elbow, wrist (T, 3, 3) from the thorax, and the forearm; side 1 is left, -1 right (mirrored)."""
    upper = trunk * _rotation("XYZ", side * angles.abducted, -angles.raised, side * angles.rotated)
    forearm = upper * _rotation("YZ", -angles.elbow, side * angles.pronated)
    shoulder = trunk.apply([0, side * SHOULDER, 0])
    elbow = shoulder + upper.apply([0, 0, -UPPER_ARM])
    wrist = elbow + forearm.apply([0, 0, -FOREARM])
    return np.stack([shoulder, elbow, wrist], axis=1), forearm


def _leg(turn: Value, hip: Value, knee: Value, side: int) -> np.ndarray:
    """Give hip, knee, ankle (T, 3, 3) from the mid-hip."""
    top = _rotation("z", turn).apply([0, side * PELVIS, 0])
    middle = top + _rotation("ZY", turn, -hip).apply([0, 0, -THIGH])
    bottom = middle + _rotation("ZY", turn, knee - hip).apply([0, 0, -SHANK])
    return np.stack([top, middle, bottom], axis=1)
