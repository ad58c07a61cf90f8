"""IMUTube (Kwon et al. 2020): virtual sensors on the skeleton, mapped to the distribution of the real ones.

The video front end is replaced by the dataset's own poses. Training is the paper's: "half real sensor data and half
IMUTube-generated data for each batch" (IV-D).
"""

from dataclasses import replace

import torch

from pose2imu.loading.batches import Batch, Windows
from pose2imu.loading.data import Data, Needs
from pose2imu.method_params import WindowClassifier
from pose2imu.methods import Fitted
from pose2imu.methods.networks import build_classifier, predict, train_classifier
from pose2imu.settings import Settings

__all__ = ["NEEDS", "fit", "predict"]

NEEDS = Needs("windows", virtual=True)


def fit(data: Data[Windows], settings: Settings[WindowClassifier]) -> Fitted:
    """Train F and C on batches of half real, half virtual windows; an epoch has each training window once as either."""
    assert data.virtual is not None
    windows = HalfVirtual(data.train, data.virtual)
    half = settings.options.model_copy(update={"batch_size": settings.options.batch_size // 2})
    settings = replace(settings, options=half)
    return train_classifier(build_classifier(settings), windows, data, settings)


class HalfVirtual:
    """Real windows, each batch of them with as many virtual ones of other training windows, drawn anew each epoch."""

    drawn_on_host = False

    def __init__(self, real: Windows, virtual: Windows) -> None:
        self.real, self.virtual, self.device = real, virtual, real.device
        self.partner = torch.zeros(len(real), dtype=torch.int64, device=real.device)

    def __len__(self) -> int:
        return len(self.real)

    def epoch(self, order: torch.Generator) -> torch.Tensor:
        """Take the real windows of an epoch, in whose batches the virtual ones are drawn too."""
        real = self.real.epoch(order)
        partner = torch.zeros(len(self.real), dtype=torch.int64)
        partner[real] = real[torch.randperm(len(real), generator=order)]
        self.partner.copy_(partner)  # into the memory that a captured step reads
        return real

    def batch(self, indices: torch.Tensor) -> Batch:
        """Gather the real windows at `indices`, then as many virtual ones."""
        real = self.real.batch(indices)
        virtual = self.virtual.batch(self.partner[indices])
        acceleration = torch.cat([real.acceleration, virtual.acceleration])
        return Batch(acceleration, torch.cat([real.pose, virtual.pose]), torch.cat([real.label, virtual.label]))
