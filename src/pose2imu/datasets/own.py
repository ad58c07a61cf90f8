"""Own recordings: a folder with recordings.csv and dataset.yaml (datasets.own_files), and the files that they name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from pose2imu.datasets.own_files import TABLE, Description, Interval, Line, read_description, read_intervals, read_lines
from pose2imu.errors import InputError
from pose2imu.formats.inertial import read_inertial
from pose2imu.formats.poses import read_poses
from pose2imu.formats.streams import Inertial, Poses


@dataclass(frozen=True)
class OwnRecording:
    """A recording, with what it has: an activity or intervals, a sensor's signal, poses, or both."""

    line: Line
    activity: str | None
    intervals: tuple[Interval, ...]  # empty where it has one activity
    inertial: Inertial | None
    poses: Poses | None  # on the sensor's clock, where there is one

    @property
    def name(self) -> str:
        """Name it, as recordings.csv does."""
        return self.line.recording

    @property
    def subject(self) -> str:
        """Name whose it is."""
        return self.line.subject


def read_own(folder: Path) -> list[OwnRecording]:
    """Read a folder's recordings, in the order of recordings.csv; InputError names the file that is not as expected."""
    return list(each_recording(folder))


def each_recording(folder: Path) -> Iterator[OwnRecording]:
    """Read a folder's recordings one by one."""
    about = read_description(folder)
    for line in read_lines(folder):
        yield read_recording(folder, line, about)


def read_recording(folder: Path, line: Line, about: Description) -> OwnRecording:
    """Read the files of a line of recordings.csv."""
    inertial = poses = None
    if line.acceleration is not None:
        inertial = read_inertial(folder / line.acceleration, **about.sensor.model_dump())
    if line.poses is not None:
        poses = read_poses(folder / line.poses, **about.poses.model_dump())
    if inertial is not None and poses is not None:
        poses = on_clock_of(inertial, poses, about.clock)
        (begin, end), (first, last) = span_of(inertial.time), span_of(poses.time)
        if min(end, last) <= max(begin, first):
            found = f"{line.acceleration} from {begin:.6g} to {end:.6g} s, {line.poses} from {first:.6g} to {last:.6g}"
            raise InputError(
                f"{folder / TABLE}: {line.recording}: {found}; expected times that overlap, or another clock"
            )
    intervals = read_intervals(folder / line.intervals) if line.intervals is not None else ()
    return OwnRecording(line, line.activity, intervals, inertial, poses)


def on_clock_of(inertial: Inertial, poses: Poses, clock: Literal["shared", "start", "span"]) -> Poses:
    """Put poses on the sensor's clock: as they are, from its beginning on, or stretched onto its span."""
    if clock == "shared":
        return poses
    (begin, end), (first, last) = span_of(inertial.time), span_of(poses.time)
    rate = (end - begin) / (last - first) if clock == "span" else 1.0
    return replace(poses, time=begin + rate * (poses.time - first))


def span_of(time: np.ndarray) -> tuple[float, float]:
    """Give the first and the last moment of a stream; its times may be out of order, and some no numbers."""
    return float(np.nanmin(time)), float(np.nanmax(time))


def labels_at(recording: OwnRecording, time: np.ndarray, classes: Sequence[str], rest: str) -> np.ndarray:
    """Index the class at each moment (samples,) of a recording's clock; what is in no interval has the class `rest`."""
    if recording.activity is not None:
        return np.full(len(time), classes.index(recording.activity))
    starts, stops = (np.array([getattr(one, end) for one in recording.intervals]) for end in ("start", "stop"))
    # An interval holds its start and not its stop.
    at = np.maximum(np.searchsorted(starts, time, side="right") - 1, 0)
    inside = (time >= starts[at]) & (time < stops[at])
    if not inside.any():
        begin, end = span_of(time)
        of_files = f"{recording.line.intervals}: from {starts[0]:.6g} to {stops[-1]:.6g} s"
        raise InputError(f"{of_files}; expected times of {recording.line.acceleration}, {begin:.6g} to {end:.6g} s")
    of_interval = np.array([classes.index(one.activity) for one in recording.intervals])
    return np.where(inside, of_interval[at], classes.index(rest))
