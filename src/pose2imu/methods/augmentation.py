"""Classical augmentation (Um et al. 2017) for the paper's own classifier: is pose-to-sensor worth more than that?

Every window is changed anew each time it is trained on, by all transforms of the mix, in turn. The mix is the best of
those tried on validation recordings (reports/choices.md).
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from pose2imu.methods.networks import build_classifier, train_classifier
from pose2imu.preprocessing.augmentation import jittered, magnitude_warped, scaled, time_warped, turned
from pose2imu.preprocessing.batches import Batch, Windows
from pose2imu.training import Data, Settings, Trained

TRANSFORMS: Mapping[str, Callable[[torch.Tensor, float, torch.Generator], torch.Tensor]] = {
    "rotation": turned,
    "time_warp": time_warped,
    "scaling": scaled,
    "magnitude_warp": magnitude_warped,
    "jitter": jittered,
}


def train(data: Data, settings: Settings) -> Trained:
    """Train F and C on the cross-entropy of changed real windows."""
    assert data.statistics is not None
    windows = Augmented(data.train, data.statistics, settings.options, settings.seed)
    return train_classifier(build_classifier(settings), windows, data, settings)


class Augmented:
    """Real windows, each changed anew whenever a batch has it."""

    def __init__(
        self, real: Windows, statistics: tuple[np.ndarray, np.ndarray], options: Mapping[str, Any], seed: int
    ) -> None:
        self.real, self.device, self.drawn = real, real.device, real.drawn
        self.mean, self.std = (
            torch.from_numpy(value.astype(np.float32))[:, None].to(real.device) for value in statistics
        )
        self.transforms = [(TRANSFORMS[name], options[name]) for name in options["mix"]]
        self.random = torch.Generator().manual_seed(seed)

    def __len__(self) -> int:
        return len(self.real)

    def batch(self, indices: torch.Tensor) -> Batch:
        """The windows at `indices`, changed; their poses are as they were."""
        real = self.real.batch(indices)
        x = real.acceleration * self.std + self.mean
        for transform, strength in self.transforms:
            x = transform(x, strength, self.random)
        return Batch((x - self.mean) / self.std, real.pose, real.label)
