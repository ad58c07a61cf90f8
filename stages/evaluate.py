"""Stage evaluate: one run on its benchmark's test windows. No training stage reads them."""

import json
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd
import torch
from torch import nn

from pose2imu.atomic import replacing
from pose2imu.command import run, run_parser
from pose2imu.evaluation.curves import best_epoch
from pose2imu.evaluation.metrics import classification, clips
from pose2imu.layout import load_benchmark, report_file, weights_file
from pose2imu.method_params import WindowMethod
from pose2imu.methods.networks import generate, predict, squared_error
from pose2imu.methods.weights import load_networks
from pose2imu.params import load_params
from pose2imu.preprocessing.batches import Windows, load_windows
from pose2imu.training import make_deterministic, settings_of

SHOWN_WINDOWS = 6  # of Fig. 3: as many test windows, evenly spread, are kept with their generated signal


def main() -> None:
    """Read a run's weights and the test windows, write its metrics and predictions to reports/BENCHMARK."""
    params = load_params()
    arguments = run_parser(__doc__, get_args(WindowMethod), params.benchmarks).parse_args()
    method, name, seed = arguments.method, arguments.benchmark, arguments.seed

    benchmark = load_benchmark(name)
    settings = settings_of(params, benchmark, method, seed)
    make_deterministic(seed, params.threads)
    networks = load_networks(weights_file(name, method, seed), method, settings)
    windows = load_windows(name, "test", settings.window, settings.device)

    def out(kind: str) -> Path:
        return report_file(name, kind, method, seed)

    probabilities = predict(networks, windows).numpy()
    predictions = windows.index.assign(predicted=probabilities.argmax(axis=1).astype(np.int8))
    write_parquet(predictions, out("predictions"))
    metrics: dict[str, Any] = {
        "method": method,
        "seed": seed,
        "window": classification(predictions.label.to_numpy(), predictions.predicted.to_numpy()),
        "clip": None,
        "mse": None,
        **best_epoch(pd.read_csv(out("curves"))),
    }
    # Where recordings hold many activities there is nothing to say of a whole one: the table is empty.
    table = clips(predictions, probabilities)[: None if benchmark["clips"] else 0]
    write_parquet(table, out("clips"))
    if benchmark["clips"]:
        metrics["clip"] = classification(table.label.to_numpy(), table.predicted.to_numpy())
    if "regressor" in networks:
        metrics["mse"] = squared_error(networks, windows)
        write_parquet(examples(networks, windows, benchmark["rate"]), out("generated"))
    with replacing(out("runs")) as temporary:
        temporary.write_text(json.dumps(metrics, indent=2) + "\n")


def examples(networks: nn.ModuleDict, windows: Windows, rate: float) -> pd.DataFrame:
    """Real and generated signals of a few test windows, the same ones for every run, one row per axis and sample."""
    generated = generate(networks, windows).numpy()
    chosen = np.linspace(0, len(windows) - 1, SHOWN_WINDOWS + 2).round().astype(int)[1:-1]
    real = windows.batch(torch.from_numpy(chosen).to(windows.device)).acceleration.cpu().numpy()
    samples = real.shape[2]
    parts = []
    for position, number in enumerate(chosen):
        for axis, letter in enumerate("xyz"):
            part = {"axis": letter, "sample": np.arange(samples, dtype=np.int16), "time": np.arange(samples) / rate}
            signals = {"real": real[position, axis], "generated": generated[number, axis]}
            parts.append(pd.DataFrame({**windows.index.iloc[number].to_dict(), **part, **signals}))
    return pd.concat(parts, ignore_index=True)


def write_parquet(table: pd.DataFrame, path: Path) -> None:
    """Write a small table that is kept in git."""
    with replacing(path) as temporary:
        table.to_parquet(temporary, index=False, compression="zstd")


run(main)
