"""A folder of own recordings (datasets.own_files) as clips, with their labels; each with sensor data, poses or both."""

from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from tqdm import tqdm

from pose2imu.datasets.own import OwnRecording, read_recording
from pose2imu.datasets.own_files import TABLE, read_description, read_lines
from pose2imu.errors import InputError
from pose2imu.formats.streams import PLACES
from pose2imu.interpolation import interpolate
from pose2imu.loading.clips import Clips
from pose2imu.own.clock import SHORTEST, Signal, all_known, grid_of, in_gap, limb_of, signal_of, starts_of
from pose2imu.own.method import Cutting, cutting
from pose2imu.own.regressors import UP


class OwnClips(NamedTuple):
    """A folder's clips, and what their labels mean."""

    name: str  # of the folder
    clips: Clips
    activities: list[str]
    place: str


class Streams(NamedTuple):
    """A recording at one rate; what it lacks is None."""

    signal: Signal | None
    joints: np.ndarray | None  # (samples, 5, 3) metres
    start: float  # seconds
    known: np.ndarray  # (samples,) in no gap


class Cut(NamedTuple):
    """A clip on its way into Clips."""

    recording: str
    subject: str
    activity: str
    joints: np.ndarray | None
    acceleration: np.ndarray | None


def read_clips(folder: Path, without: Collection[str] = ()) -> OwnClips:
    """Read a folder's recordings but those of the people `without`, whose files are not opened.

    What has one activity is one clip if it is short, else pieces are. Time between labelled intervals is an activity
    too, dataset.yaml's `rest`; of its clips no more are kept than the most frequent activity has.
    """
    about, lines, how = read_description(folder), read_lines(folder), cutting()
    if unknown := sorted(set(without) - {line.subject for line in lines}):
        people = ", ".join(dict.fromkeys(line.subject for line in lines))
        raise InputError(f"{folder / TABLE}: no {', '.join(unknown)} to leave out; it has {people}")
    kept = [line for line in lines if line.subject not in without]
    cuts: list[Cut] = []
    for line in tqdm(kept, desc="reading", unit="recording", disable=None):
        recording = read_recording(folder, line, about)
        found = list(clips_of(recording, about.place, about.rest, how))
        if line.intervals is not None and all(cut.activity == about.rest for cut in found):
            raise InputError(
                f"{folder / line.intervals}: no activity of {SHORTEST} s or longer lies within {line.recording}, "
                "outside of gaps; expected times on the clock of its files"
            )
        cuts += found
    cuts = thinned(cuts, about.rest)
    activities = sorted({cut.activity for cut in cuts})
    if len(activities) < 2:
        there = ", ".join(activities) or "none"
        raise InputError(f"{folder / TABLE}: activities: {there}; expected two or more, of {SHORTEST} s or longer each")
    number = {activity: index for index, activity in enumerate(activities)}
    index = pd.DataFrame(
        {
            "recording": [cut.recording for cut in cuts],
            "subject": [cut.subject for cut in cuts],
            "label": [number[cut.activity] for cut in cuts],
            "near_bone": PLACES[about.place].near_bone,
        }
    )
    clips = Clips(index, [cut.joints for cut in cuts], [cut.acceleration for cut in cuts], how.rate, UP)
    return OwnClips(folder.resolve().name, clips, activities, about.place)


def clips_of(recording: OwnRecording, place: str, rest: str, how: Cutting) -> Iterator[Cut]:
    """Cut a recording into clips; those that a gap lies in are left out."""
    streams = streams_of(recording, place, how.rate)
    samples = len(streams.known)
    for start, stop, activity in labelled(recording, rest):
        # An end may be infinite: the recording's.
        begin, end = max(start, streams.start), min(stop, streams.start + samples / how.rate)
        first, last = (round((moment - streams.start) * how.rate) for moment in (begin, end))
        length = last - first
        if length < SHORTEST * how.rate:
            continue
        size = length if length <= how.longest * how.rate else round(how.piece * how.rate)
        starts = first + starts_of(length, size, round(how.stride * how.rate))
        for at in starts[all_known(streams.known, starts, size)]:
            part = slice(at, at + size)
            yield Cut(
                recording.name,
                recording.subject,
                activity,
                None if streams.joints is None else streams.joints[part],
                None if streams.signal is None else np.ascontiguousarray(streams.signal.acceleration[:, part]),
            )


def labelled(recording: OwnRecording, rest: str) -> Iterator[tuple[float, float, str]]:
    """Give stretches of a recording with their activity: from, to, in seconds; the time between intervals is `rest`."""
    if recording.activity is not None:
        yield -np.inf, np.inf, recording.activity
        return
    end = -np.inf
    for interval in recording.intervals:
        yield end, interval.start, rest
        yield interval.start, interval.stop, interval.activity
        end = interval.stop
    yield end, np.inf, rest


def streams_of(recording: OwnRecording, place: str, rate: int) -> Streams:
    """Bring what a recording has to one rate, over the span that both streams have."""
    inertial = recording.inertial
    if recording.poses is None:
        assert inertial is not None  # a line of recordings.csv has one of them
        signal = signal_of(inertial, rate)
        return Streams(signal, None, signal.start, signal.known)
    time, joints = limb_of(recording.poses, place)
    if inertial is None:
        grid = grid_of(time, rate, recording.name)
        return Streams(None, interpolate(grid, time, joints), float(grid[0]), ~in_gap(time, grid))
    span = max(time[0], np.nanmin(inertial.time)), min(time[-1], np.nanmax(inertial.time))
    signal = signal_of(inertial, rate, span)
    grid = signal.start + np.arange(len(signal.known)) / rate
    return Streams(signal, interpolate(grid, time, joints), signal.start, signal.known & ~in_gap(time, grid))


def thinned(cuts: list[Cut], rest: str) -> list[Cut]:
    """Keep of the clips of `rest`, evenly, as many as the most frequent activity has."""
    counts = Counter(cut.activity for cut in cuts)
    resting = [number for number, cut in enumerate(cuts) if cut.activity == rest]
    most = max((count for activity, count in counts.items() if activity != rest), default=0)
    kept = {resting[at] for at in np.linspace(0, len(resting) - 1, min(most, len(resting))).round().astype(int)}
    return [cut for number, cut in enumerate(cuts) if cut.activity != rest or number in kept]
