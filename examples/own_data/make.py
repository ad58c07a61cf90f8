"""Make this folder's recordings (synthetic): simulated people, poses as COCO's 17 joints, a watch in units of g.

Run as `python examples/own_data/make.py` from the project's folder; the same bytes come out each time. What it makes is
in other units, axes and formats than the project's own: poses in millimetres, y up, without times; a watch with its own
names of columns, in g, degrees and milliseconds.
"""

import csv
from pathlib import Path

import numpy as np
from scipy.constants import g
from scipy.spatial.transform import RotationSpline

from pose2imu.atomic import replacing
from pose2imu.interpolation import interpolate
from pose2imu.simulation.arm import HEAD, LEFT_ARM, LEFT_LEG, NECK, RIGHT_ARM, RIGHT_LEG, Truth
from pose2imu.simulation.exercises import draw_subject, perform

HERE = Path(__file__).resolve().parent
ACTIVITIES = ("bicep_curls", "lateral_shoulder_raises", "squats")
SENSED, UNSENSED = ("anna", "ben", "cleo"), ("dora",)  # dora has no watch: her poses stand alone
TAKES = 3
CAMERA_RATE, WATCH_RATE = 25.0, 50.0  # Hz
SECONDS = 6.0, 8.0
POSE_NOISE = 3.0  # mm, standard deviation
FACE = np.array([[90, 0, 20], [75, 30, 50], [75, -30, 50], [0, 75, 30], [0, -75, 30]]) / 1000  # from the neck's top, m


def main() -> None:
    """Write poses/, watch/ and recordings.csv; dataset.yaml is written by hand."""
    lines = []
    for number, person in enumerate((*SENSED, *UNSENSED)):
        subject = draw_subject(np.random.default_rng([18, number]))
        for activity in ACTIVITIES:
            for take in range(TAKES if person in SENSED else 1):
                rng = np.random.default_rng([18, number, ACTIVITIES.index(activity), take])
                seconds = rng.uniform(*SECONDS)
                truth = perform([(0.0, seconds, activity)], seconds, subject, rng)
                name = f"{person}_{activity}_{take + 1}"
                write_poses(HERE / "poses" / f"{name}.npy", truth, rng)
                if person in SENSED:
                    write_watch(HERE / "watch" / f"{name}.csv", truth, subject.noise, rng)
                lines.append((name, person, activity, f"watch/{name}.csv" * (person in SENSED), f"poses/{name}.npy"))
    write_csv(HERE / "recordings.csv", [("recording", "subject", "activity", "acceleration", "poses"), *lines])


def write_poses(path: Path, truth: Truth, rng: np.random.Generator) -> None:
    """Write (frames, 17, 3): COCO's joints, mm, y up, in whole millimetres, as 16 bits."""
    time = np.arange(0, truth.time[-1], 1 / CAMERA_RATE)
    joints = interpolate(time, truth.time, truth.joints.reshape(len(truth.time), -1)).reshape(len(time), -1, 3)
    face = (joints[:, [NECK]] + joints[:, [HEAD]]) / 2 + FACE
    arms, legs = ([joints[:, side] for side in sides] for sides in ((LEFT_ARM, RIGHT_ARM), (LEFT_LEG, RIGHT_LEG)))
    # COCO goes left, right for each joint in turn.
    limbs = [np.stack(sides, axis=2).reshape(len(time), 6, 3) for sides in (arms, legs)]
    forward, left, up = np.moveaxis(np.concatenate([face, *limbs], axis=1) * 1000, -1, 0)
    coco = np.stack([forward, up, -left], axis=-1)
    coco += rng.normal(0, POSE_NOISE, coco.shape)
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.save(file, coco.round().astype(np.int16))


def write_watch(path: Path, truth: Truth, noise: float, rng: np.random.Generator) -> None:
    """Write what the watch on the left wrist measures: milliseconds, acceleration in g, turning in degrees a second."""
    time = np.arange(0, truth.time[-1], 1 / WATCH_RATE)
    stamps = np.maximum.accumulate(np.round(1000 * (time + rng.normal(0, 0.001, len(time))))).astype(int)
    turning = RotationSpline(truth.time, truth.forearm * truth.mount)(truth.time, 1)  # rad/s, in the watch's axes
    measured = np.concatenate([truth.watch, turning], axis=1)
    measured = interpolate(time, truth.time, measured)
    measured += rng.normal(0, [noise] * 3 + [0.02] * 3, measured.shape)
    acceleration, velocity = measured[:, :3] / g, np.rad2deg(measured[:, 3:])
    rows = [
        (stamp, *(f"{value:.3f}" for value in a), *(f"{value:.1f}" for value in v))
        for stamp, a, v in zip(stamps, acceleration, velocity, strict=True)
    ]
    names = [f"{sensor}{axis}" for sensor in ("accel", "gyro") for axis in "XYZ"]
    write_csv(path, [("t_ms", *names), *rows])


def write_csv(path: Path, rows: list[tuple[object, ...]]) -> None:
    """Write a table with Unix line ends."""
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    main()
