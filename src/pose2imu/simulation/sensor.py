"""What an accelerometer reads: the physics that the simulator and IMUTube share. World axes have z up."""

import numpy as np
from scipy.constants import g
from scipy.interpolate import make_interp_spline
from scipy.spatial.transform import Rotation

GRAVITY = np.array([0.0, 0.0, -g])  # m/s²


def reading(acceleration: np.ndarray, orientation: Rotation) -> np.ndarray:
    """Give what a sensor reads (time, 3), m/s²: Rᵀ (acceleration − gravity), R turning its axes into the world's.

    At rest: 9.8, up.
    """
    return orientation.inv().apply(acceleration - GRAVITY)


def second_derivative(time: np.ndarray, position: np.ndarray) -> np.ndarray:
    """Derive acceleration (time, 3), m/s², by the quintic spline through positions, smooth and exact at the samples."""
    return make_interp_spline(time, position, k=5).derivative(2)(time)
