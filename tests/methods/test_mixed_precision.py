"""The path that a GPU takes, on a CPU: torch's own operations, chosen by autocast, and nothing read back in a step."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from pose2imu.kernels.dropout import Dropout
from pose2imu.loading.batches import Windows
from pose2imu.loading.data import Data
from pose2imu.methods import joint
from pose2imu.methods import networks as shared
from pose2imu.settings import Settings
from pose2imu.steps import Steps
from pose2imu.training import optimizer_of, train_epoch
from tests.methods.runs import fit
from tests.toy import WINDOW_METHODS, settings_for


def joint_networks(settings: Settings) -> nn.ModuleDict:
    return nn.ModuleDict({**shared.build_classifier(settings), **shared.build_regressor(settings)})


def without_dropout(networks: nn.ModuleDict) -> nn.ModuleDict:
    for module in networks.modules():
        if isinstance(module, Dropout):
            module.probability = 0.0
    return networks


@pytest.mark.parametrize("row", [*WINDOW_METHODS, "joint_similarity"])
def test_every_method_trains_in_bfloat16(row: str, data: Data[Windows]) -> None:
    trained = fit(row, data, settings_for(row, precision="bfloat16"))
    assert all(array.dtype in {np.dtype(np.float32), np.dtype(np.int64)} for array in trained.state.values())
    key = "validation_mse" if row == "regressor" else "loss"
    assert trained.history[-1][key] < trained.history[0][key]


def test_tf32_is_allowed_where_it_is_asked_for_alone_and_changes_nothing_on_a_cpu(data: Data[Windows]) -> None:
    trained = []
    for precision in ("tf32", "float32"):
        trained.append(fit("joint", data, settings_for("joint", precision=precision)).state)
        flags = torch.backends.cudnn.allow_tf32, torch.backends.cuda.matmul.allow_tf32
        assert flags == (precision == "tf32", precision == "tf32")
    assert all(np.array_equal(trained[0][name], trained[1][name]) for name in trained[0])


def test_mixed_precision_is_the_same_maths(data: Data[Windows]) -> None:
    settings = settings_for("joint_similarity")
    batch = data.train.batch(torch.arange(32))
    gradients = []
    for enabled in (False, True):
        networks = without_dropout(joint_networks(settings)).train()
        with torch.autocast("cpu", torch.bfloat16, enabled=enabled):
            loss = joint.objective(networks, torch.ones(settings.classes), settings)(batch)["loss"]
        loss.backward()
        gradients.append((loss.item(), torch.cat([weight.grad.flatten() for weight in networks.parameters()])))
    (full, of_full), (mixed, of_mixed) = gradients
    assert full != mixed  # bfloat16 was used
    assert mixed == pytest.approx(full, rel=0.02)
    assert torch.cosine_similarity(of_full, of_mixed, dim=0) > 0.99


def test_a_step_waits_for_nothing(data: Data[Windows], monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading a value, or copying to the CPU, would wait for a GPU: an epoch does once, for its validation."""
    settings = settings_for("joint_similarity", precision="bfloat16")
    networks, options = joint_networks(settings).train(), settings.options
    loss, optimizer = joint.objective(networks, torch.ones(settings.classes), settings), optimizer_of(networks, options)
    read: list[str] = []

    def noted(name: str) -> Callable[..., Any]:
        original = getattr(torch.Tensor, name)

        def call(self: torch.Tensor, *arguments: Any, **options: Any) -> Any:
            read.append(name)
            return original(self, *arguments, **options)

        return call

    for name in ("__float__", "__int__", "__bool__", "item", "tolist", "cpu", "numpy"):
        monkeypatch.setattr(torch.Tensor, name, noted(name))
    steps = Steps(data.train, loss, optimizer, options.precision)
    train_epoch(steps, torch.Generator().manual_seed(0), options.batch_size)
    assert len(data.train) > 2 * options.batch_size
    assert not read
    networks.eval()
    shared.validate_classifier(networks, data)
    assert read == ["cpu", "numpy"]
