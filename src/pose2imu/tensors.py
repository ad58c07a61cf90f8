"""Arrays on disk as safetensors."""

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from pose2imu.atomic import replacing


def write_tensors(path: Path, tensors: Mapping[str, np.ndarray], metadata: dict[str, str]) -> None:
    """Write arrays by name, and what else is to be said of them.

    safetensors takes the memory of an array for its values in C order, and lets nobody but the user read its file.
    """
    with replacing(path) as temporary:
        save_file({name: np.asarray(array, order="C") for name, array in tensors.items()}, temporary, metadata)
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
