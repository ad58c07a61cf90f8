"""Every method: what it trains on, that the same seed gives the same weights, and that the test split is not seen."""

import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from pose2imu.methods.weights import load_networks, save_networks
from torch import nn

from pose2imu.loading.batches import RealAndSynthetic
from pose2imu.methods import augmentation, imutube, joint, regression_first, regression_first_half, train
from pose2imu.methods import networks as shared
from pose2imu.params import load_params
from pose2imu.training import Data, Settings, Trained
from tests.conftest import every_start, toy_recordings, toy_windows

METHODS = [
    "baseline",
    "regressor",
    "regression_first",
    "regression_first_half",
    "joint",
    "joint_similarity",
    "imutube",
    "mmfit_cnn",
    "augmentation",
]


def train_like_the_stage(method: str, data: Data, settings: Settings) -> Trained:
    torch.manual_seed(settings.seed)
    if method.startswith("regression_first"):
        data = replace(data, pretrained=shared.build_regressor(settings).eval())
    if method == "imutube":
        data = replace(data, virtual=data.train)
    if method == "augmentation":
        settings = replace(settings, options=load_params().augmentation.model_dump())
        data = replace(data, statistics=(np.array([1.0, -9.0, 2.0]), np.array([3.0, 4.0, 5.0])))
    return train(method, data, settings)


def weights(trained: Trained) -> dict[str, torch.Tensor]:
    return trained.networks.state_dict()


@pytest.mark.parametrize("method", METHODS)
def test_same_seed_same_weights_other_seed_others(method: str, data: Data, settings: Settings) -> None:
    one, again = (weights(train_like_the_stage(method, data, settings)) for _ in range(2))
    other = weights(train_like_the_stage(method, data, replace(settings, seed=1)))
    assert one.keys() == again.keys()
    assert all(torch.equal(one[name], again[name]) for name in one)
    assert not all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("method", METHODS)
def test_random_starts_train_every_method_the_same_way_twice(method: str, data: Data, settings: Settings) -> None:
    settings = replace(settings, sampling="random_start", epochs=2)
    data = replace(data, train=every_start(toy_recordings()))
    one, again = (train_like_the_stage(method, data, settings) for _ in range(2))
    assert one.curves == again.curves
    assert all(torch.equal(weights(one)[name], weights(again)[name]) for name in weights(one))


def test_signals_made_batch_by_batch_are_those_made_at_once(data: Data, settings: Settings) -> None:
    data = replace(data, pretrained=shared.build_regressor(settings).eval())
    indices = torch.tensor([3, 0, 40])
    real = data.train.batch(indices)
    at_once, by_batch = (
        regression_first.signals(data, replace(settings, sampling=sampling))(indices, real)
        for sampling in ("all", "random_start")
    )
    torch.testing.assert_close(by_batch, at_once)
    assert not by_batch.requires_grad


@pytest.mark.parametrize("method", METHODS)
def test_changed_test_recordings_change_no_weight(method: str, data: Data, settings: Settings) -> None:
    """No leakage: from statistics to the choice of the epoch, nothing depends on the test split."""
    changed = toy_windows(toy_recordings(change_test=True))
    assert not torch.equal(changed("test").acceleration, toy_windows(toy_recordings())("test").acceleration)
    blind = Data(changed("train"), changed("validation"), pretrained=nn.ModuleDict())
    one, other = (train_like_the_stage(method, given, settings) for given in (data, blind))
    assert one.curves == other.curves
    assert all(torch.equal(weights(one)[name], weights(other)[name]) for name in weights(one))


