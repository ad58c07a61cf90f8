"""Runs of methods on toy data, as the train stage makes them."""

from dataclasses import replace
from typing import Any

import numpy as np

from pose2imu.loading.batches import Windows
from pose2imu.loading.data import Data, State
from pose2imu.loading.sequences import Sequences
from pose2imu.methods import Fitted, method_of
from pose2imu.methods import networks as shared
from pose2imu.settings import Settings
from tests.toy import params, toy_sequences


def fit(row: str, data: Data[Windows], settings: Settings[Any]) -> Fitted:
    """Train a row on windows; where the method asks for R or for virtual windows, an untrained R, and the real ones."""
    method = method_of(params().method_of(row))
    if method.NEEDS.regressor:
        data = replace(data, regressor=shared.state_of(shared.build_regressor(settings)))
    if method.NEEDS.virtual:
        data = replace(data, virtual=data.train)
    return method.fit(data, settings)


def sequence_data(settings: Settings[Any]) -> Data[Sequences]:
    """Training and validation sequences with as many axes as a row has."""
    return Data(*(toy_sequences(seed, settings.options.axes) for seed in (0, 1)))


def same(one: State, other: State) -> bool:
    """Whether two runs learned the same, bit by bit."""
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)
