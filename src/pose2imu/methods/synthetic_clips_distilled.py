"""Synthetic clips, in full: one network distilled from several that know the same labelled clips.

R's pairs are aligned, several R's take turns, and their dropout is left on while they write, as far as the options say.
The teachers differ in their first weights and in what they draw. The student learns from the mean of what they say of
real and synthetic clips, cut, warped and turned anew.
"""

import torch
import torch.nn.functional as F

from pose2imu.loading.clips import Clips, Needs
from pose2imu.loading.data import State
from pose2imu.method_params import Distilled
from pose2imu.methods import Fitted
from pose2imu.methods.clip_classifiers import Targets, build, joined, learn_network, source_of
from pose2imu.methods.synthetic_clips import predict, prefixed, write
from pose2imu.models.restoring import restore
from pose2imu.settings import Settings

__all__ = ["NEEDS", "fit", "predict"]

NEEDS = Needs()


def fit(clips: Clips, settings: Settings[Distilled]) -> Fitted:
    """Train R's and teachers, then the student."""
    pairs, written = clips.pairs(), write(clips, settings)
    real, teachers = source_of(pairs.signals(), pairs.label), settings.options.teachers
    taught = [learn_network(real, written.clips, settings, number) for number in range(1, teachers + 1)]
    said = speaking([state for state, _ in taught], settings)
    student = learn_network(real, written.clips, settings, 0, said)
    state, curve = joined([student])
    of_teachers = [{"network": f"teacher{number}", **row} for number, (_, rows) in enumerate(taught) for row in rows]
    return Fitted({**written.state, **prefixed(state)}, [*written.curve, *of_teachers, *curve])


def speaking(states: list[State], settings: Settings[Distilled]) -> Targets:
    """Make what teachers say, on the mean, of what a network takes (clips, channels, time): (clips, classes)."""
    networks = []
    for state in states:
        network = build(settings, 0).to(settings.device).eval()
        restore(network, state)
        networks.append(network)

    @torch.no_grad()
    def targets(x: torch.Tensor) -> torch.Tensor:
        parts = x.split(64)
        spoken = [torch.cat([F.softmax(network(part), dim=1) for part in parts]) for network in networks]
        return torch.stack(spoken).mean(dim=0)

    return targets
