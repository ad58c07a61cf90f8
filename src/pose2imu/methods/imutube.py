"""IMUTube (Kwon et al. 2020): virtual sensors on the skeleton, mapped to the distribution of the real ones.

The video front end is replaced by the dataset's own poses. Training is the paper's: "half real sensor data and half
IMUTube-generated data for each batch" (IV-D).
"""

from dataclasses import replace

import torch

from pose2imu.methods.networks import build_classifier, train_classifier
from pose2imu.preprocessing.batches import Batch, Windows
from pose2imu.training import Data, Settings, Trained


def train(data: Data, settings: Settings) -> Trained:
    """Train F and C on batches of half real, half virtual windows; an epoch has each training window once as either."""
    assert data.virtual is not None
    windows = HalfVirtual(data.train, data.virtual)
    settings = replace(settings, batch_size=settings.batch_size // 2)
    return train_classifier(build_classifier(settings), windows, data, settings)


class HalfVirtual:
    """Real windows, each batch of them with as many virtual ones of other training windows, drawn anew each epoch."""

    def __init__(self, real: Windows, virtual: Windows) -> None:
        self.real, self.virtual, self.device = real, virtual, real.device
        self.partner = torch.arange(len(real))

    def __len__(self) -> int:
        return len(self.real)

    def drawn(self, order: torch.Generator) -> torch.Tensor:
        """The real windows of an epoch, in whose batches the virtual ones are drawn too."""
        drawn = self.real.drawn(order)
        self.partner[drawn] = drawn[torch.randperm(len(drawn), generator=order)]
        return drawn

    def batch(self, indices: torch.Tensor) -> Batch:
        """The real windows at `indices`, then as many virtual ones."""
        real = self.real.batch(indices)
        virtual = self.virtual.batch(self.partner.to(self.device)[indices])
        acceleration = torch.cat([real.acceleration, virtual.acceleration])
        return Batch(acceleration, torch.cat([real.pose, virtual.pose]), torch.cat([real.label, virtual.label]))
