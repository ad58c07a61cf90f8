"""Methods that classify whole sequences: their equations by hand, their choice on validation, and no leakage."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pose2imu.errors import InputError
from pose2imu.loading.data import State
from pose2imu.loading.segments import segment_statistics
from pose2imu.loading.sequences import Sequences
from pose2imu.methods import Fitted, crc, method_of, minirocket, signal_image
from pose2imu.methods.choosing import by_class, probabilities, select
from pose2imu.weights import load_weights, save_weights
from tests.methods.runs import sequence_data
from tests.toy import SEQUENCE_CLASSES, SEQUENCE_METHODS, params, recipe_for, settings_for, toy_sequences

ROWS = [*SEQUENCE_METHODS, "crc_three_axes", "signal_image_three_axes"]


@cache
def fitted(row: str) -> Fitted:
    """What a row learned of the toy sequences, once for all tests."""
    settings = settings_for(row)
    return method_of(params().method_of(row)).fit(sequence_data(settings), settings)


def predict(row: str, state: State, sequences: Sequences) -> np.ndarray:
    return method_of(params().method_of(row)).predict(state, sequences, settings_for(row))


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.usefixtures("small_networks")
def test_learns_gives_the_same_twice_and_speaks_of_every_class(row: str, tmp_path: Path) -> None:
    """By way of the file that a state is kept in."""
    settings, shares = settings_for(row), []
    test = toy_sequences(2, settings.options.axes)
    for found in (fitted(row), fitted.__wrapped__(row)):
        path = tmp_path / "run.safetensors"
        save_weights(path, recipe_for(row, settings), settings, found.state, pd.DataFrame(found.history))
        shares.append(predict(row, load_weights(path, "toy", row, 0).state, test))
    assert np.array_equal(*shares)
    assert shares[0].shape == (len(test), SEQUENCE_CLASSES)
    np.testing.assert_allclose(shares[0].sum(axis=1), 1, rtol=1e-5)
    assert (shares[0].argmax(axis=1) == test.label).mean() > 0.9
    assert not (shares[0].argmax(axis=1) == SEQUENCE_CLASSES - 1).any()
    assert [set(tried) >= {"f1", "accuracy"} for tried in found.history] == [True] * len(found.history)


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.usefixtures("small_networks")
def test_a_prediction_depends_on_no_other_test_sequence(row: str) -> None:
    """Nor can the test split reach training: `fit` is not given it."""
    test = toy_sequences(2, settings_for(row).options.axes)
    alone = Sequences(test.signals[:1], test.index[:1], test.mean, test.std)
    together = predict(row, fitted(row).state, test)[:1]
    np.testing.assert_allclose(predict(row, fitted(row).state, alone), together, rtol=1e-5)


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


@pytest.mark.parametrize("row", SEQUENCE_METHODS)
@pytest.mark.usefixtures("small_networks")
def test_two_classes_are_told_apart(row: str) -> None:
    """Of two classes some of scikit-learn's classifiers give one column of scores."""
    settings = settings_for(row)
    data = sequence_data(settings)
    of_two = replace(data, train=two_classes(data.train), validation=two_classes(data.validation))
    state, test = method_of(row).fit(of_two, settings).state, two_classes(toy_sequences(2, settings.options.axes))
    assert (predict(row, state, test).argmax(axis=1) == test.label).mean() > 0.8


def two_classes(sequences: Sequences) -> Sequences:
    """The sequences of the first two classes."""
    rows = np.flatnonzero(sequences.label < 2)
    index = sequences.index.iloc[rows].reset_index(drop=True)
    return replace(sequences, signals=[sequences.signals[row] for row in rows], index=index)


def test_one_column_of_scores_is_of_the_second_class() -> None:
    spoken = probabilities(np.array([[-1.0], [0.0], [2.0]]))
    np.testing.assert_allclose(spoken, [[0.8808, 0.1192], [0.5, 0.5], [0.018, 0.982]], atol=1e-4)


def test_sequences_are_stretched_to_one_length() -> None:
    ramp = np.array([[0.0, 1.0, 2.0]], np.float32)
    sequences = Sequences([ramp, ramp[:, :2]], pd.DataFrame({"label": [0, 1]}), np.zeros(1), np.ones(1))
    assert minirocket.stretched(sequences, 5).tolist() == [[[0, 0.5, 1, 1.5, 2]], [[0, 0.25, 0.5, 0.75, 1]]]


def test_pretrained_weights_are_taken_over_but_for_the_last_layer(tmp_path: Path) -> None:
    settings = settings_for("signal_image")
    published = signal_image.build(replace(settings, classes=1000, seed=7)).state_dict()
    torch.save(published, tmp_path / "efficientnet-b0.pth")
    network = signal_image.build(settings)
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    signal_image.load_pretrained(network, str(tmp_path / "efficientnet-b0.pth"))
    assert torch.equal(network._conv_stem.weight, published["_conv_stem.weight"])
    assert not torch.equal(network._conv_stem.weight, before["_conv_stem.weight"])
    assert torch.equal(network._fc.weight, before["_fc.weight"])
    del published["_conv_stem.weight"]
    torch.save(published, tmp_path / "part.pth")
    (tmp_path / "text.pth").write_text("no weights")
    for name in ("part.pth", "text.pth", "missing.pth"):
        with pytest.raises(InputError, match=f"{name}: expected weights of"):
            signal_image.load_pretrained(network, str(tmp_path / name))


def test_three_axes_have_all_else_from_the_row_on_six() -> None:
    for name in ("crc", "signal_image"):
        six, three = (params().options(row, "utd_mhad_committed") for row in (name, f"{name}_three_axes"))
        assert (six.model_dump()["axes"], three) == (6, six.model_copy(update={"axes": 3}))
