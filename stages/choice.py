"""Stage choice: a run with another value of what the paper leaves open, for its learning curve on validation alone."""

import argparse
from dataclasses import replace

import pandas as pd
from torch import nn

from pose2imu.atomic import replacing
from pose2imu.command import run
from pose2imu.layout import choice_file, load_benchmark, load_statistics
from pose2imu.methods import train
from pose2imu.params import load_params
from pose2imu.preprocessing.batches import load_windows
from pose2imu.preprocessing.sampling import load_training_windows
from pose2imu.training import Data, keep_freed_memory, make_deterministic, settings_of


def main() -> None:
    """Train on the train split, write the learning curve."""
    params = load_params()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("choice", choices=list(params.choices))
    name: str = parser.parse_args().choice
    choice = params.choices[name]

    benchmark = load_benchmark(choice.benchmark)
    settings = settings_of(params, benchmark, choice.method, choice.seed)
    if choice.batch_size is not None:
        settings = replace(settings, batch_size=choice.batch_size)
    if choice.output_gain is not None:
        settings = replace(settings, regressor={**settings.regressor, "output_gain": choice.output_gain})
    if choice.mix is not None:
        settings = replace(settings, options={**settings.options, "mix": choice.mix})
    make_deterministic(choice.seed, params.threads)
    keep_freed_memory()
    data = Data(
        train=load_training_windows(benchmark, settings.sampling, params.label, settings.device),
        validation=load_windows(choice.benchmark, "validation", settings.window, settings.device),
        pretrained=nn.ModuleDict(),
        statistics=load_statistics(choice.benchmark, axes=3),
    )
    trained = train(choice.method, data, settings)
    with replacing(choice_file(name)) as temporary:
        pd.DataFrame(trained.curves).to_csv(temporary, index=False, float_format="%.6f", lineterminator="\n")


run(main)
