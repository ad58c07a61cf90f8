"""How a sensor on a bone is turned: x along the bone, y normal to the limb's plane, z completing them.

y is the axis about which the limb bends, and points to the person's right where an arm or a leg hangs down. A straight
limb has no plane. There y is carried over from before and after: as the bone moves, without turning about it, and
leaning on the person's right, on which all of y rests where the limb is straight for long.
"""

from typing import NamedTuple

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter1d
from scipy.spatial.transform import Rotation

# Sines of the angle between the two bones: below the first a limb is straight, above the second its plane is known.
# With 5° and 15° a thigh of UTD-MHAD turns about itself by 2.1 rad/s on average, by noise of a leg hardly bent;
# with these and what follows by 0.9, and a sensor on it by 0.4.
STRAIGHT, BENT = np.sin(np.deg2rad([10.0, 30.0]))
# Seconds over which the plane is carried, a Gaussian's standard deviation; and what the person's right weighs beside
# the plane, whose weight is the squared sine: as much as that of a limb bent by 10°.
CARRIED, LEANING = 0.5, 0.03
STEP = 1e-4  # seconds, over which the axes' turning is told: far less than people move in, far more than is rounded


class Limb(NamedTuple):
    """Two bones (time, 3) in metres, the body's end first, and whether the sensor sits on the first."""

    first: np.ndarray
    second: np.ndarray
    near_bone: bool
    sign: float  # of the normal: an arm bends forwards, a leg backwards

    @property
    def bone(self) -> np.ndarray:
        """Give the bone that wears the sensor, (time, 3)."""
        return self.first if self.near_bone else self.second

    def moved(self, velocity: "Limb", acceleration: "Limb", by: float) -> "Limb":
        """Give the limb `by` seconds later."""
        bones = zip(self[:2], velocity[:2], acceleration[:2], strict=True)
        first, second = (bone + by * speed + by**2 / 2 * change for bone, speed, change in bones)
        return self._replace(first=first, second=second)


def carried_normal(limb: Limb, right: np.ndarray | None, step: float) -> np.ndarray:
    """Give normals (frames, 3) that go on where the limb is straight, of frames about `step` seconds apart.

    `right` (frames, 3) points to the person's right, NaN where that is unknown.
    """
    x = _unit(limb.bone)
    plane, sine = _plane(limb)
    u = transported(x)
    v = np.cross(x, u)
    weight = np.where(np.isfinite(plane).all(axis=1), sine**2, 0.0)
    turned = weight * _as_complex(plane, u, v)
    if right is not None:
        turned = turned + LEANING * _as_complex(_unit(right), u, v)
    smooth = gaussian_filter1d(turned, CARRIED / step, mode="nearest")
    size = np.abs(smooth)
    known = size > 1e-9
    if not known.any():
        angle = np.zeros(len(x))
    elif known.all():
        angle = np.angle(smooth)
    else:  # nothing near tells: the same angle as at the nearest moments that do
        moments = np.arange(len(x))
        angle = np.interp(moments, moments[known], np.unwrap(np.angle(smooth[known])))
    return np.cos(angle)[:, None] * u + np.sin(angle)[:, None] * v


def axes_of(limb: Limb, carried: np.ndarray) -> np.ndarray:
    """Give the sensor's axes as columns (time, 3, 3) of a rotation into the world; `carried` is its y of old."""
    x = _unit(limb.bone)
    plane, sine = _plane(limb)
    known = np.clip((sine - STRAIGHT) / (BENT - STRAIGHT), 0, 1)
    known = (known**2 * (3 - 2 * known))[:, None]  # a smooth step
    normal = known * np.nan_to_num(plane) + (1 - known) * carried
    y = normal - (normal * x).sum(axis=1, keepdims=True) * x
    # Where both cancel out, as in a limb that bends the wrong way, the plane decides.
    length = np.linalg.norm(y, axis=1, keepdims=True)
    y = np.where(length > 1e-6, y, carried - (carried * x).sum(axis=1, keepdims=True) * x)
    y = _unit(y)
    return np.stack([x, y, np.cross(x, y)], axis=2)


def turning(
    axes: np.ndarray, limb: Limb, velocity: Limb, acceleration: Limb, carried: CubicSpline, time: np.ndarray
) -> np.ndarray:
    """Give the angular velocity (time, 3) rad/s of axes (time, 3, 3), those of the limb at `time`, in these axes."""
    value, slope = carried(time), carried(time, 1)
    before, after = (axes_of(limb.moved(velocity, acceleration, by), value + by * slope) for by in (-STEP, STEP))
    change = (after - before) / (2 * STEP)
    # Rᵀ dR/dt is the cross product with the angular velocity: z · dy/dt, x · dz/dt, y · dx/dt.
    return np.stack([(axes[..., (k + 2) % 3] * change[..., (k + 1) % 3]).sum(axis=1) for k in range(3)], axis=1)


def transported(x: np.ndarray) -> np.ndarray:
    """Give unit vectors (n, 3) square to unit vectors x (n, 3), which do not turn about them from one to the next."""
    across = np.cross(x[0], np.eye(3)[np.abs(x[0]).argmin()])
    smallest = np.concatenate([np.cross(x[:-1], x[1:]), 1 + (x[:-1] * x[1:]).sum(axis=1, keepdims=True)], axis=1)
    # Turned back on itself, any axis square to it would do: it is taken as not having moved.
    smallest[np.linalg.norm(smallest, axis=1) < 1e-9] = [0, 0, 0, 1]
    turned = cumulative(Rotation.from_quat(np.concatenate([[[0, 0, 0, 1]], smallest]))).apply(across)
    return _unit(turned - (turned * x).sum(axis=1, keepdims=True) * x)


def cumulative(steps: Rotation) -> Rotation:
    """Give (n,) rotations, each the product of all steps (n,) up to it, the latest applied last.

    In blocks, all of which advance together: a day has a million frames.
    """
    count = len(steps)
    width = int(np.ceil(np.sqrt(count)))
    quaternion = np.zeros((width * width, 4))
    quaternion[:, 3] = 1
    quaternion[:count] = steps.as_quat()
    blocks = quaternion.reshape(width, width, 4)
    for place in range(1, width):
        blocks[:, place] = (Rotation.from_quat(blocks[:, place]) * Rotation.from_quat(blocks[:, place - 1])).as_quat()
    before = Rotation.identity()
    for block in range(1, width):
        before = Rotation.from_quat(blocks[block - 1, -1])
        blocks[block] = (Rotation.from_quat(blocks[block]) * before).as_quat()
    return Rotation.from_quat(quaternion[:count])


def _plane(limb: Limb) -> tuple[np.ndarray, np.ndarray]:
    """Give the normal of the limb's plane (time, 3), NaN where it has none, and the sine (time,) of its bend."""
    normal = limb.sign * np.cross(_unit(limb.first), _unit(limb.second))
    sine = np.linalg.norm(normal, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return normal / np.where(sine > 1e-9, sine, np.nan)[:, None], sine


def _as_complex(vector: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Give vectors (n, 3) as numbers in the plane of u and v; 0 for NaN."""
    return np.nan_to_num((vector * u).sum(axis=1)) + 1j * np.nan_to_num((vector * v).sum(axis=1))


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector, axis=1, keepdims=True).clip(1e-12)
