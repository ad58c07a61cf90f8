"""What classifies clips where labels are scarce: networks of `strong_cnn`, MiniRocket or trees, on real clips alone or
on real and synthetic ones together.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from tqdm import trange

from pose2imu.loading.augmentation import at_moments, cropped_and_warped, padded, scaled, turned
from pose2imu.loading.clips import Clips
from pose2imu.loading.data import State
from pose2imu.loading.sequences import Sequences
from pose2imu.method_params import ClipClassifier
from pose2imu.methods.clip_networks import AT_ONCE, probabilities, resized
from pose2imu.methods.strong_cnn import channels
from pose2imu.models.residual_cnn import ResidualCNN
from pose2imu.settings import Settings
from pose2imu.training import PROGRESS_SECONDS

STEPS_AT_ONCE = 16  # whose clips are cut and turned together
SHOWN = 20  # points of a learning curve
Targets = Callable[[torch.Tensor], torch.Tensor]  # from what the network takes to probabilities (clips, classes)


class Source(NamedTuple):
    """Clips to draw from: signals (clips, 3, longest) m/s², padded, with length and label (clips,)."""

    signals: torch.Tensor
    length: torch.Tensor
    label: torch.Tensor


def source_of(signals: Sequence[np.ndarray], label: np.ndarray) -> Source:
    """Hold signals (3, time) to draw from."""
    return Source(*padded(signals), torch.tensor(label))


def learn(real: Source, synthetic: Source | None, settings: Settings[ClipClassifier]) -> tuple[State, list[Any]]:
    """Learn the classifier that the options name; returns its state, and a learning curve of networks."""
    if settings.options.classifier != "cnn":
        return _learn_other(real, synthetic, settings), []
    learned = [learn_network(real, synthetic, settings, number) for number in range(settings.options.networks)]
    return joined(learned)


def joined(learned: Sequence[tuple[State, list[Any]]]) -> tuple[State, list[Any]]:
    """Put networks that are to speak together, and their learning curves, into one state and one curve."""
    state = {f"{number}.{name}": array for number, (one, _) in enumerate(learned) for name, array in one.items()}
    return state, [{"network": number, **row} for number, (_, curve) in enumerate(learned) for row in curve]


def predict(state: State, clips: Clips, settings: Settings[ClipClassifier]) -> np.ndarray:
    """Give (clips, classes): probabilities, of several networks their mean."""
    if settings.options.classifier != "cnn":
        module = import_module(f"pose2imu.methods.{settings.options.classifier}")
        with warnings.catch_warnings():  # scikit-learn takes many classes of few clips for a regression's target
            warnings.filterwarnings("ignore", message="The number of unique classes")
            return module.predict(state, _sequences(clips.signals(), clips.label), settings)
    x = channels(resized(clips.signals(), settings.options.length))
    states = [of_network(state, number) for number in range(len({name.split(".")[0] for name in state}))]
    spoken = [probabilities(build(settings, 0), one, x.split(AT_ONCE), settings.device) for one in states]
    return np.mean(spoken, axis=0)


def of_network(state: State, number: int | str) -> Mapping[str, np.ndarray]:
    """Take one network out of a state of several."""
    prefix = f"{number}."
    return {name.removeprefix(prefix): array for name, array in state.items() if name.startswith(prefix)}


def build(settings: Settings[ClipClassifier], number: int) -> ResidualCNN:
    """Build a network, with weights from the seed and its number."""
    torch.manual_seed(seed_of(settings.seed, number))
    return ResidualCNN(7, settings.options.widths, settings.classes, settings.options.dropout)


def seed_of(seed: int, *number: int) -> int:
    """Derive the seed of one of several networks of a run."""
    return int(np.random.SeedSequence([seed, *number]).generate_state(1)[0])


def learn_network(
    real: Source,
    synthetic: Source | None,
    settings: Settings[ClipClassifier],
    number: int,
    targets: Targets | None = None,
) -> tuple[State, list[Any]]:
    """Train by AdamW with a one-cycle learning rate; where there are synthetic clips, each batch has a share of them.

    Every clip is drawn before any is drawn again, each time cut, warped, turned and scaled anew. `targets` stand in
    the place of labels. Networks of a run differ by `number`: in their first weights, and in what they draw.
    """
    options = settings.options
    network = build(settings, number).to(settings.device).train()
    random = torch.Generator().manual_seed(seed_of(settings.seed, number, 1))
    sources = [real] if synthetic is None else [real, synthetic]
    share = shares(real, settings) if synthetic is not None else [options.batch_size]
    steps = max(options.epochs * len(real.label) // options.batch_size, options.least_steps)
    rows = [passes(len(one.label), steps * count, random) for one, count in zip(sources, share, strict=True)]
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=options.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, options.learning_rate, total_steps=steps)
    lowered = absent_lowered(real, share, settings).to(settings.device) if targets is None else 0.0
    curve: list[Any] = []
    losses: list[torch.Tensor] = []
    progress = trange(steps, desc="ResidualCNN", unit="step", mininterval=PROGRESS_SECONDS)
    for step in progress:
        at = step % STEPS_AT_ONCE
        if at == 0:
            count = min(STEPS_AT_ONCE, steps - step)
            x, target = _drawn(sources, rows, share, step, count, settings, random, targets)
        logits = network(x[at]) - lowered
        loss = F.cross_entropy(logits, target[at], label_smoothing=options.label_smoothing)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.detach())
        if (step + 1) * SHOWN // steps > step * SHOWN // steps:
            curve.append({"step": step + 1, "loss": float(torch.stack(losses).mean())})
            losses = []
    return {name: tensor.cpu().numpy() for name, tensor in network.state_dict().items()}, curve


def shares(real: Source, settings: Settings[ClipClassifier]) -> list[int]:
    """Divide a batch into real and synthetic clips: half and half, and fewer synthetic ones the more labels there are.

    There are as many as if each class had what the class with the fewest real clips has.
    """
    size, fewest = settings.options.batch_size, torch.bincount(real.label, minlength=settings.classes).min()
    labels = int(fewest) * settings.classes / settings.options.fading_clips
    synthetic = max(round(size / 2 / (1 + labels**2)), 1)
    return [size - synthetic, synthetic]


def absent_lowered(real: Source, share: Sequence[int], settings: Settings[ClipClassifier]) -> torch.Tensor:
    """Say by how much training lowers logits, (clips of a batch, classes): for real clips, of classes that have none.

    A network that learned from real clips that these never occur among them would not name them, whatever it learned
    from synthetic ones.
    """
    lowered = torch.zeros(sum(share), settings.classes)
    absent = torch.bincount(real.label, minlength=settings.classes) == 0
    lowered[: share[0], absent] = settings.options.absent
    return lowered


def passes(clips: int, count: int, random: torch.Generator) -> torch.Tensor:
    """Draw clips (count,): all of them in random order, again and again."""
    return torch.cat([torch.randperm(clips, generator=random) for _ in range(-(-count // clips))])[:count]


def _drawn(
    sources: Sequence[Source],
    rows: Sequence[torch.Tensor],
    share: Sequence[int],
    step: int,
    count: int,
    settings: Settings[ClipClassifier],
    random: torch.Generator,
    targets: Targets | None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Draw the batches of some steps: (steps, clips, channels, time), and their targets (steps, clips[, classes])."""
    options = settings.options
    parts, labels = [], []
    for source, order, size in zip(sources, rows, share, strict=True):
        chosen = order[step * size : (step + count) * size]
        moments = cropped_and_warped(source.length[chosen], options.length, options.crop, options.warp, random)
        signals = turned(at_moments(source.signals[chosen], moments), options.rotation, random)
        parts.append(channels(scaled(signals, options.scale, random)).unflatten(0, (count, size)))
        labels.append(source.label[chosen].unflatten(0, (count, size)))
    x, label = torch.cat(parts, dim=1).to(settings.device), torch.cat(labels, dim=1).to(settings.device)
    return x, label if targets is None else targets(x.flatten(0, 1)).unflatten(0, (count, -1))


def _learn_other(real: Source, synthetic: Source | None, settings: Settings[Any]) -> State:
    """Learn a classifier that draws nothing: of synthetic clips it has each once, and real ones about as often."""
    module = import_module(f"pose2imu.methods.{settings.options.classifier}")
    signals, label = _listed(real)
    if synthetic is not None:
        times = max(round(len(synthetic.label) / len(label)), 1)
        others, labels = _listed(synthetic)
        signals, label = signals * times + others, np.concatenate([np.tile(label, times), labels])
    sequences = _sequences(signals, label)
    if settings.options.classifier == "trees":
        return module.features_of(sequences, settings.options.segments, settings)
    return module.learned(sequences, settings.options.length, settings)


def _listed(source: Source) -> tuple[list[np.ndarray], np.ndarray]:
    signals = [signal[:, :length].numpy() for signal, length in zip(source.signals, source.length, strict=True)]
    return signals, source.label.numpy()


def _sequences(signals: list[np.ndarray], label: np.ndarray) -> Sequences:
    """Signals in m/s², as methods on whole sequences take them."""
    return Sequences(signals, pd.DataFrame({"label": label}), np.zeros(3), np.ones(3))
