"""A tiny simulated folder of own recordings: an arm that swings at a tempo, which is its activity."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from pose2imu.formats.streams import Inertial, Poses
from pose2imu.loading.pose_features import bone_frame

RATE = 50
TEMPO = {"slow": 0.4, "medium": 0.9, "fast": 1.6}  # Hz
UP = np.array([0.0, 0.0, 9.81])


def arm(activity: str, random: np.random.Generator, seconds: float = 3.0) -> tuple[Poses, Inertial]:
    """Poses, and what a sensor at the right wrist reads of them."""
    time = np.arange(round(seconds * RATE)) / RATE
    turn = 2 * np.pi * TEMPO[activity] * random.uniform(0.9, 1.1)
    angle = random.uniform(0.3, 0.5) * np.sin(turn * time + random.uniform(0, 6))
    size = random.uniform(0.9, 1.1)
    neck, hip, shoulder = (size * np.array(point) for point in ((0, 0, 1.5), (0, 0, 1.0), (0.2, 0, 1.45)))
    still = np.ones_like(time)
    elbow = shoulder + size * 0.3 * np.stack([0.2 * still, np.sin(angle), -np.cos(angle)], axis=1)
    wrist = elbow + size * 0.25 * np.stack([0 * still, np.sin(2 * angle + 0.7), -np.cos(2 * angle + 0.7)], axis=1)
    joints = {
        "right_shoulder": np.tile(shoulder, (len(time), 1)),
        "right_elbow": elbow,
        "right_wrist": wrist,
        "neck": np.tile(neck, (len(time), 1)),
        "mid_hip": np.tile(hip, (len(time), 1)),
    }
    force = np.gradient(np.gradient(wrist, time, axis=0), time, axis=0) + UP
    frame = bone_frame(wrist - elbow, joints["right_shoulder"] - elbow, joints["right_shoulder"] - joints["neck"])
    reading = np.einsum("tij,tj->ti", frame, force) + random.normal(0, 0.1, force.shape)
    return Poses(activity, time, joints), Inertial(activity, time, reading)


def write_sensor(path: Path, recording: Inertial) -> None:
    """CSV in m/s² and seconds."""
    table = pd.DataFrame(recording.acceleration, columns=["ax", "ay", "az"])
    table.insert(0, "time", recording.time)
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, float_format="%.5f")


def write_poses(path: Path, poses: Poses) -> None:
    """CSV of named joints in metres, z up."""
    columns = {
        f"{name}_{axis}": points[:, at] for name, points in poses.joints.items() for at, axis in enumerate("xyz")
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame({"time": poses.time, **columns}).to_csv(path, index=False, float_format="%.6f")


def make_folder(
    folder: Path, people: Sequence[str] = ("anna", "ben", "cleo"), seed: int = 0, place: str = "right_wrist"
) -> Path:
    """Two recordings of each person and activity: one has both streams, the other poses, or sensor data, alone."""
    random, lines = np.random.default_rng(seed), []
    for person in people:
        for number, activity in enumerate([*TEMPO, *TEMPO]):
            poses, inertial = arm(activity, random)
            name = f"{person}_{activity}_{number}"
            has = (True, True) if number < 3 else (number % 2 == 0, number % 2 == 1)
            if has[0]:
                write_sensor(folder / "acc" / f"{name}.csv", inertial)
            if has[1]:
                write_poses(folder / "poses" / f"{name}.csv", poses)
            files = [f"{room}/{name}.csv" if there else "" for room, there in zip(("acc", "poses"), has, strict=True)]
            lines.append([name, person, activity, *files])
    columns = ["recording", "subject", "activity", "acceleration", "poses"]
    pd.DataFrame(lines, columns=columns).to_csv(folder / "recordings.csv", index=False)
    (folder / "dataset.yaml").write_text(f"place: {place}\nposes: {{up: z, unit: m}}\n")
    return folder
