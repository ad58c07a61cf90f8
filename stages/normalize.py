"""Stage normalize: a benchmark's recordings, z-scored by its training recordings, skeletons by equations 1 to 3."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from pose2imu.atomic import replacing
from pose2imu.command import run
from pose2imu.datasets.protocol import split_recordings
from pose2imu.params import load_params
from pose2imu.preprocessing.arrays import load, save
from pose2imu.preprocessing.normalize import normalize


def main() -> None:
    """Read data/resampled/DATASET, write data/normalized/BENCHMARK and its statistics in reports/BENCHMARK."""
    params = load_params()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benchmark", choices=list(params.benchmarks))
    name = parser.parse_args().benchmark
    benchmark = params.benchmarks[name]
    recordings = load(Path("data/resampled") / benchmark.dataset)
    recordings.table["split"] = split_recordings(recordings.table, benchmark)
    normalized, statistics = normalize(recordings, params.rate[benchmark.dataset])
    save(normalized, Path("data/normalized") / name)
    with replacing(Path("reports") / name / "statistics.json") as temporary:
        temporary.write_text(json.dumps({name: asdict(of) for name, of in statistics.items()}, indent=2) + "\n")


run(main)
