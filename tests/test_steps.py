"""Steps that are captured and replayed, with a recorder in place of a CUDA graph: the same digits as steps taken.

What a card itself does is in reports/gpu.json (checks/gpu.py).
"""

from typing import Any

import pytest
import torch

from pose2imu import steps
from pose2imu.loading.batches import Windows
from pose2imu.loading.data import Data
from pose2imu.methods import Fitted
from tests.methods.runs import fit, same, sequence_data
from tests.recorded import record
from tests.toy import WINDOW_METHODS, settings_for


class FakeStream:
    """A CPU has no streams."""

    def __init__(self, device: object = None) -> None: ...

    def wait_stream(self, other: object) -> None: ...

    def __enter__(self) -> None: ...

    def __exit__(self, *error: object) -> None: ...


@pytest.fixture
def captures(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Have steps captured on this CPU, by torch's own operations as on a GPU; notes the sizes of captured batches."""
    sizes: list[int] = []

    def steps_of(*arguments: Any) -> steps.Steps:
        *given, size, graphs = arguments
        return steps.GraphedSteps(*given, size, graphs == "scheduled") if graphs != "none" else steps.Steps(*given)

    def capture(step: Any, stream: object) -> Any:
        sizes.append(1)
        return record(step, stream)

    for module in ("training", "methods.clip_networks"):
        monkeypatch.setattr(f"pose2imu.{module}.steps_of", steps_of)
    monkeypatch.setattr(steps, "capture", capture)
    monkeypatch.setattr(torch.cuda, "Stream", FakeStream)
    monkeypatch.setattr(torch.cuda, "current_stream", FakeStream)
    monkeypatch.setattr(torch.cuda, "stream", lambda stream: stream)
    for module in ("dropout", "convolution", "linear"):
        monkeypatch.setattr(f"pose2imu.kernels.{module}.on_cpu", lambda x: False)
    monkeypatch.setattr("pose2imu.models.tcn.on_cpu", lambda x: False)
    return sizes


def both(row: str, data: Data[Any], **options: Any) -> tuple[Fitted, Fitted]:
    """Train a row without graphs, then with."""
    fitted = []
    for graphs in (False, True):
        torch.manual_seed(0)
        fitted.append(fit(row, data, settings_for(row, graphs=graphs, **options)))
    return fitted[0], fitted[1]


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("row", [*WINDOW_METHODS, "joint_similarity"])
def test_windows(row: str, precision: str, data: Data[Windows], captures: list[int]) -> None:
    """Dropout's random numbers, BatchNorm's statistics, Adam's steps, the last short batch: all as without."""
    eager, replayed = both(row, data, epochs=6, patience=6, precision=precision)
    assert same(eager.state, replayed.state)
    assert len(captures) == 1


@pytest.mark.parametrize("row", ["strong_cnn", "signal_image"])
@pytest.mark.usefixtures("small_networks")
def test_clips(row: str, captures: list[int]) -> None:
    """A learning rate and a momentum that change every epoch."""
    eager, replayed = both(row, sequence_data(settings_for(row)), epochs=[6], batch_size=10)
    assert same(eager.state, replayed.state)
    assert captures


def test_random_starts_and_balanced_classes(data: Data[Windows], captures: list[int]) -> None:
    eager, replayed = both("joint", data, epochs=6, class_weights="balanced", sampling="random_start")
    assert same(eager.state, replayed.state)
    assert captures


def test_a_recording_refuses_what_waits() -> None:
    with pytest.raises(RuntimeError, match="_local_scalar_dense waits"):
        record(lambda: print(torch.ones(()).item()))


def test_a_cpu_takes_its_steps_eagerly(data: Data[Windows]) -> None:
    optimizer = torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))])
    assert type(steps.steps_of(data.train, lambda _: {}, optimizer, "float32", 8, "whole")) is steps.Steps
