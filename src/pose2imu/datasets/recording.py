"""The one type that every dataset's reader returns: a recording as its archive has it, cleaned of nothing yet."""

from dataclasses import dataclass

import numpy as np

# Order of the joints axis of every joints array. In leg actions of UTD-MHAD the first three are hip, knee and ankle.
JOINTS = ("shoulder", "elbow", "wrist", "neck", "mid_hip")
LIMB, NECK, MID_HIP = slice(0, 3), 3, 4


@dataclass(frozen=True)
class RawRecording:
    """One recording, its two streams on their own clocks.

    Times are seconds on one clock shared by both streams; they may repeat, jitter and have gaps, and values may be NaN:
    `preprocessing.resample` deals with that.
    """

    name: str  # "w00", or "a1_s1_t1"
    subject: str  # "P0", or "s1"
    acceleration_time: np.ndarray  # (samples,) seconds
    acceleration: np.ndarray  # (samples, 3) m/s², with gravity
    label: np.ndarray  # (samples,) class index at each acceleration sample
    joints_time: np.ndarray  # (frames,) seconds
    joints: np.ndarray  # (frames, 5, 3) metres, in the order of JOINTS
    angular_velocity: np.ndarray | None = None  # (samples, 3) rad/s at acceleration_time, where the sensor has it
