"""Stage window: the index of a benchmark's windows, and a description of the benchmark for the report."""

import argparse
import json
from pathlib import Path

from pose2imu.atomic import replacing
from pose2imu.command import run
from pose2imu.datasets import mm_fit, utd_mhad
from pose2imu.datasets.protocol import describe
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
    recordings = load(Path("data/normalized") / name)
    window, stride = params.samples("window", dataset), params.samples("stride", dataset)
    index = window_index(recordings, window, stride, params.label)
    with replacing(Path("data/windows") / f"{name}.parquet") as temporary:
        index.to_parquet(temporary, index=False)
    description = {
        "benchmark": name,
        "dataset": dataset,
        "synthetic": dataset == "sample",
        "classes": list(utd_mhad.CLASSES if dataset == "utd_mhad" else mm_fit.CLASSES),
        "clips": dataset == "utd_mhad",
        "rate": params.rate[dataset],
        "window": window,
        "stride": stride,
        **describe(recordings.table, index),
    }
    with replacing(Path("reports") / name / "benchmark.json") as temporary:
        temporary.write_text(json.dumps(description, indent=2) + "\n")


run(main)
