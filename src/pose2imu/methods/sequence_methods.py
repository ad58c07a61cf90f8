"""What methods that classify whole sequences share: their settings, what they leave behind, and choice on validation.

Such a method is a module with `train(train, validation, final, settings)` and `predict(state, sequences, settings)`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file
from scipy.special import softmax

from pose2imu.atomic import replacing
from pose2imu.errors import InputError
from pose2imu.evaluation.metrics import classification
from pose2imu.layout import load_statistics
from pose2imu.params import Params
from pose2imu.preprocessing.sequences import Sequences
from pose2imu.training import resolve_device

State = Mapping[str, np.ndarray]  # all that prediction needs


@dataclass(frozen=True)
class Settings:
    """What such a method needs to know of params.yaml and its benchmark."""

    classes: int
    seed: int
    mean: np.ndarray  # (axes,) of the training recordings, in m/s² and rad/s: what the signals were z-scored with
    std: np.ndarray
    device: str
    options: Mapping[str, Any]  # what params.yaml has under the method's name


@dataclass(frozen=True)
class Fitted:
    """A fitted method, and what was tried on validation to choose its options: a row each, with its scores."""

    state: State
    tried: list[dict[str, Any]]


def select(
    score: Callable[..., dict[str, float]], candidates: Sequence[dict[str, Any]]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The first of the candidates with the best F1 on validation, and all of them with their scores."""
    tried = [{**candidate, **score(**candidate)} for candidate in candidates]
    best = max(range(len(tried)), key=lambda number: tried[number]["f1"])
    return dict(candidates[best]), tried


def scores(shares: np.ndarray, sequences: Sequences) -> dict[str, float]:
    """Macro-F1 and accuracy of giving each sequence to the class with the largest share (sequences, classes)."""
    return classification(sequences.label, shares.argmax(axis=1))


def shares(scores: np.ndarray) -> np.ndarray:
    """Scores (sequences, classes), the higher the better, as numbers that sum to 1; no calibrated probabilities."""
    return softmax(scores, axis=1)


def by_class(columns: np.ndarray, classes: np.ndarray, count: int) -> np.ndarray:
    """Columns (sequences, known classes) as (sequences, count): 0 for a class that training did not have."""
    out = np.zeros((len(columns), count))
    out[:, classes] = columns
    return out


def save_state(state: State, path: Path) -> None:
    """Write a state as safetensors, whose writer takes the memory of an array for its values in C order."""
    with replacing(path) as temporary:
        save_file({name: np.asarray(array, order="C") for name, array in state.items()}, temporary)


def load_state(path: Path) -> State:
    """Read what `save_state` wrote; InputError where it cannot be."""
    try:
        return load_file(path)
    except (OSError, ValueError, SafetensorError) as error:
        raise InputError(f"{path}: expected the state of a finished run ({error})") from error


class Method(Protocol):
    """The module of such a method."""

    def train(self, train: Sequences, validation: Sequences, final: Sequences, settings: Settings) -> Fitted:
        """Choose what is open on validation, then fit to `final`."""
        ...

    def predict(self, state: State, sequences: Sequences, settings: Settings) -> np.ndarray:
        """(sequences, classes): the largest number of a row is the class given."""
        ...


def method_of(name: str) -> Method:
    """The method of a row, by the name of its module."""
    return cast(Method, import_module(f"pose2imu.methods.{name}"))


def options_of(params: Params, name: str) -> dict[str, Any]:
    """What params.yaml has for a method; METHOD_three_axes has all but its axes from the section METHOD."""
    return getattr(params, name.removesuffix("_three_axes")).model_dump() | getattr(params, name).model_dump()


def settings_of(params: Params, benchmark: Mapping[str, Any], name: str, seed: int) -> Settings:
    """The settings of a run; `benchmark` is the window stage's description of the benchmark."""
    options = options_of(params, name)
    if "epochs" in options:
        options["epochs"] = options["epochs"][benchmark["dataset"]]
    mean, std = load_statistics(benchmark["benchmark"], options["axes"])
    return Settings(len(benchmark["classes"]), seed, mean, std, resolve_device(params.device), options)
