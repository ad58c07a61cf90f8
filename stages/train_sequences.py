"""Stage train of a method that classifies whole sequences: chosen on validation, fitted once more to what is final."""

from typing import get_args

import pandas as pd

from pose2imu.atomic import replacing
from pose2imu.command import run, run_parser
from pose2imu.layout import load_benchmark, report_file, weights_file
from pose2imu.method_params import SequenceMethod
from pose2imu.methods.sequence_methods import method_of, save_state, settings_of
from pose2imu.params import load_params
from pose2imu.preprocessing.sequences import concatenated, load_sequences
from pose2imu.training import make_deterministic


def main() -> None:
    """Read the train and validation sequences, write data/models/BENCHMARK/METHOD-SEED and what was tried."""
    params = load_params()
    arguments = run_parser(__doc__, get_args(SequenceMethod), params.benchmarks).parse_args()
    name, benchmark, seed = arguments.method, load_benchmark(arguments.benchmark), arguments.seed
    settings = settings_of(params, benchmark, name, seed)
    make_deterministic(seed, params.threads)
    train, validation = (
        load_sequences(benchmark, split, settings.options["axes"]) for split in ("train", "validation")
    )
    final = concatenated([train, validation]) if params.refit else train
    fitted = method_of(name).train(train, validation, final, settings)
    save_state(fitted.state, weights_file(arguments.benchmark, name, seed))
    with replacing(report_file(arguments.benchmark, "tried", name, seed)) as temporary:
        pd.DataFrame(fitted.tried).to_csv(temporary, index=False, float_format="%.6f", lineterminator="\n")


run(main)
