"""UTD-MHAD (Chen et al. 2015): one inertial and one skeleton .mat file per trial (clip)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import scipy.io
from scipy.constants import g

from pose2imu.datasets.recording import RawRecording
from pose2imu.errors import InputError

CLASSES = (
    "swipe_left",
    "swipe_right",
    "wave",
    "clap",
    "throw",
    "arm_cross",
    "basketball_shoot",
    "draw_x",
    "draw_circle_clockwise",
    "draw_circle_counterclockwise",
    "draw_triangle",
    "bowling",
    "boxing",
    "baseball_swing",
    "tennis_swing",
    "arm_curl",
    "tennis_serve",
    "push",
    "knock",
    "catch",
    "pickup_and_throw",
    "jog",
    "walk",
    "sit_to_stand",
    "stand_to_sit",
    "lunge",
    "squat",
)

NOMINAL_RATE = 50.0  # Hz, of the inertial stream
FIRST_LEG_ACTION = 22  # the sensor is on the right wrist before, on the right thigh from here on

# Rows of d_skel, in the order of recording.JOINTS: the sensor's limb (always the right one), neck, mid-hip.
ARM = [8, 9, 10, 1, 3]
LEG = [16, 17, 18, 1, 3]

HDF5 = b"\x89HDF\r\n\x1a\n"  # at the beginning of a .mat file of version 7.3, or after its header of 512 bytes

_NAME = re.compile(r"(a(?P<action>\d+)_(?P<subject>s\d+)_t\d+)_inertial\.mat")


def read(folder: Path, limb: Literal["sensor", "arm"] = "sensor") -> Iterator[RawRecording]:
    """Yield all clips of an unpacked archive (`Inertial/` and `Skeleton/`), by action, subject and trial.

    The nominal rates of the two streams disagree, but both span the clip: the skeleton's frames are spread evenly over
    the inertial samples (design.md §3). `limb="arm"` gives the arm's joints for the leg's actions too.

    Raises InputError for a missing or malformed file, naming it.
    """
    inertial_files = {path: match for path in folder.glob("Inertial/*.mat") if (match := _NAME.fullmatch(path.name))}
    if not inertial_files:
        raise InputError(f"{folder / 'Inertial'}: expected files such as a1_s1_t1_inertial.mat")
    for skeleton_file in sorted(folder.glob("Skeleton/a*_skeleton.mat")):
        path = folder / "Inertial" / skeleton_file.name.replace("_skeleton", "_inertial")
        if path not in inertial_files:
            raise InputError(f"{path}: missing; expected one beside {skeleton_file}")
    for path, match in sorted(inertial_files.items(), key=lambda item: _numbers(item[0].name)):
        action = int(match["action"])
        if not 1 <= action <= len(CLASSES):
            raise InputError(f"{path}: an action {action}; expected 1 to {len(CLASSES)}")
        inertial = _matrix(path, "d_iner", (None, 6))
        skeleton = _matrix(folder / "Skeleton" / f"{match[1]}_skeleton.mat", "d_skel", (20, 3, None))
        time = np.arange(len(inertial)) / NOMINAL_RATE
        rows = LEG if limb == "sensor" and on_thigh(match[1]) else ARM
        yield RawRecording(
            name=match[1],
            subject=match["subject"],
            acceleration_time=time,
            acceleration=inertial[:, :3] * g,
            label=np.full(len(time), action - 1),
            joints_time=np.linspace(0.0, time[-1], skeleton.shape[2]),
            joints=skeleton[rows].transpose(2, 0, 1),
            angular_velocity=np.deg2rad(inertial[:, 3:]),
        )


def on_thigh(name: str) -> bool:
    """Whether the clip of this name, such as a1_s1_t1, has the sensor on the thigh."""
    return _numbers(name)[0] >= FIRST_LEG_ACTION


def _numbers(name: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", name)]


def _matrix(path: Path, key: str, shape: tuple[int | None, ...]) -> np.ndarray:
    expected = f"a .mat file with {key} of shape {tuple('N' if n is None else n for n in shape)}".replace("'", "")
    if not path.is_file():
        raise InputError(f"{path}: missing; expected {expected}")
    try:
        with path.open("rb") as file:
            head = file.read(520)
        content = {} if HDF5 in (head[:8], head[512:]) else scipy.io.loadmat(path, variable_names=[key])
    except Exception as error:  # scipy raises anything from ValueError to zlib.error on a damaged file
        raise InputError(f"{path}: cannot be read; expected {expected}") from error
    if not content:
        raise InputError(f"{path}: is a .mat file of version 7.3 (HDF5); expected {expected}, of version 7 at most")
    matrix = content.get(key)
    if not isinstance(matrix, np.ndarray) or matrix.dtype.kind not in "fiu":  # a cell array, complex, sparse, text
        found = f"no {key}" if matrix is None else f"{key} of {matrix.dtype}, not real numbers in an array"
        raise InputError(f"{path}: has {found}; expected {expected}")
    fits = matrix.ndim == len(shape) and all(n in (None, m) for n, m in zip(shape, matrix.shape, strict=True))
    if not fits or min(matrix.shape) < 2:
        raise InputError(f"{path}: {key} has shape {matrix.shape}; expected {expected}")
    return matrix.astype(np.float64)
