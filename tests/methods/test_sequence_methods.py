"""Methods that classify whole sequences: their equations by hand, their choice on validation, and no leakage."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pose2imu.methods.sequence_methods import Settings, by_class, load_state, method_of, options_of, save_state, select
from torch import nn

from pose2imu.errors import InputError
from pose2imu.loading.segments import segment_statistics
from pose2imu.loading.sequences import Sequences, concatenated
from pose2imu.method_params import SequenceMethod
from pose2imu.methods import crc, minirocket, signal_image
from pose2imu.params import load_params

METHODS = get_args(SequenceMethod)
SMALL: Mapping[str, Any] = {
    "segments": [2, 3],
    "trees": 20,
    "standardized": [False, True],
    "kernels": 84,
    "length": [32, 48],
}
SMALL_CNN: Mapping[str, Any] = {"length": 32, "epochs": [2, 12], "widths": [8, 16], "batch_size": 8, "dropout": 0.0}
SMALL_IMAGE: Mapping[str, Any] = {"length": 64, "epochs": [1, 15], "size": 48, "batch_size": 8}
SMALL_NETWORK = {"strong_cnn": SMALL_CNN, "signal_image": SMALL_IMAGE, "signal_image_three_axes": SMALL_IMAGE}
CLASSES = 4  # of which the last does not occur


def toy_sequences(seed: int, axes: int, count: int = 24) -> Sequences:
    """Waves of unequal length whose tempo is their class."""
    random = np.random.default_rng(seed)
    label = np.arange(count) % (CLASSES - 1)
    signals = []
    for number in label:
        time = np.linspace(0, 1, random.integers(60, 90))
        wave = np.sin(2 * np.pi * (1 + 2 * number) * time) * np.exp(-number * time)
        signals.append((wave + random.normal(0, 0.1, (axes, len(time)))).astype(np.float32))
    names = [f"r{seed}_{number}" for number in range(count)]
    return Sequences(signals, pd.DataFrame({"recording": names, "start": 0, "label": label}))


def settings_for(method: str, seed: int = 0) -> Settings:
    options = options_of(load_params(), method)
    small = SMALL_NETWORK.get(method, SMALL)
    mean, std = np.full(options["axes"], 2.0), np.full(options["axes"], 5.0)
    return Settings(
        CLASSES, seed, mean, std, "cpu", {**options, **{key: value for key, value in small.items() if key in options}}
    )


@pytest.fixture(autouse=True)
def small_network_for_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of EfficientNet, which takes minutes; the sample's run has the real one."""

    def build(settings: Settings) -> nn.Module:
        torch.manual_seed(settings.seed)
        first = nn.Sequential(nn.Conv2d(3, 16, 5, stride=2), nn.BatchNorm2d(16), nn.ReLU())
        second = nn.Sequential(nn.Conv2d(16, 32, 5, stride=2), nn.BatchNorm2d(32), nn.ReLU())
        return nn.Sequential(first, second, nn.AdaptiveMaxPool2d(3), nn.Flatten(), nn.Linear(288, settings.classes))

    monkeypatch.setattr(signal_image, "build", build)


@pytest.mark.parametrize("method", METHODS)
def test_learns_gives_the_same_twice_and_speaks_of_every_class(method: str, tmp_path: Path) -> None:
    """By way of the file that a state is kept in."""
    settings = settings_for(method)
    train, validation, test = (toy_sequences(seed, settings.options["axes"]) for seed in range(3))
    shares = []
    for _ in range(2):
        fitted = method_of(method).train(train, validation, concatenated([train, validation]), settings)
        save_state(fitted.state, tmp_path / "state.safetensors")
        shares.append(method_of(method).predict(load_state(tmp_path / "state.safetensors"), test, settings))
    assert np.array_equal(*shares)
    assert shares[0].shape == (len(test), CLASSES)
    assert (shares[0].argmax(axis=1) == test.label).mean() > 0.9
    assert not (shares[0].argmax(axis=1) == CLASSES - 1).any()
    assert [set(row) >= {"f1", "accuracy"} for row in fitted.tried] == [True] * len(fitted.tried)


@pytest.mark.parametrize("method", METHODS)
def test_a_prediction_depends_on_no_other_test_sequence(method: str) -> None:
    """Nor can the test split reach training: `train` is not given it."""
    settings = settings_for(method)
    train, test = toy_sequences(0, settings.options["axes"]), toy_sequences(2, settings.options["axes"])
    state = method_of(method).train(train, train, train, settings).state
    alone = Sequences(test.signals[:1], test.index[:1])
    together = method_of(method).predict(state, test, settings)[:1]
    np.testing.assert_allclose(method_of(method).predict(state, alone, settings), together, rtol=1e-5)


