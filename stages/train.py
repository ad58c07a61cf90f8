"""Stage train: one method on one benchmark with one seed."""

import json
import platform
import time
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import get_args

import pandas as pd
import torch
from torch import nn

from pose2imu.atomic import replacing
from pose2imu.command import run, run_parser
from pose2imu.layout import load_benchmark, load_statistics, report_file, weights_file
from pose2imu.method_params import WindowMethod
from pose2imu.methods import train
from pose2imu.methods.weights import load_networks, save_networks
from pose2imu.params import Params, load_params
from pose2imu.preprocessing.batches import load_windows
from pose2imu.preprocessing.sampling import load_training_windows
from pose2imu.training import Data, Settings, keep_freed_memory, make_deterministic, settings_of


def write_runtime(path: Path, settings: Settings, params: Params, seconds: float, epochs: int) -> None:
    """What differs from one machine to the next: kept apart, so that a rerun's results stay byte-identical."""
    runtime = {
        "seconds": round(seconds, 1),
        "seconds_per_epoch": round(seconds / epochs, 3),
        "device": settings.device,
        "threads": params.threads,
        "processor": platform.processor() or platform.machine(),
        "versions": {"python": platform.python_version(), "torch": torch.__version__, "numpy": version("numpy")},
    }
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(runtime, indent=2) + "\n")


def main() -> None:
    """Read the train and validation windows, write data/models/BENCHMARK/METHOD-SEED and its learning curve."""
    params = load_params()
    parser = run_parser(__doc__, ["regressor", *get_args(WindowMethod)], params.benchmarks)
    parser.add_argument("--pretrained", metavar="METHOD", help="build on the networks of this method's run")
    parser.add_argument("--virtual", action="store_true", help="read the virtual sensors of the training windows too")
    parser.add_argument("--statistics", action="store_true", help="read what the signals were z-scored with too")
    arguments = parser.parse_args()
    method, name, seed = arguments.method, arguments.benchmark, arguments.seed

    benchmark = load_benchmark(name)
    settings = settings_of(params, benchmark, method, seed)
    make_deterministic(seed, params.threads)
    keep_freed_memory()
    pretrained = nn.ModuleDict()
    if arguments.pretrained:
        pretrained = load_networks(weights_file(name, arguments.pretrained, seed), arguments.pretrained, settings)
    training_windows = partial(load_training_windows, benchmark, settings.sampling, params.label, settings.device)
    data = Data(
        train=training_windows("normalized"),
        validation=load_windows(name, "validation", settings.window, settings.device),
        pretrained=pretrained,
        virtual=training_windows("virtual") if arguments.virtual else None,
        statistics=load_statistics(name, axes=3) if arguments.statistics else None,
    )

    begin = time.perf_counter()
    trained = train(method, data, settings)
    seconds = time.perf_counter() - begin

    save_networks(trained.networks, weights_file(name, method, seed))
    with replacing(report_file(name, "curves", method, seed)) as temporary:
        pd.DataFrame(trained.curves).to_csv(temporary, index=False, float_format="%.6f", lineterminator="\n")
    write_runtime(report_file(name, "runtime", method, seed), settings, params, seconds, len(trained.curves))


run(main)
