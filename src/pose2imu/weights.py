"""What a run learned, on disk: one safetensors file, whose header says what it is of and how to use it.

The header has the run's recipe, seed and benchmark's facts, by which its networks are built again without params.yaml,
and its history: the learning curve, or what was tried. All of it is one JSON under one key, for safetensors writes
several keys in an order of chance, and the same run must give the same bytes.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, NonNegativeInt, PositiveInt, ValidationError
from safetensors import SafetensorError, safe_open

from pose2imu.atomic import to_csv
from pose2imu.datasets.benchmark import Benchmark
from pose2imu.errors import InputError, WeightsError
from pose2imu.loading.data import State
from pose2imu.params import first_problem
from pose2imu.recipes import Recipe
from pose2imu.settings import Settings, resolve_device
from pose2imu.tensors import write_tensors

EXPECTED = "expected the weights of a finished run"


class Header(BaseModel):
    """What is written of a run beside its arrays."""

    model_config = ConfigDict(extra="forbid", strict=True)

    recipe: Recipe
    seed: int
    classes: PositiveInt
    window: NonNegativeInt  # 0: of no windows; a benchmark's are held against it by `require_fit`
    history: str


class Weights(NamedTuple):
    """A run, as it was trained."""

    recipe: Recipe
    settings: Settings[Any]
    history: str  # CSV
    state: State


def save_weights(path: Path, recipe: Recipe, settings: Settings[Any], state: State, history: pd.DataFrame) -> None:
    """Write what a run learned."""
    run = {
        "recipe": recipe.model_dump(),
        **{"seed": settings.seed, "classes": settings.classes, "window": settings.window},
        "history": to_csv(history),
    }
    write_tensors(path, state, {"run": json.dumps(run)})


def load_weights(path: Path, benchmark: str, row: str, seed: int) -> Weights:
    """Read what `save_weights` wrote; InputError where it is not this run's, or not whole, or not finite."""
    try:
        with safe_open(path, framework="numpy") as file:
            run = Header.model_validate_json((file.metadata() or {})["run"])
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
    except KeyError as error:
        raise InputError(f"{path}: {EXPECTED}; its header has no {error}") from error
    except ValidationError as error:
        raise InputError(f"{path}: {EXPECTED} (its header: {first_problem(error)})") from error
    except (OSError, ValueError, SafetensorError) as error:
        raise InputError(f"{path}: {EXPECTED} ({' '.join(str(error).split())})") from error
    recipe = run.recipe
    settings = Settings(recipe.options, run.classes, run.window, run.seed, resolve_device(recipe.options.device))
    whose = recipe.benchmark, recipe.row, settings.seed
    if whose != (benchmark, row, seed):
        raise InputError(f"{path}: {EXPECTED} of {row} on {benchmark}, seed {seed}; these are of {whose}")
    for name, array in state.items():
        if not np.isfinite(array).all():
            raise InputError(f"{path}: {EXPECTED}; {name} is not finite")
    return Weights(recipe, settings, run.history, state)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Say which file it is whose arrays a method does not take."""
    try:
        yield
    except WeightsError as error:
        raise InputError(f"{path}: {EXPECTED}; {error}") from error


def require_fit(path: Path, weights: Weights, benchmark: Benchmark) -> None:
    """Raise InputError where a benchmark has other classes or windows than the one that a run was trained on."""
    trained, here = (weights.settings.classes, weights.settings.window), (len(benchmark.classes), benchmark.window)
    if trained != here:
        found, expected = ("{} classes and windows of {} samples".format(*pair) for pair in (trained, here))
        raise InputError(f"{path}: {EXPECTED} of {expected}; these are of {found}")
