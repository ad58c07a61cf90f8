"""The sample archive (synthetic): simulated workouts written in MM-Fit's raw format, with its warts."""

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pose2imu.atomic import replacing
from pose2imu.datasets.mm_fit import CLASSES, NON_ACTIVITY
from pose2imu.interpolation import interpolate
from pose2imu.simulation.arm import Truth
from pose2imu.simulation.exercises import Subject, draw_subject, perform

CAMERA_RATE, WATCH_RATE = 30.0, 103.0  # Hz
REST_SECONDS = 3.0, 4.0
MARGIN = 3.0  # seconds of rest recorded before the first and after the last set, by at least one stream
POSE_NOISE = 0.003  # metres, standard deviation
FRAMES_LOST, POSES_LOST = 0.008, 0.005  # shares
SHORT_BURST, LONG_BURST = 2, 12  # frames lost in one burst
WATCH_GAP = 0.3  # seconds
Timeline = list[tuple[float, float, str]]


class Camera(NamedTuple):
    """The frames of a video: their numbers and their times in seconds, each (frames,)."""

    frame: np.ndarray
    time: np.ndarray


def simulate(folder: Path, seed: int, workouts: int, seconds_per_set: float) -> None:
    """Write `folder`/wNN for each workout, each by another person; the same arguments give the same bytes."""
    for number in range(workouts):
        rng = np.random.default_rng([seed, number])
        subject = draw_subject(rng)
        timeline = draw_timeline(rng, seconds_per_set)
        truth = perform(timeline, timeline[-1][1] + MARGIN, subject, rng)
        with replacing(folder / f"w{number:02d}") as workout:
            workout.mkdir()
            camera = draw_camera(rng, truth.time[-1])
            write_workout(workout, f"w{number:02d}", truth, camera, timeline, subject, rng)


def draw_timeline(rng: np.random.Generator, seconds_per_set: float) -> Timeline:
    """Give one set of each exercise, in random order, with a rest before each."""
    timeline, now = [], MARGIN
    for exercise in rng.permutation([name for name in CLASSES if name != NON_ACTIVITY]):
        duration = seconds_per_set * rng.uniform(0.85, 1.15)
        timeline.append((now, now + duration, str(exercise)))
        now += duration + rng.uniform(*REST_SECONDS)
    return timeline


def draw_camera(
    rng: np.random.Generator, seconds: float, rate: float = CAMERA_RATE, lost: float = FRAMES_LOST
) -> Camera:
    """Give a video at `rate` Hz, of which a share is lost in bursts.

    The counter counts recorded frames only, so frames lost by the camera slow it down, as in MM-Fit.
    """
    time = np.arange(0, seconds, 1 / rate)
    time = time[~_bursts(rng, len(time), lost)]
    return Camera(int(rng.integers(1000, 5000)) + np.arange(len(time)), time)


def write_workout(
    folder: Path,
    name: str,
    truth: Truth,
    camera: Camera,
    timeline: Timeline,
    subject: Subject,
    rng: np.random.Generator,
) -> None:
    """Record `truth` as MM-Fit would, with a camera and a watch that start and stop apart."""
    frame, frame_time = camera
    # Frames in which no pose was found are missing from the pose alone.
    seen = _trimmed(rng, frame_time) & ~_bursts(rng, len(frame), POSES_LOST)
    pose = np.empty((3, int(seen.sum()), 18))
    pose[:, :, 0] = frame[seen]
    joints = interpolate(frame_time[seen], truth.time, truth.joints.reshape(len(truth.time), -1)).reshape(-1, 17, 3)
    joints += rng.normal(0, POSE_NOISE, joints.shape)
    pose[:, :, 1:] = np.moveaxis(joints, -1, 0) * 1000
    np.save(folder / f"{name}_pose_3d.npy", pose)

    np.save(folder / f"{name}_sw_l_acc.npy", _record_watch(truth, frame, frame_time, subject, rng))

    with (folder / f"{name}_labels.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for start, end, exercise in timeline:
            first, last = np.interp([start, end], frame_time, frame).round().astype(int)
            repetitions = max(1, round((end - start) / subject.seconds[CLASSES.index(exercise)]))
            writer.writerow([first, last, repetitions, exercise])


def _record_watch(
    truth: Truth, frame: np.ndarray, frame_time: np.ndarray, subject: Subject, rng: np.random.Generator
) -> np.ndarray:
    """Give (N, 5): frame, Unix time in ms, x, y, z in m/s²."""
    time = np.arange(0, truth.time[-1], 1 / WATCH_RATE)
    gap = rng.uniform(0.2, 0.8) * truth.time[-1]
    time = time[_trimmed(rng, time) & ((time < gap) | (time > gap + WATCH_GAP))]
    reading = interpolate(time, truth.time, truth.watch) + subject.bias + rng.normal(0, subject.noise, (len(time), 3))
    stamp = time + rng.normal(0, 0.001, len(time))
    twice = np.flatnonzero(rng.random(len(time) - 1) < 0.004)
    stamp[twice + 1] = stamp[twice]
    unix = 1_550_000_000_000 + np.round(np.maximum.accumulate(stamp) * 1000)
    # A row belongs to the frame nearest in time.
    nearest = np.round(np.interp(time, frame_time, frame))
    return np.column_stack([nearest, unix, reading])


def _bursts(rng: np.random.Generator, count: int, share: float) -> np.ndarray:
    """Give (count,) bool: True for about this share of the places, in bursts."""
    mean = (SHORT_BURST + LONG_BURST) / 2
    lost = np.zeros(count, dtype=bool)
    for start in np.flatnonzero(rng.random(count) < share / mean):
        lost[start : start + rng.integers(SHORT_BURST, LONG_BURST + 1)] = True
    return lost


def _trimmed(rng: np.random.Generator, time: np.ndarray) -> np.ndarray:
    """Give (N,) bool: False for up to 1.5 s at both ends."""
    return (time >= rng.uniform(0, 1.5)) & (time <= time[-1] - rng.uniform(0, 1.5))