def test_a_state_comes_back_as_it_was_whatever_its_layout(tmp_path: Path) -> None:
    state = {"fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)), "number": np.array(3)}
    save_state(state, tmp_path / "state")
    found = load_state(tmp_path / "state")
    assert all(np.array_equal(found[name], state[name]) for name in state)
    assert found["number"].shape == ()
    (tmp_path / "damaged").write_text("no state")
    with pytest.raises(InputError, match="damaged: expected the state of a finished run"):
        load_state(tmp_path / "damaged")


def test_the_first_of_the_best_on_validation_is_chosen() -> None:
    scores = {1: 0.5, 2: 0.7, 3: 0.7}
    chosen, tried = select(lambda m: {"f1": scores[m], "accuracy": 0.0}, [{"m": m} for m in scores])
    assert chosen == {"m": 2}
    assert [row["f1"] for row in tried] == [0.5, 0.7, 0.7]


def test_segment_statistics_by_hand() -> None:
    signal = np.array([[1.0, 3.0, 5.0, 5.0, 5.0], [0.0, 0.0, 0.0, 3.0, -3.0]], np.float32)
    names = ["mean", "std", "variance", "rms", "min", "max", "median"]
    # array_split gives the first segment the odd sample: 1 3 5 | 5 5 and 0 0 0 | 3 -3.
    first = [[3, 0], [(8 / 3) ** 0.5, 0], [8 / 3, 0], [(35 / 3) ** 0.5, 0], [1, 0], [5, 0], [3, 0]]
    second = [[5, 0], [0, 3], [0, 9], [5, 3], [5, -3], [5, 3], [5, 0]]
    np.testing.assert_allclose(segment_statistics([signal], 2, names)[0], np.ravel([*first, *second]), atol=1e-6)


@hypothesis_settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-3, 0.1, 1.0]))
def test_the_representation_is_the_minimum_of_its_objective(seed: int, regularization: float) -> None:
    """Against the normal equations as Chen et al. print them, (XᵀX + λΓᵀΓ)⁻¹ Xᵀy."""
    random = np.random.default_rng(seed)
    atoms, queries = random.normal(size=(9, 4)), random.normal(size=(3, 4))
    weights = crc.represent(atoms, queries, regularization)
    for query, found in zip(queries, weights, strict=True):
        tikhonov = np.diag(np.linalg.norm(query - atoms, axis=1))
        expected = np.linalg.solve(atoms @ atoms.T + regularization * tikhonov.T @ tikhonov, atoms @ query)
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9)


def test_the_class_with_the_smallest_residual_wins() -> None:
    atoms, label = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0, 2])
    residuals = crc.residuals(atoms, label, np.array([[1.0, 0.1]]), 1e-6, classes=3)
    assert residuals[0].argmin() == 0
    assert residuals[0, 1] == np.inf
    np.testing.assert_allclose(residuals[0, [0, 2]], [0.1, 1.0], atol=1e-4)  # what each class leaves over


def test_columns_of_classes_that_training_had() -> None:
    assert by_class(np.array([[0.25, 0.75]]), np.array([0, 2]), 3).tolist() == [[0.25, 0.0, 0.75]]


def test_sequences_are_stretched_to_one_length() -> None:
    ramp = np.array([[0.0, 1.0, 2.0]], np.float32)
    sequences = Sequences([ramp, ramp[:, :2]], pd.DataFrame({"label": [0, 1]}))
    assert minirocket.stretched(sequences, 5).tolist() == [[[0, 0.5, 1, 1.5, 2]], [[0, 0.25, 0.5, 0.75, 1]]]


def test_pretrained_weights_are_taken_over_but_for_the_last_layer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    settings = settings_for("signal_image")
    published = signal_image.build(replace(settings, classes=1000, seed=7)).state_dict()
    torch.save(published, tmp_path / "efficientnet-b0.pth")
    network, other = signal_image.build(settings), signal_image.build(settings)
    signal_image.load_pretrained(network, str(tmp_path / "efficientnet-b0.pth"))
    assert torch.equal(network._conv_stem.weight, published["_conv_stem.weight"])
    assert not torch.equal(network._conv_stem.weight, other._conv_stem.weight)
    assert torch.equal(network._fc.weight, other._fc.weight)
    del published["_conv_stem.weight"]
    torch.save(published, tmp_path / "part.pth")
    (tmp_path / "text.pth").write_text("no weights")
    for name in ("part.pth", "text.pth", "missing.pth"):
        with pytest.raises(InputError, match=f"{name}: expected weights of"):
            signal_image.load_pretrained(network, str(tmp_path / name))


def test_three_axes_have_all_else_from_the_row_on_six() -> None:
    params = load_params()
    for name in ("crc", "signal_image"):
        assert options_of(params, f"{name}_three_axes") == {**options_of(params, name), "axes": 3}
