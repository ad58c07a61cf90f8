"""The two types that every reader of a file gives: poses, and what a sensor measured (design.md, Conventions)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from pose2imu.errors import InputError

SIDES = ("right", "left")
# Joints of a side, and those of the middle; a format has some of them, and its reader derives neck and mid_hip.
OF_A_SIDE = ("shoulder", "elbow", "wrist", "hand", "hip", "knee", "ankle", "foot")
OF_THE_MIDDLE = ("head", "neck", "spine", "mid_hip")
JOINT_NAMES = (*OF_THE_MIDDLE, *(f"{side}_{joint}" for side in SIDES for joint in OF_A_SIDE))
ARM, LEG = ("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle")
# Where a sensor is worn: its limb, whether on the limb's near bone, and how far along that bone from its near joint.
PLACES_OF_A_SIDE = {
    "wrist": (ARM, False, 1.0),
    "forearm": (ARM, False, 0.5),
    "upper_arm": (ARM, True, 0.5),
    "thigh": (LEG, True, 0.5),
    "shank": (LEG, False, 0.5),
}


@dataclass(frozen=True)
class Place:
    """Where a sensor is worn."""

    name: str  # right_wrist
    limb: tuple[str, str, str]  # joints, the body's end first
    near_bone: bool  # upper arm or thigh, rather than forearm or shank
    along: float  # from the bone's near joint (0) to its far one (1)


PLACES = {
    f"{side}_{place}": Place(f"{side}_{place}", (f"{side}_{a}", f"{side}_{b}", f"{side}_{c}"), near, along)
    for side in SIDES
    for place, ((a, b, c), near, along) in PLACES_OF_A_SIDE.items()
}


@dataclass(frozen=True)
class Poses:
    """Joints over time, in metres, in a right-handed frame whose third axis points up."""

    name: str  # of the recording: the file's, without its suffix
    time: np.ndarray  # (frames,) seconds, increasing
    joints: Mapping[str, np.ndarray]  # by JOINT_NAMES, each (frames, 3) metres; NaN where a frame has none
    notes: tuple[str, ...] = field(default=())  # what its reader guessed, and by what evidence

    def limb(self, place: Place) -> np.ndarray:
        """Joints (frames, 5, 3) of the limb that wears a sensor, then neck and mid-hip: datasets.recording.JOINTS.

        Raises InputError where one of them is not there.
        """
        needed = (*place.limb, "neck", "mid_hip")
        if missing := [joint for joint in needed if joint not in self.joints]:
            raise InputError(
                f"{self.name}: no {', '.join(missing)}; a sensor at {place.name} needs {', '.join(needed)}"
            )
        return np.stack([self.joints[joint] for joint in needed], axis=1)


@dataclass(frozen=True)
class Inertial:
    """What a sensor measured: acceleration with gravity, m/s²: 9.8 upwards at rest."""

    name: str
    time: np.ndarray  # (samples,) seconds, as the file has them: they may repeat, jitter and have gaps
    acceleration: np.ndarray  # (samples, 3) m/s²
    angular_velocity: np.ndarray | None = None  # (samples, 3) rad/s
    notes: tuple[str, ...] = field(default=())
