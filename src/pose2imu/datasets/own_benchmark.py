"""Own recordings as a dataset of the pipeline: which of them it takes, and an entry for the catalogue."""

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from pose2imu.datasets.catalogue import Dataset
from pose2imu.datasets.own import OwnRecording, labels_at, read_recording
from pose2imu.datasets.own_files import TABLE, Line, activities, read_description, read_lines
from pose2imu.datasets.protocol import SPLITS
from pose2imu.datasets.recording import JOINTS, LARGEST_LABEL, RawRecording
from pose2imu.errors import InputError
from pose2imu.formats.streams import PLACES
from pose2imu.params import Limb
from pose2imu.preprocessing.arrays import HOLE, Recordings

LONGEST_CLIP = 30.0  # seconds of a recording that is classified whole; UTD-MHAD's longest has 6.5
# What stands for the joints of recordings without poses, (5, 3) metres: somebody who stands still. No row reads it.
STANDING = np.array([[0, -0.2, 1.4], [0, -0.2, 1.1], [0, -0.2, 0.85], [0, 0, 1.5], [0, 0, 1.0]])
assert len(STANDING) == len(JOINTS)


def used_lines(folder: Path) -> tuple[list[Line], bool]:
    """Find the recordings that the tables are of, all with sensor data, and whether their poses are used."""
    lines, about = read_lines(folder), read_description(folder)
    sensed = [line for line in lines if line.acceleration is not None]
    paired = [line for line in sensed if line.poses is not None]
    if not sensed:
        raise InputError(
            f"{folder / TABLE}: no recording has an acceleration file; expected some, to train and test on"
        )
    if paired and (about.without_poses == "left_out" or len(paired) == len(sensed)):
        return paired, True
    return sensed, False


def classes_of(folder: Path) -> list[str]:
    """List a dataset's classes: activities, and what is in no interval, where there are intervals."""
    lines, _ = used_lines(folder)
    found, rest = activities(folder, lines), read_description(folder).rest
    if any(line.intervals is not None for line in lines) and rest not in found:
        found.append(rest)
    if len(found) > LARGEST_LABEL + 1:
        raise InputError(f"{folder / TABLE}: {len(found)} activities; expected at most {LARGEST_LABEL + 1}")
    return found


def read(folder: Path, limb: Limb = "sensor") -> Iterator[RawRecording]:
    """Yield the recordings that the tables are of; `limb` is that of dataset.yaml's place, whatever is asked for.

    Warns of recordings that are left out, for what they lack.
    """
    (lines, with_poses), about, classes = used_lines(folder), read_description(folder), classes_of(folder)
    names = {line.recording for line in lines}
    for lacking, what in (
        ("acceleration", "poses alone: there are no windows of them"),
        ("poses", "no poses: they are left out"),
    ):
        left = [line for line in read_lines(folder) if getattr(line, lacking) is None and line.recording not in names]
        if left:
            few = ", ".join(line.recording for line in left[:3]) + ("" if len(left) <= 3 else ", ...")
            warnings.warn(f"{folder}: {len(left)} recordings have {what} ({few})", stacklevel=1)
    for line in lines:
        recording = read_recording(folder, line, about)
        inertial = recording.inertial
        assert inertial is not None  # as its line says
        time, joints = _joints(recording, about.place) if with_poses else _standing(inertial.time)
        yield RawRecording(
            name=recording.name,
            subject=recording.subject,
            acceleration_time=inertial.time,
            acceleration=inertial.acceleration,
            label=labels_at(recording, inertial.time, classes, about.rest),
            joints_time=time,
            joints=joints,
            angular_velocity=inertial.angular_velocity,
        )


def _joints(recording: OwnRecording, place: str) -> tuple[np.ndarray, np.ndarray]:
    assert recording.poses is not None  # as its line says
    return recording.poses.time, recording.poses.limb(PLACES[place])


def _standing(time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return time, np.broadcast_to(STANDING, (len(time), *STANDING.shape)).copy()


def entry_of(folder: Path, resampled: Recordings | None = None, rate: float = 1.0) -> Dataset:
    """Make the entry of the catalogue; what is resampled, at `rate`, says whether recordings are clips."""
    about, classes = read_description(folder), classes_of(folder)
    if resampled is not None and classes[-1] == about.rest and int(resampled.label.max()) < len(classes) - 1:
        del classes[-1]  # intervals leave no time between them
    clips = all(line.activity is not None for line in used_lines(folder)[0])
    if resampled is not None:
        seconds = (resampled.table.stop - resampled.table.start).max() / rate
        clips = clips and seconds <= LONGEST_CLIP if about.clips is None else about.clips
    near = PLACES[about.place].near_bone
    return Dataset(
        read=lambda _, limb: read(folder, limb),
        classes=tuple(classes),
        clips=clips,
        near_bone=lambda name, limb: near,
        synthetic=about.synthetic,
    )


def require_activities(
    recordings: Recordings, split: pd.Series, classes: Sequence[str], wanted: Sequence[str] | None
) -> None:
    """Raise InputError for an activity, of those `wanted`, that is not in the training split, or in no other.

    Warns of one that the validation or the test split lacks.
    """
    found: dict[str, set[int]] = {
        name: {
            int(label)
            for row in range(len(split))
            if split.iat[row] == name
            for label in np.unique(recordings.label[recordings.of(row)])
            if label != HOLE
        }
        for name in SPLITS
    }
    for label, activity in enumerate(classes):
        having = [name for name in SPLITS if label in found[name] and (wanted is None or activity in wanted)]
        if having and (having == ["train"] or "train" not in having):
            raise InputError(
                f"the activity {activity} is in {' and '.join(having)} only; expected it in train, and in another split"
            )
        if len(having) == 2:
            missing = next(name for name in SPLITS if name not in having)
            warnings.warn(f"the activity {activity} is in no {missing} recording", stacklevel=2)
