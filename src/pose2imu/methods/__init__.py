"""Methods: one module each, named as the method, with one protocol; a row of a table is a method with its parameters.

Modules are imported by name, so that a new method changes none of the files that finished runs depend on.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple, Protocol, cast

import numpy as np

from pose2imu.loading.data import Needs, State
from pose2imu.settings import Settings


class Fitted(NamedTuple):
    """What a method learned, and how it got there: a row an epoch, or a row for each choice tried on validation."""

    state: State
    history: Sequence[Mapping[str, Any]]


class Method(Protocol):
    """What every module of a method has."""

    NEEDS: Needs

    def fit(self, data: Any, settings: Settings[Any]) -> Fitted:
        """Learn from a `Data` of the unit that the method needs."""
        ...

    def predict(self, state: State, split: Any, settings: Settings[Any]) -> np.ndarray:
        """Give probabilities (windows or sequences, classes), or scores that sum to 1 and rank the classes alike."""
        ...


def method_of(name: str) -> Method:
    """Import a method's module."""
    return cast(Method, import_module(f"pose2imu.methods.{name}"))
