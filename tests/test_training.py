"""The training loop: early stopping restores the best weights, whatever happens after."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from pose2imu.errors import InputError
from pose2imu.loading.batches import Batch
from pose2imu.training import Data, Settings, fit, infer, resolve_device


class Counter(nn.Module):
    """One weight, on which each step has a gradient of minus one."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))


def run(scores: list[float], data: Data, settings: Settings) -> tuple[nn.ModuleDict, list[float], list[dict]]:
    networks, seen = nn.ModuleDict({"counter": Counter()}), []

    def validate() -> dict[str, float]:
        seen.append(networks["counter"].weight.item())
        return {"validation_f1": scores[len(seen) - 1]}

    def loss(batch: Batch) -> dict[str, torch.Tensor]:
        return {"loss": -networks["counter"].weight.sum()}

    curve = fit("x", networks, data.train, loss, validate, lambda metrics: metrics["validation_f1"], settings)
    return networks, seen, curve


def test_stops_after_patience_and_restores_the_best(data: Data, settings: Settings) -> None:
    settings = replace(settings, epochs=10, patience=2)
    networks, seen, curve = run([0.1, 0.5, 0.4, 0.5, 0.9], data, settings)
    assert len(curve) == 4  # an equal score is no better: epoch 2 stays the best, and 4 is two later
    assert networks["counter"].weight.item() == seen[1]
    assert [row["epoch"] for row in curve] == [1, 2, 3, 4]


def test_stops_at_the_last_epoch(data: Data, settings: Settings) -> None:
    networks, seen, curve = run([0.1, 0.2, 0.3], data, replace(settings, epochs=3))
    assert len(curve) == 3
    assert networks["counter"].weight.item() == seen[2]


def test_a_loss_that_is_not_finite_is_an_error(data: Data, settings: Settings) -> None:
    with pytest.raises(InputError, match="the loss is nan in epoch 1; try a smaller learning_rate"):
        fit(
            "x",
            networks := nn.ModuleDict({"counter": Counter()}),
            data.train,
            lambda batch: {"loss": networks["counter"].weight.sum() * float("nan")},
            lambda: {"validation_f1": 0.0},
            lambda metrics: metrics["validation_f1"],
            settings,
        )


def test_inference_keeps_the_order(data: Data) -> None:
    torch.testing.assert_close(infer(lambda batch: batch.label, data.validation), data.validation.label)


def test_device() -> None:
    assert resolve_device("cpu") == "cpu"
    if not torch.cuda.is_available():
        assert resolve_device("auto") == "cpu"
        with pytest.raises(InputError, match="device is 'cuda', but torch sees no GPU"):
            resolve_device("cuda")