def test_regression_first_trains_on_every_window_twice(
    data: Data, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[RealAndSynthetic] = []
    monkeypatch.setattr(
        regression_first,
        "train_classifier",
        lambda networks, windows, *rest: seen.append(windows) or Trained(networks, []),
    )
    data = replace(data, pretrained=shared.build_regressor(settings).eval())
    regression_first.train(data, settings)
    regression_first_half.train(data, settings)
    both, half = seen
    n = len(data.train)
    assert len(both) == 2 * n
    first, second = (both.batch(torch.tensor([index])) for index in (4, n + 4))
    real = data.train.batch(torch.tensor([4]))
    assert torch.equal(first.acceleration, real.acceleration)
    torch.testing.assert_close(second.acceleration, data.pretrained["regressor"](real.pose))
    # Half replaces whole recordings, half of them.
    assert len(half) == n
    assert half.copies == 1
    replaced = data.train.index.recording[half.synthetic.numpy()].unique()
    kept = data.train.index.recording[~half.synthetic.numpy()].unique()
    assert (len(replaced), len(kept), set(replaced) & set(kept)) == (3, 3, set())


def test_each_batch_of_imutube_is_half_virtual_and_an_epoch_has_every_window_as_either(data: Data) -> None:
    n = len(data.train)
    negated = copy.copy(data.train)  # virtual windows that say so
    negated.acceleration = -data.train.acceleration.clone()
    windows, order = imutube.HalfVirtual(data.train, negated), torch.Generator().manual_seed(0)
    assert sorted(windows.drawn(order).tolist()) == list(range(n))
    assert sorted(windows.partner.tolist()) == list(range(n))
    batch = windows.batch(torch.tensor([3, 8]))
    before = windows.partner.clone()
    partner = before[torch.tensor([3, 8])]
    torch.testing.assert_close(batch.acceleration[:2], data.train.batch(torch.tensor([3, 8])).acceleration)
    torch.testing.assert_close(batch.acceleration[2:], -data.train.batch(partner).acceleration)
    assert batch.label[2:].tolist() == data.train.label[partner].tolist()
    windows.drawn(order)
    assert not torch.equal(windows.partner, before)


@pytest.mark.parametrize("method", ["baseline", "mmfit_cnn"])
def test_a_run_comes_back_with_the_networks_of_its_method(
    method: str, data: Data, settings: Settings, tmp_path: Path
) -> None:
    trained = train(method, data, replace(settings, epochs=1)).networks
    save_networks(trained, tmp_path / "run.safetensors")
    found = load_networks(tmp_path / "run.safetensors", method, settings)
    assert type(found["features"]) is type(trained["features"])
    assert torch.equal(shared.predict(found, data.validation), shared.predict(trained, data.validation))


def test_augmentation_turns_the_sensor_and_leaves_gravity_its_length(data: Data) -> None:
    statistics = np.array([1.0, -9.0, 2.0]), np.array([3.0, 4.0, 5.0])
    options = {**load_params().augmentation.model_dump(), "mix": ["rotation"]}
    windows = augmentation.Augmented(data.train, statistics, options, seed=0)
    mean, std = (torch.tensor(value, dtype=torch.float32)[:, None] for value in statistics)
    real, one, other = (source.batch(torch.tensor([3, 8])) for source in (data.train, windows, windows))
    lengths = [(batch.acceleration * std + mean).norm(dim=1) for batch in (real, one, other)]
    torch.testing.assert_close(lengths[1], lengths[0], rtol=1e-4, atol=1e-4)
    assert (one.acceleration - real.acceleration).abs().amax() > 0.1
    assert (one.acceleration - other.acceleration).abs().amax() > 0.1  # drawn anew
    assert torch.equal(one.label, real.label)
    same = augmentation.Augmented(data.train, statistics, {**options, "mix": []}, seed=0).batch(torch.tensor([3, 8]))
    torch.testing.assert_close(same.acceleration, real.acceleration, rtol=1e-4, atol=1e-5)


def test_equation_5_by_hand() -> None:
    real, synthetic = torch.tensor([[3.0, 0.0], [1.0, 1.0]]), torch.tensor([[0.0, 2.0], [1.0, 0.0]])
    assert joint.similarity_loss(real, synthetic).item() == pytest.approx((1 + (1 - 0.5**0.5)) / 2)
    assert joint.similarity_loss(real, 5 * real).item() == pytest.approx(0, abs=1e-6)


def test_equation_7_weighs_its_terms(data: Data, settings: Settings) -> None:
    settings = replace(settings, alpha=0.5, beta=3.0, epochs=1)
    row = joint.train(data, settings).curves[0]
    activity = row["ce_real"] + row["ce_synthetic"]
    assert row["loss"] == pytest.approx(row["mse"] + 0.5 * activity + 3.0 * row["similarity"], rel=1e-5)


def test_equation_4_is_a_mean_over_windows_axes_and_time(data: Data, settings: Settings) -> None:
    networks = shared.build_regressor(settings).eval()
    everything = data.validation.batch(torch.arange(len(data.validation)))
    error = (networks["regressor"](everything.pose) - everything.acceleration).square().mean()
    assert shared.squared_error(networks, data.validation) == pytest.approx(error.item(), rel=1e-5)


def test_joint_similarity_is_joint_with_its_own_beta(data: Data, settings: Settings) -> None:
    assert settings.options == {"beta": 10.0}
    ours, reference = train("joint_similarity", data, settings), joint.train(data, replace(settings, beta=10.0))
    assert all(torch.equal(weights(ours)[name], weights(reference)[name]) for name in weights(ours))


def test_class_weights_of_equation_6(data: Data, settings: Settings) -> None:
    assert shared.class_weights(data, settings).tolist() == [1, 1, 1]
    data.train.label[: len(data.train) // 3 - 1] = 2
    counts = torch.bincount(data.train.label)
    expected = len(data.train) / (3 * counts.clamp(min=1))
    torch.testing.assert_close(shared.class_weights(data, replace(settings, balanced=True)), expected)
