"""Proposed, β = 10: the joint method with the weight of eq. 5 fixed at the value of the paper's ablation row."""

from dataclasses import replace

from pose2imu.methods import joint
from pose2imu.training import Data, Settings, Trained


def train(data: Data, settings: Settings) -> Trained:
    """`joint.train` with β of `joint_similarity` in params.yaml in place of the general one."""
    return joint.train(data, replace(settings, beta=settings.options["beta"]))
