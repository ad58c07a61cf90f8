"""A person of the simulator who moves: poses, and what a sensor on the left wrist measures."""

from functools import cache

import numpy as np

from pose2imu.formats.streams import Inertial, Poses
from pose2imu.simulation import arm
from pose2imu.simulation.exercises import draw_subject, perform

JOINTS = {"mid_hip": arm.HIP, "spine": arm.SPINE, "neck": arm.NECK, "head": arm.HEAD}
for _side, _arm, _leg in (("left", arm.LEFT_ARM, arm.LEFT_LEG), ("right", arm.RIGHT_ARM, arm.RIGHT_LEG)):
    for _names, _rows in ((("shoulder", "elbow", "wrist"), _arm), (("hip", "knee", "ankle"), _leg)):
        JOINTS.update({f"{_side}_{_name}": _rows.start + _row for _row, _name in enumerate(_names)})


@cache
def performance(seconds: float = 30.0, lag: float = 0.0, seed: int = 0) -> tuple[Inertial, Poses]:
    """Give both streams, the sensor's at 100 Hz and `lag` seconds behind the poses' at 30 Hz, without noise."""
    rng = np.random.default_rng(seed)
    third = seconds / 3
    timeline = [
        (1.0, third, "bicep_curls"),
        (third + 1, 2 * third, "jumping_jacks"),
        (2 * third + 1, seconds, "squats"),
    ]
    truth = perform(timeline, seconds, draw_subject(rng), rng, rate=300.0)
    frames, samples = slice(None, None, 10), slice(None, None, 3)
    poses = Poses("person", truth.time[frames], {name: truth.joints[frames, row] for name, row in JOINTS.items()})
    return Inertial("watch", truth.time[samples] + lag, truth.watch[samples]), poses
