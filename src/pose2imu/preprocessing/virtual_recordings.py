"""The training recordings of a benchmark with virtual sensors in place of the real one (IMUTube)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial.transform import Rotation

from pose2imu.datasets.recording import MID_HIP, NECK
from pose2imu.errors import InputError
from pose2imu.preprocessing.arrays import HOLE, RESAMPLED_COLUMNS, Recordings
from pose2imu.preprocessing.distribution import map_distribution
from pose2imu.preprocessing.virtual_imu import angular_velocity, to_z_up, virtual_sensor

# Of the joints: the bones that a sensor may sit on, upper arm or thigh, and forearm or shank.
NEAR_BONE, FAR_BONE = [0, 1], [1, 2]


@dataclass(frozen=True)
class Placement:
    """Where the sensor sits."""

    vertical: int  # axis of the joints that points up or down
    on_near_bone: Callable[[str], bool]  # whether the recording of this name has it on the upper arm or thigh
    share: float  # place on the bone, from the near joint (0) to the far one (1)


def virtual_recordings(
    resampled: Recordings,
    normalized: Recordings,
    rate: float,
    placement: Placement,
    knots: float,
    noise: float,
    align: bool,
    per_class: bool,
) -> Recordings:
    """Simulate what virtual sensors read, in the units of `normalized`, on as many axes; others have no split.

    How the real sensor sits on each bone (`align`, else as if its axes were the bone's), and the mapping to the
    distribution of real values, are fitted on training recordings alone. `noise`, in m/s², is the standard deviation
    of what is added to each sample of acceleration before the mapping.
    """
    table = normalized.table
    if not table[list(RESAMPLED_COLUMNS)].equals(resampled.table[list(RESAMPLED_COLUMNS)]):
        raise InputError("resampled and normalized recordings differ; expected the same ones: normalize them again")
    rows = [row for row, split in enumerate(table.split) if split == "train"]
    has_gyroscope = normalized.angular_velocity is not None
    virtual = np.zeros((len(normalized.label), 6 if has_gyroscope else 3), np.float32)
    bones = np.zeros(len(virtual), np.int8)  # 0 is none, of what is not for training
    for row in rows:
        part, name = resampled.of(row), table.recording.iat[row]
        near = placement.on_near_bone(name)
        bones[part] = 1 if near else 2
        joints = to_z_up(resampled.joints[part], placement.vertical, torso_of(resampled.joints[part]))
        bone = joints[:, NEAR_BONE if near else FAR_BONE].astype(np.float64)
        time = np.arange(len(bone)) / rate
        try:
            sensor = virtual_sensor(time, bone, placement.share, knots)
        except ValueError as error:
            raise InputError(f"{name}: no virtual sensor: {error}") from error
        virtual[part, :3] = sensor.acceleration
        if has_gyroscope:
            virtual[part, 3:] = angular_velocity(time, sensor.orientation, knots)
    if noise > 0:
        virtual[:, :3] += np.random.default_rng(0).normal(0, noise, (len(virtual), 3))
    bones[normalized.label == HOLE] = 0
    for bone_number in np.unique(bones[bones > 0]) if align else []:
        rows_of = bones == bone_number
        mount, _ = Rotation.align_vectors(resampled.acceleration[rows_of], virtual[rows_of, :3])
        for axes in range(0, virtual.shape[1], 3):
            virtual[rows_of, axes : axes + 3] = mount.apply(virtual[rows_of, axes : axes + 3])
    used = bones > 0
    streams = [stream for stream in (normalized.acceleration, normalized.angular_velocity) if stream is not None]
    real = np.concatenate([stream[used] for stream in streams], axis=1)
    virtual[used] = map_distribution(virtual[used], real, normalized.label[used], per_class)
    return replace(
        normalized,
        acceleration=np.ascontiguousarray(virtual[:, :3]),
        angular_velocity=np.ascontiguousarray(virtual[:, 3:]) if has_gyroscope else None,
        table=table.assign(split=table.split.where(table.split == "train", None)),
    )


def torso_of(joints: np.ndarray) -> np.ndarray:
    """Give the vector (time, 3) from mid-hip to neck of joints (time, 5, 3)."""
    return joints[:, NECK] - joints[:, MID_HIP]
