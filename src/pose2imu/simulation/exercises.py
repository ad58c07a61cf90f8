"""People who exercise: one motion per MM-Fit class, subjects who differ, and their performance of a timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.interpolate import BSpline
from scipy.spatial.transform import Rotation

from pose2imu.datasets.mm_fit import CLASSES, NON_ACTIVITY
from pose2imu.simulation.arm import LEFT_WRIST, Posture, Truth, skeleton
from pose2imu.simulation.sensor import reading, second_derivative

REST = CLASSES.index(NON_ACTIVITY)
# From one motion to the next takes about five times this.
BLEND_SECONDS = 0.35


class Exercise(NamedTuple):
    """A repetition goes from one posture to the other and back."""

    seconds: float  # of one repetition
    start: Posture
    turn: Posture


# Seconds per repetition are the medians of MM-Fit's label files.
EXERCISES = {
    "squats": Exercise(
        1.9,
        Posture(pitch=5, raised=25, elbow=40, pronated=20),
        Posture(pitch=40, raised=75, elbow=30, pronated=20, hip=90, knee=110),
    ),
    "lunges": Exercise(
        2.8,
        Posture(raised=-10, abducted=35, rotated=-25, elbow=75),  # hands on the hips
        Posture(pitch=12, raised=-5, abducted=38, rotated=-25, elbow=80, forward=0.3, hip=65, knee=80, stance=85),
    ),
    "bicep_curls": Exercise(
        1.9, Posture(elbow=15, pronated=-60, abducted=6), Posture(elbow=130, pronated=-75, raised=15, abducted=6)
    ),
    "situps": Exercise(
        2.4,
        Posture(pitch=-85, raised=35, rotated=-40, elbow=115, hip=130, knee=100),
        Posture(pitch=-10, raised=45, rotated=-40, elbow=110, hip=130, knee=100),
    ),
    "pushups": Exercise(
        1.6,
        Posture(pitch=72, raised=80, abducted=20, elbow=12, pronated=70, hip=-75, anchored=1),
        Posture(pitch=85, raised=25, abducted=45, elbow=95, pronated=70, hip=-85, anchored=1),
    ),
    "tricep_extensions": Exercise(
        2.0, Posture(raised=165, abducted=15, elbow=25, pronated=10), Posture(raised=155, elbow=120, pronated=10)
    ),
    "dumbbell_rows": Exercise(
        1.8,
        Posture(pitch=55, raised=55, elbow=12, hip=25, knee=30),
        Posture(pitch=50, raised=-25, abducted=15, elbow=100, hip=25, knee=30),
    ),
    "jumping_jacks": Exercise(1.04, Posture(abducted=12, hop=0.06), Posture(abducted=150, elbow=25, hop=0.06)),
    "dumbbell_shoulder_press": Exercise(
        2.3,
        Posture(abducted=70, rotated=80, elbow=110, pronated=60),
        Posture(abducted=155, rotated=80, elbow=20, pronated=60),
    ),
    "lateral_shoulder_raises": Exercise(2.2, Posture(abducted=10), Posture(abducted=90, raised=15)),
    # Walking about; how much of it is up to `perform`.
    NON_ACTIVITY: Exercise(1.1, Posture(raised=-20, hop=0.02), Posture(raised=25, elbow=30, hop=0.02)),
}
# Random movement around the motion, standard deviation: at rest people fidget and gesture.
EXERCISE_WANDER = Posture(2, 3, 0, 0, 0.01, 3, 3, 3, 3, 5, 1, 1, 0, 0)
REST_WANDER = Posture(5, 20, 0, 0, 0.05, 8, 4, 8, 12, 15, 3, 4, 0, 0)
# How much one person's postures differ from the table's.
HABIT = Posture(2, 0, 0, 0.005, 0.02, 3, 2, 3, 3, 4, 2, 2, 0, 0)

WATCH_AXES = Rotation.from_matrix([[0, -1, 0], [0, 0, 1], [-1, 0, 0]])  # face outwards, x towards the hand


@dataclass(frozen=True)
class Subject:
    """A person with a watch; arrays over classes are in the order of CLASSES, postures in the order of Posture."""

    size: float  # of the body; 1 is average
    start: np.ndarray  # (classes, channels) both ends of a repetition
    turn: np.ndarray  # (classes, channels)
    seconds: np.ndarray  # (classes,) per repetition
    skew: np.ndarray  # (classes,) in (-1, 1): 0 is a plain cosine; above, people linger in `turn`; below, in `start`
    lag: np.ndarray  # (classes,) radians: the right arm's phase behind the left's
    fidget: float  # scale of the random movements
    mount: Rotation  # watch's axes → forearm's axes
    bias: np.ndarray  # (3,) m/s² of the watch
    noise: float  # m/s², standard deviation of the watch's white noise


def draw_subject(rng: np.random.Generator) -> Subject:
    """Give a random person."""
    motions = [EXERCISES[name] for name in CLASSES]
    start = np.array([motion.start for motion in motions], dtype=float)
    turn = np.array([motion.turn for motion in motions], dtype=float)
    habit = rng.normal(size=start.shape) * HABIT
    reach = rng.normal(1, 0.08, (len(CLASSES), 1))
    lag = rng.normal(0, 0.15, len(CLASSES))
    lag[REST] = np.pi  # arms swing in turn
    if rng.random() < 0.3:
        lag[CLASSES.index("bicep_curls")] = np.pi
    spin, tilt = rng.normal(0, 7), rng.normal(0, 3, 3)
    mount = Rotation.from_euler("z", spin, degrees=True) * WATCH_AXES * Rotation.from_rotvec(tilt, degrees=True)
    return Subject(
        size=rng.normal(1, 0.06),
        start=start + habit,
        turn=start + habit + reach * (turn - start) + 0.3 * rng.normal(size=start.shape) * HABIT,
        seconds=np.array([motion.seconds for motion in motions])
        * rng.lognormal(0, 0.07)
        * rng.lognormal(0, 0.08, len(CLASSES)),
        skew=np.clip(rng.normal(0, 0.2, len(CLASSES)), -0.7, 0.7),
        lag=lag,
        fidget=rng.uniform(0.7, 1.3),
        mount=mount,
        bias=rng.normal(0, 0.15, 3),
        noise=rng.uniform(0.1, 0.25),
    )


def perform(
    timeline: Sequence[tuple[float, float, str]],
    seconds: float,
    subject: Subject,
    rng: np.random.Generator,
    rate: float = 200.0,
) -> Truth:
    """Perform what `subject` does in `seconds`: a timeline of (start, end, class) in seconds; at rest in between.

    Each channel is a sum of quintic splines and sinusoids, so positions are smooth enough for a second derivative.
    """
    time = np.arange(round(seconds * rate)) / rate
    label = np.full(len(time), REST)
    for start, end, name in timeline:
        label[(time >= start) & (time <= end)] = CLASSES.index(name)
    moments = np.searchsorted(time, np.arange(0, time[-1], BLEND_SECONDS))
    share = _smooth(np.eye(len(CLASSES))[label[moments]], BLEND_SECONDS, time)  # (T, classes), rows sum to 1
    rest = share[:, [REST]]

    tempo = share @ (1 / subject.seconds) * (1 + 0.08 * _wander(rng, time, 2.0, 1)[:, 0])
    phase = 2 * np.pi * np.cumsum(tempo) / rate
    # Of the time at rest, people walk about half.
    walking = 1 / (1 + np.exp(-4 * _wander(rng, time, 2.5, 1)))
    reach = (1 - rest) * (1 + 0.1 * _wander(rng, time, 1.5, 1)) + rest * walking
    arms = []
    for lag in (np.zeros(len(CLASSES)), subject.lag):
        theta = phase + share @ lag
        drive = (1 - np.cos(theta + (share @ subject.skew) * np.sin(theta)))[:, None] / 2
        channels = share @ subject.start + reach * drive * (share @ (subject.turn - subject.start))
        spread = np.array(EXERCISE_WANDER) + rest * (np.array(REST_WANDER) - EXERCISE_WANDER)
        channels += subject.fidget * spread * _wander(rng, time, 0.4, channels.shape[1])
        posture = Posture(*channels.T)
        hop = reach[:, 0] * posture.hop * (1 - np.cos(2 * phase)) / 2
        arms.append(posture._replace(lift=posture.lift + hop))

    left, right = arms
    joints, forearm = skeleton(left, right, subject.size)
    acceleration = second_derivative(time, joints[:, LEFT_WRIST])
    watch = reading(acceleration, forearm * subject.mount)
    return Truth(time, label, joints, forearm, subject.mount, acceleration, watch)


def _smooth(values: np.ndarray, spacing: float, time: np.ndarray) -> np.ndarray:
    """Give (T, columns): a quintic spline with values (knots, columns) as control points, `spacing` seconds apart.

    A spline stays within its control points' hull, so weights that sum to 1 still do.
    """
    # Control point i acts around knot i + 3, and the spline holds from knot 5 on: two more before the first value.
    missing = int(np.ceil(time[-1] / spacing)) + 6 - len(values)
    control = np.pad(values, ((2, max(missing - 2, 0)), (0, 0)), mode="edge")
    knots = (np.arange(len(control) + 6) - 5) * spacing
    return BSpline(knots, control, 5)(time)


def _wander(rng: np.random.Generator, time: np.ndarray, spacing: float, columns: int) -> np.ndarray:
    """Give (T, columns): smooth noise of unit variance; a new value about every `spacing` seconds."""
    control = rng.normal(size=(int(np.ceil(time[-1] / spacing)) + 6, columns))
    return _smooth(control, spacing, time) / 0.627  # the root of a quintic B-spline's summed squares
