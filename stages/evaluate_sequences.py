"""Stage evaluate of a method that classifies whole sequences, on its benchmark's test split."""

import json
from typing import Any, get_args

import numpy as np
import pandas as pd

from pose2imu.atomic import replacing
from pose2imu.command import run, run_parser
from pose2imu.evaluation.metrics import classification
from pose2imu.layout import load_benchmark, report_file, weights_file
from pose2imu.method_params import SequenceMethod
from pose2imu.methods.sequence_methods import load_state, method_of, settings_of
from pose2imu.params import load_params
from pose2imu.preprocessing.sequences import load_sequences
from pose2imu.training import make_deterministic


def main() -> None:
    """Read a run's state and the test sequences, write its metrics and predictions to reports/BENCHMARK."""
    params = load_params()
    arguments = run_parser(__doc__, get_args(SequenceMethod), params.benchmarks).parse_args()
    name, benchmark, seed = arguments.method, load_benchmark(arguments.benchmark), arguments.seed
    settings = settings_of(params, benchmark, name, seed)
    make_deterministic(seed, params.threads)
    sequences = load_sequences(benchmark, "test", settings.options["axes"])
    state = load_state(weights_file(arguments.benchmark, name, seed))
    shares = method_of(name).predict(state, sequences, settings).astype(np.float32)
    predictions = sequences.index.assign(predicted=shares.argmax(axis=1).astype(np.int8))
    columns = pd.DataFrame(shares, columns=[f"p{number}" for number in range(settings.classes)])

    # A method speaks at one level: of whole clips, or of windows where there are no clips.
    level = "clip" if benchmark["clips"] else "window"
    clips = predictions.drop(columns="start").join(columns)
    tables = {
        "predictions": predictions if level == "window" else predictions[:0],
        "clips": clips if level == "clip" else clips[:0],
    }
    for kind, table in tables.items():
        with replacing(report_file(arguments.benchmark, kind, name, seed)) as temporary:
            table.to_parquet(temporary, index=False, compression="zstd")
    metrics: dict[str, Any] = {
        "method": name,
        "seed": seed,
        "axes": settings.options["axes"],
        "trained_on": ["train", "validation"] if params.refit else ["train"],
        "window": None,
        "clip": None,
        level: classification(predictions.label.to_numpy(), predictions.predicted.to_numpy()),
        "mse": None,
    }
    if "pretrained" in settings.options:
        metrics["pretrained"] = settings.options["pretrained"] is not None
    with replacing(report_file(arguments.benchmark, "runs", name, seed)) as temporary:
        temporary.write_text(json.dumps(metrics, indent=2) + "\n")


run(main)
