"""Classical augmentation (Um et al. 2017) for the paper's own classifier: is pose-to-sensor worth more than that?

Every window is changed anew each time it is trained on, by all transforms of the mix, in turn. The mix is the best of
those tried on validation recordings (reports/choices.md).
"""

from collections.abc import Callable, Mapping

import numpy as np
import torch

from pose2imu.loading.augmentation import jittered, magnitude_warped, scaled, time_warped, turned
from pose2imu.loading.batches import Batch, Windows
from pose2imu.loading.data import Data, Needs
from pose2imu.method_params import Augmentation
from pose2imu.methods import Fitted
from pose2imu.methods.networks import build_classifier, predict, train_classifier
from pose2imu.settings import Settings

__all__ = ["NEEDS", "fit", "predict"]

NEEDS = Needs("windows")

TRANSFORMS: Mapping[str, Callable[[torch.Tensor, float, torch.Generator], torch.Tensor]] = {
    "rotation": turned,
    "time_warp": time_warped,
    "scaling": scaled,
    "magnitude_warp": magnitude_warped,
    "jitter": jittered,
}


def fit(data: Data[Windows], settings: Settings[Augmentation]) -> Fitted:
    """Train F and C on the cross-entropy of changed real windows."""
    windows = Augmented(data.train, settings.options, settings.seed)
    return train_classifier(build_classifier(settings), windows, data, settings)


class Augmented:
    """Real windows, each changed anew whenever a batch has it."""

    drawn_on_host = True

    def __init__(self, real: Windows, options: Augmentation, seed: int) -> None:
        assert real.statistics is not None
        self.real, self.device, self.epoch = real, real.device, real.epoch
        self.mean, self.std = (
            torch.from_numpy(value.astype(np.float32))[:, None].to(real.device) for value in real.statistics
        )
        self.transforms = [(TRANSFORMS[name], getattr(options, name)) for name in options.mix]
        self.random = torch.Generator().manual_seed(seed)

    def __len__(self) -> int:
        return len(self.real)

    def batch(self, indices: torch.Tensor) -> Batch:
        """Gather the windows at `indices`, changed; their poses are as they were."""
        real = self.real.batch(indices)
        x = real.acceleration * self.std + self.mean
        for transform, strength in self.transforms:
            x = transform(x, strength, self.random)
        return Batch((x - self.mean) / self.std, real.pose, real.label)
