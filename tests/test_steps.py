"""Steps that are captured and replayed, with a recorder in place of a CUDA graph: the same digits as steps taken."""

from typing import Any

import pytest
import torch

from pose2imu import steps
from pose2imu.loading.batches import Windows
from pose2imu.loading.data import Data
from pose2imu.method_params import PARAMETERS
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
    own_init, own_capture = steps.Steps.__init__, steps.Steps._capture

    def init(self: steps.Steps, *arguments: Any, graphs: bool = False, **options: Any) -> None:
        *arguments, graphs = arguments if len(arguments) == 5 else [*arguments, graphs]
        own_init(self, *arguments, **options)
        self.graphs, self.stream = graphs, FakeStream()

    def capture(self: steps.Steps, inputs: Any) -> steps.Captured:
        sizes.append(len(inputs[0]))
        return own_capture(self, inputs)

    monkeypatch.setattr(steps.Steps, "__init__", init)
    monkeypatch.setattr(steps.Steps, "_capture", capture)
    monkeypatch.setattr(steps, "capture", record)
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
        settings = settings_for(row, graphs=graphs, **options)
        fitted.append(fit(row, data, settings))
    return fitted[0], fitted[1]


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("row", [*WINDOW_METHODS, "joint_similarity"])
def test_windows(row: str, precision: str, data: Data[Windows], captures: list[int]) -> None:
    """Dropout's random numbers, BatchNorm's statistics, Adam's steps, the last short batch: all as without."""
    eager, replayed = both(row, data, epochs=6, patience=6, precision=precision)
    assert same(eager.state, replayed.state)
    assert eager.history == replayed.history
    assert len(captures) == len(set(captures)) == 2


@pytest.mark.parametrize("row", ["strong_cnn", "signal_image"])
def test_clips(row: str, captures: list[int], small_networks: None) -> None:
    """A learning rate that changes every epoch."""
    options = {"epochs": [6], "batch_size": 10}
    eager, replayed = both(row, sequence_data(settings_for(row)), **options)
    assert same(eager.state, replayed.state)
    assert len(set(captures)) > 1


def test_random_starts_and_balanced_classes(data: Data[Windows], captures: list[int]) -> None:
    eager, replayed = both("joint", data, epochs=6, class_weights="balanced", sampling="random_start")
    assert same(eager.state, replayed.state)
    assert captures


def test_a_recording_refuses_what_waits() -> None:
    with pytest.raises(RuntimeError, match="_local_scalar_dense waits"):
        record(lambda: print(torch.ones(()).item()))


def test_recipes_name_graphs_only_where_they_are_off() -> None:
    for on in (True, False):
        options = settings_for("joint", graphs=on).options
        assert options.model_dump().get("graphs", "left out") == ("left out" if on else False)
        assert PARAMETERS["joint"].model_validate(options.model_dump()) == options
