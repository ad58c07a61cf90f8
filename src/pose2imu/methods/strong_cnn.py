"""A residual 1-D CNN on whole clips with strong augmentation: what a network can do with the same acceleration.

Its channels are the acceleration in g, its differences and its magnitude. Each epoch sees every clip once, cut to a
random part, at a varying tempo, turned a little and scaled; the number of epochs is chosen on validation.
"""

import numpy as np
import torch
import torch.nn.functional as F
from tqdm import trange

from pose2imu.methods.sequence_methods import Fitted, Settings, State, scores, select
from pose2imu.models.residual_cnn import ResidualCNN
from pose2imu.preprocessing.augmentation import at_moments, cropped_and_warped, padded, rotations, whole
from pose2imu.preprocessing.sequences import Sequences
from pose2imu.training import PROGRESS_SECONDS

GRAVITY = 9.80665  # m/s²


def train(train: Sequences, validation: Sequences, final: Sequences, settings: Settings) -> Fitted:
    """Choose the number of epochs on validation, then train on `final`."""

    def score(epochs: int) -> dict[str, float]:
        return scores(predict(fit(train, epochs, settings), validation, settings), validation)

    chosen, tried = select(score, [{"epochs": number} for number in settings.options["epochs"]])
    return Fitted(fit(final, settings=settings, **chosen), tried)


def build(settings: Settings) -> ResidualCNN:
    """The network, with weights from the seed."""
    torch.manual_seed(settings.seed)
    axes, options = settings.options["axes"], settings.options
    return ResidualCNN(2 * axes + axes // 3, options["widths"], settings.classes, options["dropout"])


def fit(clips: Sequences, epochs: int, settings: Settings) -> State:
    """AdamW with a one-cycle learning rate; returns the last weights."""
    options, network = settings.options, build(settings)
    signals, length = padded(physical(clips, settings))
    label = torch.tensor(clips.label)
    random, order = np.random.default_rng(settings.seed), torch.Generator().manual_seed(settings.seed)
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=options["weight_decay"])
    steps = epochs * -(-len(clips) // options["batch_size"])
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, options["learning_rate"], total_steps=steps)
    network.train()
    progress = trange(epochs, desc="strong_cnn", unit="epoch", mininterval=PROGRESS_SECONDS)
    for _ in progress:
        total = 0.0
        for batch in torch.randperm(len(clips), generator=order).split(options["batch_size"]):
            moments = cropped_and_warped(length[batch], options["length"], options["crop"], options["warp"], order)
            x = changed(at_moments(signals[batch], moments), options["rotation"], options["scale"], random)
            loss = F.cross_entropy(network(channels(x)), label[batch], label_smoothing=options["label_smoothing"])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(batch)
        progress.set_postfix(loss=f"{total / len(clips):.3f}", refresh=False)
    return {name: tensor.numpy() for name, tensor in network.state_dict().items()}


@torch.inference_mode()
def predict(state: State, clips: Sequences, settings: Settings) -> np.ndarray:
    """(clips, classes): probabilities."""
    network = build(settings)
    network.load_state_dict({name: torch.as_tensor(np.array(array)) for name, array in state.items()})
    network.eval()
    signals, length = padded(physical(clips, settings))
    x = channels(at_moments(signals, whole(length, settings.options["length"])))
    return torch.cat([F.softmax(network(part), dim=1) for part in x.split(256)]).numpy()


def physical(clips: Sequences, settings: Settings) -> list[np.ndarray]:
    """Acceleration in g, and angular velocity in rad/s: what a turned sensor turns."""
    mean, std = settings.mean[:, None], settings.std[:, None]
    unit = np.where(np.arange(len(mean)) < 3, GRAVITY, 1.0)[:, None]
    return [((signal * std + mean) / unit).astype(np.float32) for signal in clips.signals]


def changed(x: torch.Tensor, degrees: float, scale: float, random: np.random.Generator) -> torch.Tensor:
    """Clips (clips, axes, time) turned by random angles and scaled by random factors."""
    turn = rotations(len(x), degrees, random)
    factor = torch.from_numpy(np.exp(scale * random.normal(size=(len(x), 1, 1))).astype(np.float32))
    return torch.cat([turn @ part for part in x.split(3, dim=1)], dim=1) * factor


def channels(x: torch.Tensor) -> torch.Tensor:
    """Signals (clips, axes, time), their differences, and the magnitude of each sensor's three axes."""
    difference = F.pad(x.diff(dim=2), (1, 0))
    magnitude = torch.cat([part.norm(dim=1, keepdim=True) for part in x.split(3, dim=1)], dim=1)
    return torch.cat([x, difference, magnitude], dim=1)
