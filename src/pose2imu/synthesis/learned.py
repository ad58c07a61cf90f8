"""What a worn sensor would measure of poses, by a regressor trained on people with both."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial.transform import Rotation

from pose2imu.errors import InputError
from pose2imu.formats.streams import Poses
from pose2imu.interpolation import interpolate
from pose2imu.synthesis.options import about, check_ranges, factor_of, place_of, rotation_of

EARLY = 1e-6  # seconds that a moment may be off a sample and count as on it


def synthesize_learned(
    poses: Poses,
    place: str,
    weights: Path,
    *,
    rate: float | None = None,
    rotation: Rotation | Sequence[float] | None = None,
    unit: str = "m/s2",
    noise: float = 0.0,
    seed: int = 0,
) -> pd.DataFrame:
    """Let the regressor of a file tell the acceleration, with gravity, of a sensor that sits as its training's did.

    Arguments are those of `physics.synthesize`; `rate` is else the regressor's own, and `rotation` turns the sensor's
    axes into those of the training's sensor. Returns a table of time, ax, ay, az: no angular velocity is learned.
    """
    from pose2imu.own.regressors import write_signal  # noqa: PLC0415 - torch, two seconds

    where = place_of(place, poses.name)
    factor, mount = factor_of(unit, poses.name), rotation_of(rotation, poses.name)
    check_ranges(poses.name, noise=noise, **({} if rate is None else {"rate": rate}))
    time, acceleration = write_signal(poses, place, weights)
    if len(time) < 2:
        raise InputError(f"{poses.name}: {len(time)} samples by {weights}; expected longer poses")
    own = 1 / float(np.median(np.diff(time)))
    time, acceleration = _regular(time, acceleration, own, rate or own)
    acceleration = mount.apply(acceleration, inverse=True)
    if noise > 0:
        acceleration = acceleration + np.random.default_rng(seed).normal(0, noise, acceleration.shape)
    table = pd.DataFrame({"time": time} | {f"a{axis}": factor * acceleration[:, k] for k, axis in enumerate("xyz")})
    table.attrs.update(
        {
            **about(poses.name, place, where.limb, rate or own, unit, mount, gravity=True, how="learned"),
            **{"axes": "those of the training's sensor, turned by rotation", "weights": str(weights)},
            **{"noise": noise, "seed": seed, "notes": list(poses.notes)},
        }
    )
    return table


def _regular(time: np.ndarray, values: np.ndarray, own: float, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Give values (samples, 3) of `own` Hz, of which gaps are left out, at `rate` Hz, with NaN in gaps."""
    moments = np.arange(int(np.floor((time[-1] - time[0]) * rate + 1e-6)) + 1) / rate
    since = time - time[0]
    out = interpolate(moments, since, values)
    after = np.searchsorted(since, moments - EARLY).clip(1, len(since) - 1)
    inside = (moments > since[after - 1] + EARLY) & (moments < since[after] - EARLY)
    out[inside & (since[after] - since[after - 1] > 1.5 / own)] = np.nan
    return moments + time[0], out
