"""A trained regressor writes what a sensor would measure, from poses of any rate and any length."""

from pathlib import Path

import numpy as np
import torch

from pose2imu.errors import InputError, WeightsError
from pose2imu.formats.streams import PLACES, Poses
from pose2imu.interpolation import interpolate
from pose2imu.loading.pose_features import FEATURES, features_of
from pose2imu.models.pose_regressor import PoseRegressor
from pose2imu.own.clock import grid_of, in_gap, limb_of
from pose2imu.own.model import Model, RegressorHeader, load_model
from pose2imu.own.networks import network_of_state, signal_of_features

UP = 2  # axis of Poses
# Samples written at once, and how far beyond them is read: what one moment depends on is 12 samples of the widest
# filter and 8 of the convolutions, and a filter's ends are not its middle.
PART, AROUND = 20_000, 64


def write_signal(poses: Poses, place: str, weights: Path) -> tuple[np.ndarray, np.ndarray]:
    """Write acceleration by the regressor in the file `weights`, at its rate.

    A place of the other side than the regressor's is written as its mirror image: what the sensor that it knows would
    measure if left and right were exchanged.

    Parameters
    ----------
    poses : Poses
        Of any rate; frames without one of the limb's joints are interpolated over, up to a second.
    place : str
        Of formats.streams.PLACES, and on a bone that the regressor knows.
    weights : Path
        A regressor's model file.

    Returns
    -------
    time : (samples,) float64
        Seconds, on the poses' clock; moments in gaps of more than a second are left out.
    acceleration : (samples, 3) float32
        m/s² with gravity, along the axes of the sensor that the regressor learned from.
    """
    model = load_regressor(weights)
    if place not in PLACES:
        raise InputError(f"{place}: no such place; expected one of {', '.join(PLACES)}")
    bone = place.split("_", 1)[1]
    known = {name.split("_", 1)[1] for name in model.header.places}
    if bone not in known:
        raise InputError(f"{weights}: knows {', '.join(model.header.places)}; expected a regressor of {place}")
    time, joints = limb_of(poses, place)
    grid = grid_of(time, model.header.rate, poses.name)
    acceleration = written(model, time, joints, grid, PLACES[place].near_bone)
    kept = ~in_gap(time, grid)
    return grid[kept], acceleration[kept]


def load_regressor(weights: Path) -> Model[RegressorHeader]:
    """Read a regressor's file; InputError where its arrays are not those of the network that its header names."""
    model = load_model(weights, RegressorHeader)
    if model.header.features != FEATURES:
        raise InputError(f"{weights}: reads {model.header.features} features; expected {FEATURES}")
    for name, shape in {"feature_mean": (FEATURES,), "feature_std": (FEATURES,), "mean": (3, 1), "std": (3, 1)}.items():
        if name not in model.state or model.state[name].shape != shape:
            raise InputError(f"{weights}: no {name} of shape {shape}; expected a regressor that `pose2imu train` wrote")
    network_of(model)
    return model


def network_of(model: Model[RegressorHeader]) -> PoseRegressor:
    """Build a regressor's network, its weights in it."""
    try:
        return network_of_state(model.state, model.header.dropout)
    except WeightsError as error:
        raise InputError(f"{model.path}: {error}; expected a regressor that `pose2imu train` wrote") from error


@torch.inference_mode()
def written(
    model: Model[RegressorHeader], time: np.ndarray, joints: np.ndarray, grid: np.ndarray, near: bool
) -> np.ndarray:
    """Write (samples, 3) m/s² at the moments of `grid`, of joints (frames, 5, 3) metres; part by part."""
    network, state, out = network_of(model), model.state, np.empty((len(grid), 3), np.float32)
    for begin in range(0, len(grid), PART):
        first, last = max(begin - AROUND, 0), min(begin + PART + AROUND, len(grid))
        at = interpolate(grid[first:last], time, joints)
        signal = signal_of_features(network, state, features_of(at, near, model.header.rate, UP))
        stop = min(begin + PART, len(grid))
        out[begin:stop] = signal[:, begin - first : stop - first].T
    return out
