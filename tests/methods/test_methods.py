"""Every method on windows: what it trains on, that the same seed gives the same weights, and that the test split is not
seen."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from pose2imu.evaluation.metrics import classification
from pose2imu.kernels.dropout import Dropout
from pose2imu.loading.batches import Batches, RealAndSynthetic, Windows
from pose2imu.loading.data import Data
from pose2imu.methods import Fitted, augmentation, imutube, joint, method_of, regression_first, regression_first_half
from pose2imu.methods import networks as shared
from pose2imu.settings import Settings
from tests.methods.runs import fit, same
from tests.toy import STATISTICS, WINDOW_METHODS, every_start, params, settings_for, toy_data, toy_windows

ROWS = [*WINDOW_METHODS, "joint_similarity"]


@pytest.mark.parametrize("row", ROWS)
def test_same_seed_same_weights_other_seed_others(row: str, data: Data[Windows]) -> None:
    one, again = (fit(row, data, settings_for(row)) for _ in range(2))
    assert same(one.state, again.state)
    assert one.history == again.history
    assert not same(one.state, fit(row, data, settings_for(row, seed=1)).state)


@pytest.mark.parametrize("row", ROWS)
def test_random_starts_train_every_method_the_same_way_twice(row: str, data: Data[Windows]) -> None:
    settings = settings_for(row, sampling="random_start", epochs=2)
    data = replace(data, train=every_start())
    one, again = (fit(row, data, settings) for _ in range(2))
    assert one.history == again.history
    assert same(one.state, again.state)


@pytest.mark.parametrize("row", ROWS)
def test_changed_test_recordings_change_no_weight(row: str, data: Data[Windows]) -> None:
    """No leakage: from statistics to the choice of the epoch, nothing depends on the test split."""
    assert not torch.equal(toy_windows(change_test=True)("test").acceleration, toy_windows()("test").acceleration)
    settings = settings_for(row, epochs=2)
    one, other = (fit(row, given, settings) for given in (data, toy_data(change_test=True)))
    assert one.history == other.history
    assert same(one.state, other.state)


@pytest.mark.parametrize("method", sorted(set(WINDOW_METHODS) - {"regressor"}))
def test_what_is_kept_predicts_as_the_best_epoch_did(method: str, data: Data[Windows]) -> None:
    """By the networks of the method, which are built again from its settings."""
    settings = settings_for(method)
    fitted = fit(method, data, settings)
    probabilities = method_of(method).predict(fitted.state, data.validation, settings)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
    found = classification(data.validation.label.numpy(), probabilities.argmax(axis=1))
    assert found["f1"] == max(epoch["validation_f1"] for epoch in fitted.history)


def test_what_is_kept_of_r_generates_as_the_best_epoch_did(data: Data[Windows]) -> None:
    settings = settings_for("regressor")
    fitted = fit("regressor", data, settings)
    errors = shared.squared_errors(fitted.state, data.validation, settings)
    assert errors.mean() == pytest.approx(min(epoch["validation_mse"] for epoch in fitted.history), rel=1e-6)
    with pytest.raises(NotImplementedError, match="R alone does not classify"):
        method_of("regressor").predict(fitted.state, data.validation, settings)


def test_signals_made_batch_by_batch_are_those_made_at_once(data: Data[Windows]) -> None:
    settings = [settings_for("regression_first", sampling=sampling) for sampling in ("all", "random_start")]
    data = replace(data, regressor=shared.state_of(shared.build_regressor(settings[0])))
    indices = torch.tensor([3, 0, 40])
    real = data.train.batch(indices)
    at_once, by_batch = (regression_first.signals(data, given)(indices, real) for given in settings)
    torch.testing.assert_close(by_batch, at_once)
    assert not by_batch.requires_grad


def test_regression_first_trains_on_every_window_twice(data: Data[Windows], monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[RealAndSynthetic] = []

    def noted(networks: nn.ModuleDict, windows: RealAndSynthetic, *rest: object) -> Fitted:
        seen.append(windows)
        return Fitted({}, [])

    monkeypatch.setattr(regression_first, "train_classifier", noted)
    settings = settings_for("regression_first")
    regressor = shared.build_regressor(settings).eval()
    data = replace(data, regressor=shared.state_of(regressor))
    kept = regression_first.fit(data, settings).state
    assert same(kept, data.regressor or {})  # R is kept with the classifier, for evaluation
    regression_first_half.fit(data, settings)
    both, half = seen
    n = len(data.train)
    assert len(both) == 2 * n
    first, second = (both.batch(torch.tensor([index])) for index in (4, n + 4))
    real = data.train.batch(torch.tensor([4]))
    assert torch.equal(first.acceleration, real.acceleration)
    torch.testing.assert_close(second.acceleration, regressor["regressor"](real.pose))
    # Half replaces whole recordings, half of them.
    assert len(half) == n
    assert half.copies == 1
    replaced = data.train.index.recording[half.synthetic.numpy()].unique()
    kept_real = data.train.index.recording[~half.synthetic.numpy()].unique()
    assert (len(replaced), len(kept_real), set(replaced) & set(kept_real)) == (3, 3, set())


def test_each_batch_of_imutube_is_half_virtual_and_an_epoch_has_every_window_as_either(data: Data[Windows]) -> None:
    n = len(data.train)
    negated = copy.copy(data.train)  # virtual windows that say so
    negated.acceleration = -data.train.acceleration.clone()
    windows, order = imutube.HalfVirtual(data.train, negated), torch.Generator().manual_seed(0)
    assert sorted(windows.epoch(order).tolist()) == list(range(n))
    assert sorted(windows.partner.tolist()) == list(range(n))
    batch = windows.batch(torch.tensor([3, 8]))
    before = windows.partner.clone()
    partner = before[torch.tensor([3, 8])]
    torch.testing.assert_close(batch.acceleration[:2], data.train.batch(torch.tensor([3, 8])).acceleration)
    torch.testing.assert_close(batch.acceleration[2:], -data.train.batch(partner).acceleration)
    assert batch.label[2:].tolist() == data.train.label[partner].tolist()
    windows.epoch(order)
    assert not torch.equal(windows.partner, before)


def test_a_batch_of_imutube_is_as_large_as_that_of_other_methods(
    data: Data[Windows], monkeypatch: pytest.MonkeyPatch
) -> None:
    def sizes(networks: nn.ModuleDict, windows: Batches, data: Data[Windows], settings: Settings) -> Fitted:
        batch = windows.batch(torch.arange(settings.options.batch_size))
        return Fitted({"size": np.array(len(batch.acceleration))}, [])

    monkeypatch.setattr(imutube, "train_classifier", sizes)
    assert fit("imutube", data, settings_for("imutube", batch_size=12)).state == {"size": 12}


def test_augmentation_turns_the_sensor_and_leaves_gravity_its_length(data: Data[Windows]) -> None:
    windows = augmentation.Augmented(data.train, settings_for("augmentation", mix=["rotation"]).options, seed=0)
    mean, std = (torch.tensor(value, dtype=torch.float32)[:, None] for value in STATISTICS)
    real, one, other = (source.batch(torch.tensor([3, 8])) for source in (data.train, windows, windows))
    lengths = [(batch.acceleration * std + mean).norm(dim=1) for batch in (real, one, other)]
    torch.testing.assert_close(lengths[1], lengths[0], rtol=1e-4, atol=1e-4)
    assert (one.acceleration - real.acceleration).abs().amax() > 0.1
    assert (one.acceleration - other.acceleration).abs().amax() > 0.1  # drawn anew
    assert torch.equal(one.label, real.label)
    unchanged = augmentation.Augmented(data.train, settings_for("augmentation", mix=[]).options, seed=0)
    same_batch = unchanged.batch(torch.tensor([3, 8]))
    torch.testing.assert_close(same_batch.acceleration, real.acceleration, rtol=1e-4, atol=1e-5)


def test_equation_5_by_hand() -> None:
    real, synthetic = torch.tensor([[3.0, 0.0], [1.0, 1.0]]), torch.tensor([[0.0, 2.0], [1.0, 0.0]])
    assert joint.similarity_loss(real, synthetic).item() == pytest.approx((1 + (1 - 0.5**0.5)) / 2)
    assert joint.similarity_loss(real, 5 * real).item() == pytest.approx(0, abs=1e-6)


def test_equation_7_weighs_its_terms(data: Data[Windows]) -> None:
    row = fit("joint", data, settings_for("joint", alpha=0.5, beta=3.0, epochs=1)).history[0]
    activity = row["ce_real"] + row["ce_synthetic"]
    assert row["loss"] == pytest.approx(row["mse"] + 0.5 * activity + 3.0 * row["similarity"], rel=1e-5)


def test_real_and_synthetic_windows_are_normalised_each_by_their_own_statistics(data: Data[Windows]) -> None:
    """The joint loss is that of one pass over the real windows and one over the synthetic ones."""
    settings = settings_for("joint_similarity")
    networks = nn.ModuleDict({**shared.build_classifier(settings), **shared.build_regressor(settings)})
    for module in networks.modules():
        if isinstance(module, Dropout):
            module.probability = 0.0
    apart, batch = copy.deepcopy(networks), data.train.batch(torch.arange(10, 60))
    weights = torch.tensor([1.0, 2.0, 4.0])  # w_l of eq. 6, of both terms
    terms = joint.objective(networks, weights, settings)(batch)
    signals = {"real": batch.acceleration, "synthetic": apart["regressor"](batch.pose)}
    features = {name: apart["features"](signal) for name, signal in signals.items()}
    for name in signals:
        expected = F.cross_entropy(apart["classifier"](features[name]), batch.label, weights)
        torch.testing.assert_close(terms[f"ce_{name}"], expected, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(terms["similarity"], joint.similarity_loss(*features.values()), rtol=1e-4, atol=1e-5)
    for name, buffer in networks.named_buffers():
        torch.testing.assert_close(buffer, apart.get_buffer(name), msg=name)


def test_equation_4_is_a_mean_over_windows_axes_and_time(data: Data[Windows]) -> None:
    networks = shared.build_regressor(settings_for("regressor")).eval()
    everything = data.validation.batch(torch.arange(len(data.validation)))
    error = (networks["regressor"](everything.pose) - everything.acceleration).square().mean()
    assert shared.validation_error(networks, data)["validation_mse"] == pytest.approx(error.item(), rel=1e-5)


def test_joint_similarity_is_joint_with_its_own_beta(data: Data[Windows]) -> None:
    ours, plain = (params().options(row, "utd_mhad_committed") for row in ("joint_similarity", "joint"))
    assert ours == plain.model_copy(update={"beta": 10.0})
    assert ours != plain
    reference = joint.fit(data, settings_for("joint", beta=10.0))
    assert same(fit("joint_similarity", data, settings_for("joint_similarity")).state, reference.state)


def test_class_weights_of_equation_6(data: Data[Windows]) -> None:
    assert shared.class_weights(data, settings_for("baseline")).tolist() == [1, 1, 1]
    data.train.label[: len(data.train) // 3 - 1] = 2
    counts = torch.bincount(data.train.label)
    expected = len(data.train) / (3 * counts.clamp(min=1))
    torch.testing.assert_close(shared.class_weights(data, settings_for("baseline", class_weights="balanced")), expected)
