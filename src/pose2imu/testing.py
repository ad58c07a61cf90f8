"""Of a run on its test split: predictions, metrics, errors of R and a few signals that it generated."""

import io
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch

from pose2imu.datasets.benchmark import Benchmark
from pose2imu.errors import WeightsError
from pose2imu.evaluation.best_epoch import best_epoch
from pose2imu.evaluation.metrics import classification, clips
from pose2imu.loading.batches import Windows
from pose2imu.loading.data import State
from pose2imu.loading.sequences import Sequences
from pose2imu.methods import method_of
from pose2imu.methods.networks import generate, squared_errors
from pose2imu.settings import Settings
from pose2imu.weights import Weights

SHOWN_WINDOWS = 6  # of Fig. 3: as many test windows, evenly spread, are kept with their generated signal


class Evaluation(NamedTuple):
    """What is kept of a run; None: the row has no such thing."""

    metrics: dict[str, Any]
    predictions: pd.DataFrame | None  # one row per test window
    clips: pd.DataFrame | None  # one row per test clip, with a number for each class
    errors: pd.DataFrame | None  # one row per test window: MSE of the generated signal
    generated: pd.DataFrame | None  # real and generated signals of a few test windows


def evaluate(weights: Weights, split: Windows | Sequences, benchmark: Benchmark) -> Evaluation:
    """Predict a test split by a run's method, and score the predictions."""
    probabilities = method_of(weights.recipe.method).predict(weights.state, split, weights.settings)
    if isinstance(split, Windows):
        return _of_windows(weights, split, probabilities, benchmark)
    return _of_sequences(weights, split, probabilities, benchmark)


def _of_windows(weights: Weights, windows: Windows, probabilities: np.ndarray, benchmark: Benchmark) -> Evaluation:
    predictions = _predicted(windows.index, probabilities)
    metrics: dict[str, Any] = {
        "method": weights.recipe.row,
        "seed": weights.settings.seed,
        "window": classification(predictions.label.to_numpy(), predictions.predicted.to_numpy()),
        "clip": None,
        "mse": None,
        **best_epoch(_curve(weights.history)),
    }
    table = clips(predictions, probabilities) if benchmark.clips else None
    if table is not None:
        metrics["clip"] = classification(table.label.to_numpy(), table.predicted.to_numpy())
    errors = generated = None
    if any(name.startswith("regressor.") for name in weights.state):
        error = squared_errors(weights.state, windows, weights.settings)
        metrics["mse"] = mean_squared_error(error)
        errors = windows.index[["recording", "start"]].assign(squared_error=error)
        generated = examples(weights.state, windows, weights.settings, benchmark.rate)
    return Evaluation(metrics, predictions, table, errors, generated)


def _of_sequences(weights: Weights, split: Sequences, probabilities: np.ndarray, benchmark: Benchmark) -> Evaluation:
    """Score what speaks at one level: of whole clips, or of windows where there are no clips."""
    options: Any = weights.recipe.options  # of a method on sequences
    probabilities = probabilities.astype(np.float32)
    predictions = _predicted(split.index, probabilities)
    level = "clip" if benchmark.clips else "window"
    metrics: dict[str, Any] = {
        "method": weights.recipe.row,
        "seed": weights.settings.seed,
        "axes": options.axes,
        "trained_on": ["train", "validation"] if options.refit else ["train"],
        "window": None,
        "clip": None,
        level: classification(predictions.label.to_numpy(), predictions.predicted.to_numpy()),
        "mse": None,
    }
    if hasattr(options, "pretrained"):
        metrics["pretrained"] = options.pretrained is not None
    if level == "window":
        return Evaluation(metrics, predictions, None, None, None)
    columns = pd.DataFrame(probabilities, columns=[f"p{number}" for number in range(weights.settings.classes)])
    return Evaluation(metrics, None, predictions.drop(columns="start").join(columns), None, None)


def _predicted(index: pd.DataFrame, probabilities: np.ndarray) -> pd.DataFrame:
    return index.assign(predicted=probabilities.argmax(axis=1).astype(np.int8))


def _curve(history: str) -> pd.DataFrame:
    try:
        curve = pd.read_csv(io.StringIO(history))
    except ValueError:
        curve = pd.DataFrame()
    if curve.empty or not {"epoch", "validation_f1", "validation_accuracy"} <= set(curve):
        raise WeightsError("its history is no learning curve of a classifier")
    return curve


def mean_squared_error(errors: np.ndarray) -> float:
    """Average the errors of windows (windows,): Tables V and VI, in variances of the training data."""
    return float(torch.from_numpy(np.array(errors)).double().mean())


def examples(state: State, windows: Windows, settings: Settings[Any], rate: float) -> pd.DataFrame:
    """Take real and generated signals of a few windows, the same ones for every run, one row per axis and sample."""
    signals = generate(state, windows, settings).numpy()
    chosen = np.linspace(0, len(windows) - 1, SHOWN_WINDOWS + 2).round().astype(int)[1:-1]
    real = windows.batch(torch.from_numpy(chosen).to(windows.device)).acceleration.cpu().numpy()
    samples = real.shape[2]
    parts = []
    for position, number in enumerate(chosen):
        for axis, letter in enumerate("xyz"):
            part = {"axis": letter, "sample": np.arange(samples, dtype=np.int16), "time": np.arange(samples) / rate}
            both = {"real": real[position, axis], "generated": signals[number, axis]}
            parts.append(pd.DataFrame({**windows.index.iloc[number].to_dict(), **part, **both}))
    return pd.concat(parts, ignore_index=True)
