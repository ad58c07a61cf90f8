"""What a run is given: its method's parameters, and the few facts of its benchmark that a method must know."""

from dataclasses import dataclass
from typing import Generic, TypeVar

import torch

from pose2imu.datasets.benchmark import Benchmark
from pose2imu.errors import InputError
from pose2imu.method_params import Common

Options = TypeVar("Options", bound=Common)
Options_co = TypeVar("Options_co", bound=Common, covariant=True)


@dataclass(frozen=True)
class Settings(Generic[Options_co]):
    """A run's settings; a method must not know which dataset it runs on."""

    options: Options_co
    classes: int  # how many
    window: int  # samples; 0 where nothing is cut into windows of a benchmark's length
    seed: int
    device: str  # as torch names it


def settings_of(options: Options, benchmark: Benchmark, seed: int) -> Settings[Options]:
    """Give the settings of a run on a benchmark."""
    device = resolve_device(options.device)
    return Settings(options, len(benchmark.classes), benchmark.window, seed, device)


def resolve_device(device: str) -> str:
    """Take a GPU for `auto` where there is one."""
    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if device.startswith("cuda") and not torch.cuda.is_available():
        raise InputError(f"params.yaml: device is {device!r}, but torch sees no GPU; expected cpu or auto")
    return device
