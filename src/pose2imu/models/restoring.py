"""What a run learned, put back into a network that was built again."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import nn

from pose2imu.errors import WeightsError


def restore(network: nn.Module, state: Mapping[str, np.ndarray]) -> None:
    """Put arrays into a network; WeightsError unless they are the network's, in name, type and shape."""
    weights = {name: torch.as_tensor(np.array(array)) for name, array in state.items()}
    own = network.state_dict()
    if different := sorted(own.keys() ^ weights.keys()):
        what = "is missing" if different[0] in own else "is in no such network"
        raise WeightsError(f"{different[0]} {what}")
    for name, tensor in own.items():
        found = weights[name]
        if (found.dtype, found.shape) != (tensor.dtype, tensor.shape):
            raise WeightsError(
                f"{name} is {found.dtype} of shape {tuple(found.shape)}, not {tensor.dtype} of {tuple(tensor.shape)}"
            )
    network.load_state_dict(weights)
