"""Memmesheimer et al. 2020, "Gimme Signals": a clip's signals are drawn as one image, EfficientNet classifies it.

The authors start from weights that were trained on ImageNet, at 224 pixels. Where `pretrained` is the path of such
weights (efficientnet-b0-355c32eb.pth and so on, of EfficientNet-PyTorch, which is the authors' library too) they are
loaded; null trains from scratch. Images are smaller here, for two cores. Each time a clip is trained on, a random part
of it is drawn, and the image is turned by a few degrees, as the authors' code can do.
"""

import pickle

import numpy as np
import torch
from efficientnet_pytorch import EfficientNet

from pose2imu.errors import InputError
from pose2imu.loading.data import Data, Needs, State
from pose2imu.loading.drawing import draw_lines, tilted
from pose2imu.loading.sequences import Sequences
from pose2imu.method_params import SignalImage
from pose2imu.methods import Fitted
from pose2imu.methods.clip_networks import AT_ONCE, Clips, fit_best_epochs, fit_network, probabilities, resized
from pose2imu.settings import Settings

NEEDS = Needs("sequences")

# Of ImageNet's images, whose weights expect such input (RGB).
MEAN, STD = (torch.tensor(value)[:, None, None] for value in ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
# Of BatchNorm's running statistics, the share that a step leaves as it was: the library's 0.99 is for more steps.
KEPT = 0.9


def fit(data: Data[Sequences], settings: Settings[SignalImage]) -> Fitted:
    """Choose the number of epochs on validation, then train on all clips that are final."""
    return fit_best_epochs(learned, predict, data, settings)


def build(settings: Settings[SignalImage]) -> EfficientNet:
    """Build EfficientNet, with weights from the seed."""
    torch.manual_seed(settings.seed)
    options = settings.options
    network = EfficientNet.from_name(
        f"efficientnet-{options.network}",
        num_classes=settings.classes,
        image_size=options.size,
        batch_norm_momentum=KEPT,
    )
    return network.to(memory_format=torch.channels_last)


def load_pretrained(network: EfficientNet, path: str) -> None:
    """Take over all weights of a file but those of the last layer; InputError where they are not this network's."""
    try:
        weights = torch.load(path, weights_only=True)
        weights = {name: value for name, value in weights.items() if not name.startswith("_fc.")}
        missing, unexpected = network.load_state_dict(weights, strict=False)
        complete = not unexpected and set(missing) == {"_fc.weight", "_fc.bias"}
    except (OSError, RuntimeError, AttributeError, pickle.UnpicklingError) as error:
        raise InputError(f"{path}: expected weights of EfficientNet-PyTorch ({error})") from error
    if not complete:
        raise InputError(f"{path}: expected weights of the EfficientNet that signal_image.network names")


def learned(clips: Sequences, epochs: int, settings: Settings[SignalImage]) -> State:
    """Learn the weights after some epochs."""
    network = build(settings)
    if settings.options.pretrained:
        load_pretrained(network, settings.options.pretrained)

    def changed(x: torch.Tensor, random: torch.Generator) -> torch.Tensor:
        return images(x, settings, random)

    return fit_network(network, Clips(clips.signals, clips.label, changed, settings), epochs, settings)


def predict(state: State, clips: Sequences, settings: Settings[SignalImage]) -> np.ndarray:
    """Give (clips, classes): probabilities."""
    signals = resized(clips.signals, settings.options.length)
    batches = (images(part, settings) for part in signals.split(AT_ONCE))
    return probabilities(build(settings), state, batches, settings.device)


def images(x: torch.Tensor, settings: Settings[SignalImage], random: torch.Generator | None = None) -> torch.Tensor:
    """Draw what EfficientNet takes, (clips, 3, size, size), of signals (clips, axes, length); turned if `random`."""
    image = draw_lines(x, settings.options.size, settings.options.thickness)
    if random:
        image = tilted(image, settings.options.rotation, random)
    return ((image - MEAN) / STD).contiguous(memory_format=torch.channels_last)
