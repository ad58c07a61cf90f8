"""The evaluation of a run on its test split: levels, errors of R, and the signals that are shown."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from pose2imu.atomic import to_csv
from pose2imu.evaluation.metrics import classification
from pose2imu.loading.batches import Windows
from pose2imu.loading.data import State
from pose2imu.methods import method_of
from pose2imu.methods import networks as shared
from pose2imu.testing import SHOWN_WINDOWS, evaluate
from pose2imu.weights import Weights
from tests.methods.runs import fit, sequence_data
from tests.toy import (
    RATE,
    SEQUENCE_CLASSES,
    benchmark_of,
    params,
    recipe_for,
    settings_for,
    toy_data,
    toy_sequences,
    toy_windows,
)

pytestmark = pytest.mark.usefixtures("small_networks")
BENCHMARK, WITH_CLIPS = benchmark_of(clips=False), benchmark_of(clips=True)
CURVE = pd.DataFrame({"part": "classifier", "epoch": [1, 2, 3], "validation_f1": [0.1, 0.7, 0.7]}).assign(
    validation_accuracy=[0.2, 0.8, 0.9]
)


def weights_of(row: str, state: State, **options: Any) -> Weights:
    settings = settings_for(row, seed=3, **options)
    return Weights(recipe_for(row, settings), settings, to_csv(CURVE), state)


def trained(row: str) -> Weights:
    """A run of one epoch."""
    return weights_of(row, fit(row, toy_data(), settings_for(row, epochs=1)).state)


@pytest.fixture
def unseen() -> Windows:
    return toy_windows()("test")


@pytest.mark.parametrize("benchmark", [BENCHMARK, WITH_CLIPS])
def test_a_classifier_is_scored_at_the_levels_that_there_are(unseen: Windows, benchmark: Any) -> None:
    weights = trained("baseline")
    metrics, predictions, clips, *of_r = evaluate(weights, unseen, benchmark)
    probabilities = shared.predict(weights.state, unseen, weights.settings)
    assert predictions is not None
    assert predictions.drop(columns="predicted").equals(unseen.index)
    assert predictions.predicted.tolist() == probabilities.argmax(axis=1).tolist()
    assert metrics["window"] == classification(unseen.label.numpy(), probabilities.argmax(axis=1))
    assert (metrics["method"], metrics["seed"], metrics["mse"], of_r) == ("baseline", 3, None, [None, None])
    assert (metrics["best_epoch"], metrics["epochs"]) == (2, 3)
    assert metrics["validation"] == {"f1": 0.7, "accuracy": 0.8}
    if not benchmark.clips:
        assert (metrics["clip"], clips) == (None, None)
        return
    assert clips is not None
    assert clips.recording.tolist() == ["r9", "r10", "r11"]
    means = pd.DataFrame(probabilities).groupby(unseen.index.recording.to_numpy(), sort=False).mean()
    np.testing.assert_allclose(clips[["p0", "p1", "p2"]], means, rtol=1e-5)
    assert metrics["clip"] == classification(clips.label.to_numpy(), means.to_numpy().argmax(axis=1))


@pytest.mark.parametrize("row", ["joint", "regression_first"])
def test_errors_of_r_are_of_each_window_and_mse_is_their_mean(row: str, unseen: Windows) -> None:
    weights = trained(row)
    metrics, _, _, errors, generated = evaluate(weights, unseen, BENCHMARK)
    assert errors is not None
    assert errors[["recording", "start"]].equals(unseen.index[["recording", "start"]])
    signals = shared.generate(weights.state, unseen, weights.settings)
    real = unseen.batch(torch.arange(len(unseen))).acceleration
    by_hand = (signals - real).square().mean(dim=(1, 2))
    np.testing.assert_allclose(errors.squared_error, by_hand, rtol=1e-5)
    assert metrics["mse"] == pytest.approx(errors.squared_error.astype(float).mean(), rel=1e-9)
    assert generated is not None
    assert len(generated) == SHOWN_WINDOWS * 3 * real.shape[2]
    places = list(unseen.index[["recording", "start"]].itertuples(index=False, name=None))
    for place, shown in generated.groupby(["recording", "start"]):
        number = places.index(place)
        for axis, letter in enumerate("xyz"):
            of_axis = shown[shown.axis == letter]
            np.testing.assert_allclose(of_axis.real, real[number, axis])
            np.testing.assert_allclose(of_axis.generated, signals[number, axis])
            np.testing.assert_allclose(of_axis.time, np.arange(real.shape[2]) / RATE)
        assert set(shown.label) == {unseen.index.label[number]}


def test_the_windows_shown_are_the_same_of_every_run(unseen: Windows) -> None:
    one, other = (evaluate(trained(row), unseen, BENCHMARK).generated for row in ("joint", "regression_first"))
    assert one is not None
    assert other is not None
    assert one.drop(columns="generated").equals(other.drop(columns="generated"))
    assert not one.generated.equals(other.generated)


def test_no_test_label_moves_a_prediction(unseen: Windows) -> None:
    weights = trained("joint")
    before = evaluate(weights, unseen, WITH_CLIPS)
    unseen.index["label"] = np.int8(0)
    unseen.label[:] = 0
    after = evaluate(weights, unseen, WITH_CLIPS)
    assert before.predictions is not None
    assert after.predictions is not None
    assert before.predictions.predicted.equals(after.predictions.predicted)
    assert before.metrics["mse"] == after.metrics["mse"]
    assert before.metrics["window"] != after.metrics["window"]


@pytest.mark.parametrize("refit", [True, False])
@pytest.mark.parametrize("benchmark", [BENCHMARK, WITH_CLIPS])
@pytest.mark.parametrize("row", ["crc", "trees"])
def test_a_method_on_sequences_speaks_at_one_level(row: str, benchmark: Any, refit: bool) -> None:
    settings = settings_for(row, refit=refit)
    state = method_of(row).fit(sequence_data(settings), settings).state
    weights, split = weights_of(row, state, refit=refit), toy_sequences(2, settings.options.axes)
    metrics, predictions, clips, errors, generated = evaluate(weights, split, benchmark)
    level, other = ("clip", "window") if benchmark.clips else ("window", "clip")
    table, empty = (clips, predictions) if benchmark.clips else (predictions, clips)
    assert (metrics[other], metrics["mse"], empty, errors, generated) == (None, None, None, None, None)
    probabilities = method_of(row).predict(state, split, weights.settings)
    assert table is not None
    assert table.predicted.tolist() == probabilities.argmax(axis=1).tolist()
    assert metrics[level] == classification(split.label, probabilities.argmax(axis=1))
    assert (metrics["method"], metrics["seed"], metrics["axes"]) == (row, 3, settings.options.axes)
    assert metrics["trained_on"] == (["train", "validation"] if refit else ["train"])
    assert "best_epoch" not in metrics
    assert "pretrained" not in metrics
    columns = [f"p{number}" for number in range(SEQUENCE_CLASSES)]
    if benchmark.clips:
        assert list(table) == ["recording", "label", "predicted", *columns]
        np.testing.assert_allclose(table[columns], probabilities, rtol=1e-6)
    else:
        assert list(table) == ["recording", "start", "label", "predicted"]


@pytest.mark.parametrize("pretrained", [None, "b0.pth"])
def test_a_network_on_images_says_whether_it_was_pretrained(pretrained: str | None) -> None:
    settings = settings_for("signal_image_three_axes", epochs=[1])
    state = method_of(params().method_of("signal_image_three_axes")).fit(sequence_data(settings), settings).state
    weights = weights_of("signal_image_three_axes", state, pretrained=pretrained)
    metrics = evaluate(weights, toy_sequences(2, 3, count=4), BENCHMARK).metrics
    assert metrics["pretrained"] == (pretrained is not None)
    assert metrics["method"] == "signal_image_three_axes"


def test_a_run_is_evaluated_by_its_method_whatever_its_row_is_called(unseen: Windows) -> None:
    weights = trained("mmfit_cnn")
    renamed = weights._replace(recipe=weights.recipe.model_copy(update={"row": "another"}))
    assert (
        evaluate(renamed, unseen, BENCHMARK).metrics["window"]
        == (evaluate(weights, unseen, BENCHMARK).metrics["window"])
    )
    assert evaluate(renamed, unseen, BENCHMARK).metrics["method"] == "another"
