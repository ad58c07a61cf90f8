"""Whose a recording is, by its name."""

from collections.abc import Callable

from pose2imu.datasets import mm_fit

SUBJECTS: dict[str, Callable[[str], str]] = {
    "utd_mhad": lambda recording: recording.split("_")[1],  # a1_s2_t3
    "mm_fit": lambda recording: mm_fit.PARTICIPANTS.get(recording, recording),
    "rehearsal": lambda recording: mm_fit.PARTICIPANTS.get(recording, recording),
}


def subject_of(dataset: str, recording: str) -> str:
    """Name the subject; a recording of a dataset that is not known here is a person of its own."""
    return SUBJECTS.get(dataset, lambda name: name)(recording)
