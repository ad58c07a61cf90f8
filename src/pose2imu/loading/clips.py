"""Whole clips in physical units, of which only some have their sensor data: for methods that learn from scarce labels.

They are read from the resampled recordings: a z-score of a benchmark's has seen the sensor data of all its clips.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from pose2imu.datasets.catalogue import DATASETS
from pose2imu.layout import RESAMPLED
from pose2imu.preprocessing.arrays import HOLE, RESAMPLED_COLUMNS, Recordings, load


class Needs(NamedTuple):
    """What a method asks of the data: clips."""

    unit: Literal["clips"] = "clips"


LABELLED = "data.labelled"  # in weights: the numbers of the clips whose sensor data the method was given


@dataclass(frozen=True)
class Clips:
    """Clips with their label, and as far as they are given, their poses and their sensor data."""

    index: pd.DataFrame  # one row each: recording, subject, label, near_bone (the sensor is on the upper arm or thigh)
    joints: list[np.ndarray | None]  # each (time, 5, 3) metres, in the order of datasets.recording.JOINTS
    acceleration: list[np.ndarray | None]  # each (3, time) m/s²
    rate: int  # samples per second
    vertical: int  # axis of the joints that points up

    def __len__(self) -> int:
        return len(self.index)

    @property
    def label(self) -> np.ndarray:
        """Class indices (clips,)."""
        return self.index.label.to_numpy(dtype=np.int64)

    @property
    def has_sensor(self) -> np.ndarray:
        """Which clips have sensor data (clips,)."""
        return np.array([signal is not None for signal in self.acceleration], dtype=bool)

    def take(self, rows: np.ndarray) -> "Clips":
        """Take some clips, by their numbers."""
        return replace(
            self,
            index=self.index.iloc[rows].reset_index(drop=True),
            joints=[self.joints[row] for row in rows],
            acceleration=[self.acceleration[row] for row in rows],
        )

    def pairs(self) -> "Clips":
        """Take the clips that have sensor data."""
        return self.take(np.flatnonzero(self.has_sensor))

    def signals(self) -> list[np.ndarray]:
        """Give the sensor data of clips that all have it, each (3, time) m/s²."""
        return [signal for signal in self.acceleration if signal is not None]

    def poses(self) -> list[np.ndarray]:
        """Give the poses of clips that all have them, each (time, 5, 3) metres."""
        return [joints for joints in self.joints if joints is not None]


def load_clips(dataset: str, rate: int, limb: Literal["sensor", "arm"], subjects: Sequence[str]) -> Clips:
    """Read the clips of some people, with all that there is of them."""
    return clips_of(load(RESAMPLED / dataset, RESAMPLED_COLUMNS), dataset, rate, limb, subjects)


def clips_of(
    recordings: Recordings, dataset: str, rate: int, limb: Literal["sensor", "arm"], subjects: Sequence[str]
) -> Clips:
    """Cut recordings, each of one activity, into clips; those of one person after the other."""
    table, about = recordings.table, DATASETS[dataset]
    rows = [row for subject in subjects for row in np.flatnonzero(table.subject == subject)]
    parts = [recordings.of(int(row)) for row in rows]
    index = pd.DataFrame(
        {
            "recording": table.recording.iloc[rows].to_numpy(),
            "subject": table.subject.iloc[rows].to_numpy(),
            "label": [int(recordings.label[part][recordings.label[part] != HOLE][0]) for part in parts],
            "near_bone": [about.near_bone(name, limb) for name in table.recording.iloc[rows]],
        }
    )
    return Clips(
        index,
        [np.asarray(recordings.joints[part], np.float64) for part in parts],
        [np.ascontiguousarray(recordings.acceleration[part].T) for part in parts],
        rate,
        about.vertical,
    )


def withheld(clips: Clips, labelled: np.ndarray) -> Clips:
    """Take away the sensor data of the clips that are not labelled (clips,): what is left is all a method is given."""
    kept = [signal if has else None for signal, has in zip(clips.acceleration, labelled, strict=True)]
    return replace(clips, acceleration=kept)


def without_poses(clips: Clips) -> Clips:
    """Take away the poses: what is predicted is predicted from sensor data alone."""
    return replace(clips, joints=[None] * len(clips))
