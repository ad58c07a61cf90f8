"""R of `synthetic_clips`: trained on the pairs of pose and sensor data at hand, it writes sensor clips from poses."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from tqdm import trange

from pose2imu.loading.augmentation import padded
from pose2imu.loading.clips import Clips
from pose2imu.loading.data import State
from pose2imu.loading.pose_features import FEATURES, pose_features, varied
from pose2imu.method_params import SyntheticClips
from pose2imu.methods.clip_classifiers import Source, of_network, passes, seed_of
from pose2imu.models.pose_regressor import PoseRegressor
from pose2imu.models.restoring import restore
from pose2imu.settings import Settings
from pose2imu.training import PROGRESS_SECONDS

SAMPLES = 96  # of a clip in a training step; the shortest clip is longer
LAG = 12  # samples: as far may a pose come too early or too late
ALIGNED_AFTER = (0.25, 0.5, 0.75)  # of the training
AT_ONCE = 64  # clips in prediction


def fit_regressor(clips: Clips, settings: Settings[SyntheticClips], number: int) -> tuple[State, list[Any]]:
    """Train one R on the clips that have sensor data; all poses say what the features are scaled by."""
    options, device = settings.options, settings.device
    torch.manual_seed(seed_of(settings.seed, number, 2))
    random = torch.Generator().manual_seed(seed_of(settings.seed, number, 3))
    state = _scaling(clips)
    pairs = clips.pairs()
    features, length = padded([_scaled(one, state) for one in pose_features(pairs)])
    signals, of_signals = padded([(one - state["mean"]) / state["std"] for one in pairs.signals()])
    length = length.minimum(of_signals)  # the same, unless a pose is another clip's
    network = PoseRegressor(FEATURES, options.regressor_dropout).to(device)
    lag = torch.zeros(len(length), dtype=torch.long)

    steps, size = options.regressor_steps, options.regressor_batch
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=options.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, options.regressor_rate, total_steps=steps)
    rows, moments = passes(len(length), steps * size, random), torch.arange(SAMPLES)
    aligned_at = {round(part * steps) for part in ALIGNED_AFTER} if options.aligned else set()
    curve: list[Any] = []
    for step in trange(steps, desc="R", unit="step", mininterval=PROGRESS_SECONDS):
        if step in aligned_at:
            lag = best_lag(network, features, signals, length, device)
        chosen = rows[step * size : (step + 1) * size]
        begin = (torch.rand(size, generator=random) * (length[chosen] - SAMPLES + 1)).long()
        at = begin[:, None] + moments
        of_signal = at + lag[chosen, None]
        known = ((of_signal >= 0) & (of_signal < length[chosen, None])).float()[:, None]
        target = _at(signals[chosen], of_signal.clamp(min=0).minimum(length[chosen, None] - 1))
        error = network(_at(features[chosen], at).to(device), dropout=True) - target.to(device)
        loss = (error**2 * known.to(device)).sum() / (3 * known.sum())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if (step + 1) % (steps // 10) == 0:
            curve.append({"network": f"R{number}", "step": step + 1, "loss": float(loss.detach())})
    weights = {name: tensor.cpu().numpy() for name, tensor in network.state_dict().items()}
    return {**state, **{f"network.{name}": array for name, array in weights.items()}}, curve


@torch.inference_mode()
def best_lag(
    network: PoseRegressor, features: torch.Tensor, signals: torch.Tensor, length: torch.Tensor, device: str
) -> torch.Tensor:
    """Find by how many samples each clip's sensor data comes after its pose (clips,): where R errs least."""
    written = torch.cat([network(part.to(device)).cpu() for part in features.split(AT_ONCE)])
    moments = torch.arange(features.shape[2])
    errors = []
    for lag in range(-LAG, LAG + 1):
        at = (moments + lag).expand(len(length), -1)
        known = ((moments < length[:, None]) & (at >= 0) & (at < length[:, None])).float()
        error = ((written - _at(signals, at.clamp(0, features.shape[2] - 1))) ** 2).mean(dim=1)
        errors.append((error * known).sum(dim=1) / known.sum(dim=1))
    return torch.stack(errors).argmin(dim=0) - LAG


@torch.inference_mode()
def write_clips(regressors: Sequence[State], clips: Clips, settings: Settings[SyntheticClips]) -> Source:
    """Write `variants` sensor clips for each clip's pose, with its label: at its own tempo and size, then at others.

    Several R's take turns; where `dropout_on`, each clip is written with other channels of R left out.
    """
    options, device = settings.options, settings.device
    torch.manual_seed(seed_of(settings.seed, 4))
    random = torch.Generator().manual_seed(seed_of(settings.seed, 5))
    raw = pose_features(clips)
    signals: list[np.ndarray] = []
    for variant in range(options.variants):
        state = regressors[variant % len(regressors)]
        network = PoseRegressor(FEATURES, options.regressor_dropout).to(device)
        restore(network, of_network(state, "network"))
        features, length = padded(raw)
        spread = torch.zeros(2, 1) if variant < len(regressors) else torch.tensor([[options.tempo], [options.size]])
        tempo, size = (spread * torch.randn(2, len(raw), generator=random)).exp()
        features, length = varied(features, length, tempo, size)
        features = (features - _column(state["feature_mean"])) / _column(state["feature_std"])
        parts = [network(part.to(device), dropout=options.dropout_on).cpu() for part in features.split(AT_ONCE)]
        written = torch.cat(parts) * _column(state["std"][:, 0]) + _column(state["mean"][:, 0])
        signals += [one[:, :samples].numpy() for one, samples in zip(written, length, strict=True)]
    return Source(*padded(signals), torch.from_numpy(np.tile(clips.label, options.variants)))


def _scaling(clips: Clips) -> dict[str, np.ndarray]:
    """Compute means and deviations: of features over all poses, of signals over those that there are."""
    features = np.concatenate(pose_features(clips), axis=1)
    signals = np.concatenate(clips.pairs().signals(), axis=1)
    return {
        "feature_mean": features.mean(axis=1),
        "feature_std": features.std(axis=1).clip(1e-3),
        "mean": signals.mean(axis=1, keepdims=True),
        "std": signals.std(axis=1, keepdims=True),
    }


def _scaled(features: np.ndarray, state: State) -> np.ndarray:
    return (features - state["feature_mean"][:, None]) / state["feature_std"][:, None]


def _column(values: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.asarray(values, np.float32))[:, None]


def _at(signals: torch.Tensor, moments: torch.Tensor) -> torch.Tensor:
    """Signals (clips, axes, time) at whole moments (clips, samples)."""
    return signals.gather(2, moments[:, None].expand(-1, signals.shape[1], -1))
