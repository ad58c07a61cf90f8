"""What training may see of a benchmark: there is no test split in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, NamedTuple, TypeVar

import numpy as np

from pose2imu.datasets.benchmark import Benchmark, load_statistics
from pose2imu.loading.batches import Windows, load_windows
from pose2imu.loading.sampling import load_training_windows
from pose2imu.loading.sequences import Sequences, load_sequences
from pose2imu.settings import Settings

State = Mapping[str, np.ndarray]  # what a run learned: all that prediction needs
Unit = TypeVar("Unit", Windows, Sequences)


class Needs(NamedTuple):
    """What a method asks of the data: windows, or whole sequences; and what only some methods read."""

    unit: Literal["windows", "sequences"]
    regressor: bool = False  # R alone, as the regressor's run of the same seed left it
    virtual: bool = False  # virtual sensors in the training windows


@dataclass(frozen=True)
class Data(Generic[Unit]):
    """Training and validation splits, and what the method needs beside them."""

    train: Unit
    validation: Unit
    regressor: State | None = None
    virtual: Windows | None = None


def load_data(
    benchmark: Benchmark, needs: Needs, settings: Settings[Any], regressor: State | None = None
) -> Data[Windows] | Data[Sequences]:
    """Read what a method needs of a benchmark; `regressor` is handed on."""
    if needs.unit == "sequences":
        train, validation = (load_split(benchmark, split, needs, settings) for split in ("train", "validation"))
        assert isinstance(train, Sequences)
        assert isinstance(validation, Sequences)
        return Data(train, validation)
    options, device = settings.options, settings.device
    return Data(
        train=load_training_windows(benchmark, options.sampling, options.label, device),
        validation=load_windows(benchmark, "validation", device),
        regressor=regressor,
        virtual=load_training_windows(benchmark, options.sampling, options.label, device, virtual=True)
        if needs.virtual
        else None,
    )


def load_split(
    benchmark: Benchmark, split: Literal["train", "validation", "test"], needs: Needs, settings: Settings[Any]
) -> Windows | Sequences:
    """Read one split in the unit that a method classifies."""
    if needs.unit == "sequences":
        return load_sequences(benchmark, split, settings.options.axes, load_statistics(benchmark.benchmark))
    return load_windows(benchmark, split, settings.device)
