"""Networks on whole clips: trained on a random part of each at every epoch; their number is chosen on validation."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from tqdm import trange

from pose2imu.loading.augmentation import at_moments, cropped_and_warped, padded, whole
from pose2imu.loading.batches import Batch
from pose2imu.loading.data import Data, State
from pose2imu.loading.sequences import Sequences
from pose2imu.method_params import ClipNetwork
from pose2imu.methods import Fitted
from pose2imu.methods.choosing import final, scores, select
from pose2imu.models.restoring import restore
from pose2imu.settings import Settings
from pose2imu.steps import Steps
from pose2imu.training import PROGRESS_SECONDS, train_epoch

Changed = Callable[[torch.Tensor, torch.Generator], torch.Tensor]
AT_ONCE = 256  # clips in prediction


class Clips:
    """Clips as batches of one length, each cut to a random part at a varying tempo and then `changed`."""

    drawn_on_host = True

    def __init__(
        self, signals: Sequence[np.ndarray], label: np.ndarray, changed: Changed, settings: Settings[Any]
    ) -> None:
        self.device, self.changed = torch.device(settings.device), changed
        self.options: ClipNetwork = settings.options
        self.signals, self.length = padded(signals)
        self.label = torch.tensor(label)
        self.random = torch.Generator().manual_seed(settings.seed)

    def __len__(self) -> int:
        return len(self.label)

    def epoch(self, order: torch.Generator) -> torch.Tensor:
        """Take every clip."""
        return torch.arange(len(self))

    def batch(self, indices: torch.Tensor) -> Batch:
        """Gather the clips at `indices`, as what the network takes; clips have no pose here."""
        indices = indices.cpu()
        shape = self.length[indices], self.options.length, self.options.crop, self.options.warp
        moments = cropped_and_warped(*shape, self.random)
        x = self.changed(at_moments(self.signals[indices], moments), self.random)
        return Batch(x.to(self.device), torch.empty(0, device=self.device), self.label[indices].to(self.device))


def resized(signals: Sequence[np.ndarray], samples: int) -> torch.Tensor:
    """Stretch whole clips (axes, time) of any length to (clips, axes, samples)."""
    x, length = padded(signals)
    return at_moments(x, whole(length, samples))


def fit_best_epochs(
    learned: Callable[[Sequences, int, Settings[Any]], State],
    predict: Callable[[State, Sequences, Settings[Any]], np.ndarray],
    data: Data[Sequences],
    settings: Settings[Any],
) -> Fitted:
    """Choose the number of epochs on validation, then learn from all clips that are final."""

    def score(epochs: int) -> dict[str, float]:
        return scores(predict(learned(data.train, epochs, settings), data.validation, settings), data.validation)

    chosen, tried = select(score, [{"epochs": number} for number in settings.options.epochs])
    return Fitted(learned(final(data, settings), chosen["epochs"], settings), tried)


def fit_network(network: nn.Module, clips: Clips, epochs: int, settings: Settings[Any]) -> State:
    """Train by AdamW with a one-cycle learning rate; returns the last weights."""
    options: ClipNetwork = settings.options
    network.to(settings.device).train()
    on_gpu = clips.device.type == "cuda"
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=options.weight_decay, fused=on_gpu)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, options.learning_rate, total_steps=epochs)
    order = torch.Generator().manual_seed(settings.seed)

    def loss(batch: Batch) -> dict[str, torch.Tensor]:
        logits = network(batch.acceleration)
        return {"loss": F.cross_entropy(logits, batch.label, label_smoothing=options.label_smoothing)}

    steps = Steps(clips, loss, optimizer, graphs=options.graphs, schedule=True)
    progress = trange(epochs, desc=type(network).__name__, unit="epoch", mininterval=PROGRESS_SECONDS)
    for _ in progress:
        means = train_epoch(steps, order, options.batch_size)
        schedule.step()
        progress.set_postfix(loss=f"{float(means['loss']):.3f}", refresh=False)
    return {name: tensor.cpu().numpy() for name, tensor in network.state_dict().items()}


@torch.inference_mode()
def probabilities(network: nn.Module, state: State, batches: Iterable[torch.Tensor], device: str) -> np.ndarray:
    """Give probabilities (clips, classes), of batches of what the network takes."""
    restore(network, state)
    network.to(device).eval()
    return torch.cat([F.softmax(network(x.to(device)), dim=1).cpu() for x in batches]).numpy()
