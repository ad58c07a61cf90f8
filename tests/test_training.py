"""The training loop: early stopping restores the best weights, whatever happens after."""

from typing import Any

import pytest
import torch
from torch import nn

from pose2imu.errors import InputError
from pose2imu.loading.batches import Batch, Windows
from pose2imu.loading.data import Data
from pose2imu.settings import resolve_device, settings_of
from pose2imu.training import fit_networks, infer, make_deterministic, optimizer_of
from tests.toy import benchmark_of, settings_for


class Counter(nn.Module):
    """One weight, on which each step has a gradient of minus one."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))


def run(scores: list[float], data: Data[Windows], **options: Any) -> tuple[nn.ModuleDict, list[float], list[dict]]:
    networks, seen = nn.ModuleDict({"counter": Counter()}), []

    def validate() -> dict[str, float]:
        seen.append(networks["counter"].weight.item())
        return {"validation_f1": scores[len(seen) - 1]}

    def loss(batch: Batch) -> dict[str, torch.Tensor]:
        return {"loss": -networks["counter"].weight.sum()}

    settings = settings_for("baseline", **options)
    curve = fit_networks("x", networks, data.train, loss, validate, lambda of: of["validation_f1"], settings)
    return networks, seen, curve


def test_stops_after_patience_and_restores_the_best(data: Data[Windows]) -> None:
    networks, seen, curve = run([0.1, 0.5, 0.4, 0.5, 0.9], data, epochs=10, patience=2)
    assert len(curve) == 4  # an equal score is no better: epoch 2 stays the best, and 4 is two later
    assert networks["counter"].weight.item() == seen[1]
    assert [row["epoch"] for row in curve] == [1, 2, 3, 4]


def test_stops_at_the_last_epoch(data: Data[Windows]) -> None:
    networks, seen, curve = run([0.1, 0.2, 0.3], data, epochs=3)
    assert len(curve) == 3
    assert networks["counter"].weight.item() == seen[2]


@pytest.mark.parametrize(("rate", "size"), [(0.001, 16), (0.02, 16), (0.02, 40)])
def test_steps_are_as_long_and_as_many_as_options_say(data: Data[Windows], rate: float, size: int) -> None:
    """Adam's step on a gradient that stays is its learning rate, and an epoch has one for each batch."""
    _, seen, _ = run([0.1], data, epochs=1, learning_rate=rate, batch_size=size)
    assert seen[0] == pytest.approx(rate * -(-len(data.train) // size), rel=1e-3)


def test_the_optimizer_is_adam_with_the_rate_of_the_options() -> None:
    (group,) = optimizer_of(Counter(), settings_for("joint", learning_rate=0.25).options).param_groups
    assert (group["lr"], group["betas"], group["weight_decay"]) == (0.25, (0.9, 0.999), 0)


def test_a_loss_that_is_not_finite_is_an_error(data: Data[Windows]) -> None:
    networks = nn.ModuleDict({"counter": Counter()})
    with pytest.raises(InputError, match="the loss is nan in epoch 1; try a smaller learning_rate"):
        fit_networks(
            "x",
            networks,
            data.train,
            lambda batch: {"loss": networks["counter"].weight.sum() * float("nan")},
            lambda: {"validation_f1": 0.0},
            lambda metrics: metrics["validation_f1"],
            settings_for("baseline"),
        )


def test_inference_keeps_the_order(data: Data[Windows]) -> None:
    torch.testing.assert_close(infer(lambda batch: batch.label, data.validation), data.validation.label)


def test_device() -> None:
    assert resolve_device("cpu") == "cpu"
    if not torch.cuda.is_available():
        assert resolve_device("auto") == "cpu"
        with pytest.raises(InputError, match="device is 'cuda', but torch sees no GPU"):
            resolve_device("cuda")


def test_a_run_knows_of_its_benchmark_the_classes_and_the_window_alone() -> None:
    options = settings_for("joint", device="cpu").options
    settings = settings_of(options, benchmark_of(window=7, classes=["a", "b"]), seed=5)
    assert vars(settings) == {"options": options, "classes": 2, "window": 7, "seed": 5, "device": "cpu"}


def test_threads_and_seed_are_torchs() -> None:
    before = torch.get_num_threads()
    make_deterministic(seed=4, threads=2)
    assert (torch.get_num_threads(), torch.initial_seed()) == (2, 4)
    make_deterministic(seed=0, threads=before)
