"""Virtual inertial sensors from joints (IMUTube, Kwon et al. 2020, from the 3-D pose on).

A sensor sits on a bone. Its place follows from the bone's two joints, its acceleration is the second derivative of a
spline through them, and what it reads is Rᵀ(a − g), with R turning its axes into the world's. R is the smallest
rotation that takes the bone from where it hangs to where it points: how the bone turns about itself, as a forearm does,
cannot be seen in joints, so that two of the sensor's axes are known only up to that turn.
"""

from typing import NamedTuple

import numpy as np
from scipy.interpolate import BSpline, make_lsq_spline
from scipy.spatial.transform import Rotation, RotationSpline

from pose2imu.simulation.sensor import reading

DEGREE = 5  # so that the second derivative is smooth
HANGING = np.array([0.0, 0.0, -1.0])  # where a bone points at rest, in the sensor's axes and, with z up, in the world's


class VirtualSensor(NamedTuple):
    """What a sensor would read, in its own axes, and how it is turned."""

    acceleration: np.ndarray  # (time, 3) m/s², with gravity: 9.8 upwards at rest
    orientation: Rotation  # (time,) the sensor's axes → the world's


def virtual_sensor(time: np.ndarray, bone: np.ndarray, placement: float, knots: float) -> VirtualSensor:
    """Simulate a sensor on a bone (time, 2, 3), near joint first, in metres and with z up.

    `placement` is its place on the bone: 0 at the near joint, 1 at the far one. Splines have a knot every `knots`
    seconds; between noisy frames they smooth. Raises ValueError for fewer samples than a spline needs.
    """
    spline = _spline(time, bone, knots)
    near, far = spline.derivative(2)(time).transpose(1, 0, 2)
    smooth = spline(time)
    orientation = smallest_rotation(smooth[:, 1] - smooth[:, 0])
    acceleration = (1 - placement) * near + placement * far
    return VirtualSensor(reading(acceleration, orientation), orientation)


def angular_velocity(time: np.ndarray, orientation: Rotation, knots: float) -> np.ndarray:
    """Give (time, 3) rad/s in the sensor's axes, of a spline through its orientation about every `knots` seconds."""
    step = max(round(knots / (time[1] - time[0])), 1)
    chosen = np.unique(np.append(np.arange(0, len(time), step), len(time) - 1))
    return RotationSpline(time[chosen], orientation[chosen])(time, 1)


def smallest_rotation(direction: np.ndarray) -> Rotation:
    """Give (n,) rotations about axes square to both that take HANGING to directions (n, 3) of any length."""
    unit = direction / np.linalg.norm(direction, axis=1, keepdims=True)
    # Half-way quaternion: (1 + cos, sin · axis). Straight up, every horizontal axis does: x.
    quaternion = np.concatenate([np.cross(HANGING, unit), 1 + unit @ HANGING[:, None]], axis=1)
    quaternion[quaternion[:, 3] < 1e-9] = [1.0, 0.0, 0.0, 0.0]
    return Rotation.from_quat(quaternion)


def to_z_up(joints: np.ndarray, vertical: int, torso: np.ndarray) -> np.ndarray:
    """Turn joints (time, joints, 3), whose axis `vertical` points up or down, so that z points up.

    Which of the two is told by the torso (time, 3), from mid-hip to neck: most of the time it points up.
    """
    sign = 1.0 if np.median(torso[:, vertical]) > 0 else -1.0
    horizontal = [(vertical + 1) % 3, (vertical + 2) % 3]  # a cyclic order keeps left left
    turned = joints[..., [*horizontal, vertical]]
    return turned if sign > 0 else turned * np.array([1.0, -1.0, -1.0])  # half a turn about an axis


def _spline(time: np.ndarray, position: np.ndarray, knots: float) -> BSpline:
    ends = np.repeat(time[[0, -1]], DEGREE + 1).reshape(2, -1)
    all_knots = np.concatenate([ends[0], _even(time, knots)[1:-1], ends[1]])
    # The normal equations are well conditioned here, and take a minute less on a workout of 40 minutes than QR does.
    return make_lsq_spline(time, position, all_knots, k=DEGREE, method="norm-eq")


def _even(time: np.ndarray, step: float) -> np.ndarray:
    """Give moments about `step` seconds apart, from the first time to the last."""
    return np.linspace(time[0], time[-1], max(round((time[-1] - time[0]) / step), 1) + 1)
