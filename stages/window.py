"""Stage window: the index of a benchmark's windows, and a description of the benchmark for the report."""

import argparse
import json
from pathlib import Path

from pose2imu.atomic import replacing
from pose2imu.command import run
from pose2imu.datasets.catalogue import DATASETS
from pose2imu.datasets.protocol import SPLITS, describe
from pose2imu.errors import InputError
from pose2imu.params import load_params
from pose2imu.preprocessing.arrays import load
from pose2imu.preprocessing.window import window_index


def main() -> None:
    """Read data/normalized/BENCHMARK, write data/windows/BENCHMARK.parquet and reports/BENCHMARK/benchmark.json."""
    params = load_params()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benchmark", choices=list(params.benchmarks))
    name = parser.parse_args().benchmark
    dataset = params.benchmarks[name].dataset
    about = DATASETS[dataset]
    recordings = load(Path("data/normalized") / name)
    rate = params.rate[dataset]
    window, stride = (round(seconds[dataset] * rate) for seconds in (params.window, params.stride))
    index = window_index(recordings, window, stride, params.label)
    for split in SPLITS:
        if not (index.split == split).any():
            raise InputError(f"{name}: no {split} recording holds a window of {params.window[dataset]} s")
    with replacing(Path("data/windows") / f"{name}.parquet") as temporary:
        index.to_parquet(temporary, index=False)
    description = {
        "benchmark": name,
        "dataset": dataset,
        "synthetic": about.synthetic,
        "classes": list(about.classes),
        "clips": about.clips,
        "rate": rate,
        "window": window,
        "stride": stride,
        **describe(recordings.table, index),
    }
    with replacing(Path("reports") / name / "benchmark.json") as temporary:
        temporary.write_text(json.dumps(description, indent=2) + "\n")


run(main)
