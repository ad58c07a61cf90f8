"""Trained networks on disk: one safetensors file per run, keys such as `classifier.linear.weight`."""

from importlib import import_module
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import nn

from pose2imu.atomic import replacing
from pose2imu.errors import InputError
from pose2imu.methods.networks import build_classifier, build_regressor
from pose2imu.training import Settings


def save_networks(networks: nn.ModuleDict, path: Path) -> None:
    """Write all weights of F, C and R, whichever there are."""
    with replacing(path) as temporary:
        save_file({name: tensor.contiguous().cpu() for name, tensor in networks.state_dict().items()}, temporary)


def load_networks(path: Path, method: str, settings: Settings) -> nn.ModuleDict:
    """Rebuild the networks of a method's run, whose weights are in `path`, in evaluation mode.

    F and C are Table II's, unless the method's module has a `build_classifier` of its own.
    """
    try:
        weights = load_file(path)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: expected the weights of a finished run ({error})") from error
    classifier = getattr(import_module(f"pose2imu.methods.{method}"), "build_classifier", build_classifier)
    prefixes = {name.split(".")[0] for name in weights}
    networks = nn.ModuleDict(
        {
            **(classifier(settings) if "classifier" in prefixes else {}),
            **(build_regressor(settings) if "regressor" in prefixes else {}),
        }
    )
    networks.load_state_dict(weights)
    return networks.eval()
