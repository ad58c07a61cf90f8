"""The same done by others: faster or slower, taller or smaller, with the sensor turned otherwise."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.spatial.transform import Rotation

from pose2imu.errors import InputError
from pose2imu.formats.streams import Poses
from pose2imu.synthesis.options import rotation_of
from pose2imu.synthesis.physics import SMOOTHING, synthesize

# Standard deviations of the logarithms of tempo and size, and, in degrees, of the sensor's rotation about each axis.
TEMPO, SIZE, TURN = 0.2, 0.1, 10.0


class Variation(NamedTuple):
    """How a copy of poses was varied."""

    tempo: float  # 2: twice as fast
    size: float  # of the person
    turn: Rotation  # the varied sensor's axes → those of one that was not varied

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        return {"tempo": self.tempo, "size": self.size, "turn": [float(part) for part in self.turn.as_quat()]}


def varied(poses: Poses, copies: int, seed: int = 0) -> Iterator[tuple[Variation, Poses]]:
    """Yield poses of `copies` persons who do the same, and how they differ; tempo and size are log-normal.

    Acceleration grows with the size, and with the square of the tempo; gravity stays.
    """
    if copies < 1:
        raise InputError(f"{poses.name}: {copies} copies; expected at least 1")
    start = poses.time[0]
    for copy in range(copies):
        random = np.random.default_rng([seed, copy])
        tempo, size = (float(value) for value in np.exp(random.normal(0, [TEMPO, SIZE])))
        turn = Rotation.from_rotvec(random.normal(0, TURN, 3), degrees=True)
        joints = {name: points * size for name, points in poses.joints.items()}
        yield (
            Variation(tempo, size, turn),
            replace(poses, time=start + (poses.time - start) / tempo, joints=joints),
        )


def vary(
    poses: Poses,
    place: str = "right_wrist",
    *,
    copies: int,
    rotation: Rotation | Sequence[float] | None = None,
    smoothing: float = SMOOTHING,
    seed: int = 0,
    **options: Any,
) -> Iterator[pd.DataFrame]:
    """Simulate a sensor on each of `copies` varied persons; other arguments are those of `synthesize`.

    Yields tables as `synthesize` gives them, with the variation in their `attrs`.
    """
    mount = rotation_of(rotation, poses.name)
    for number, (variation, other) in enumerate(varied(poses, copies, seed)):
        table = synthesize(
            other,
            place,
            rotation=mount * variation.turn,
            smoothing=smoothing / variation.tempo,  # the same frames between knots
            seed=seed + number + 1,
            **options,
        )
        table.attrs["variation"] = variation.as_dict()
        yield table
