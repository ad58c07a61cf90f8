"""The datasets there are: how each is read, and what its labels mean."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pose2imu.datasets import mm_fit, utd_mhad
from pose2imu.datasets.recording import RawRecording
from pose2imu.params import Limb


@dataclass(frozen=True)
class Dataset:
    """What the stages need to know of a dataset."""

    read: Callable[[Path, Limb], Iterator[RawRecording]]  # all recordings of an unpacked archive
    classes: tuple[str, ...]  # names of the class indices
    clips: bool  # one activity to a recording: clip-level metrics make sense
    vertical: int = 2  # axis of the joints that points up or down
    near_bone: Callable[[str, Limb], bool] = lambda name, limb: False  # is the sensor on the upper arm or thigh?
    synthetic: bool = False


DATASETS = {
    "utd_mhad": Dataset(
        utd_mhad.read,
        utd_mhad.CLASSES,
        clips=True,
        vertical=1,
        near_bone=lambda name, limb: limb == "sensor" and utd_mhad.on_thigh(name),
    ),
    "mm_fit": Dataset(lambda folder, limb: mm_fit.read(folder), mm_fit.CLASSES, clips=False),
    # MM-Fit's format and people, simulated.
    "rehearsal": Dataset(lambda folder, limb: mm_fit.read(folder), mm_fit.CLASSES, clips=False, synthetic=True),
    # MM-Fit's format, but each workout is a person of its own.
    "sample": Dataset(
        lambda folder, limb: mm_fit.read(folder, participants={}), mm_fit.CLASSES, clips=False, synthetic=True
    ),
}
