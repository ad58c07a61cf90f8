"""Stage virtual: what virtual sensors on the skeletons of a benchmark's training recordings read (IMUTube)."""

import argparse

from pose2imu.command import run
from pose2imu.datasets.catalogue import DATASETS
from pose2imu.layout import DATA
from pose2imu.params import load_params
from pose2imu.preprocessing.arrays import load, save
from pose2imu.preprocessing.virtual_recordings import Placement, virtual_recordings


def main() -> None:
    """Read data/resampled/DATASET and data/normalized/BENCHMARK, write data/virtual/BENCHMARK."""
    params = load_params()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benchmark", choices=list(params.benchmarks))
    name = parser.parse_args().benchmark
    dataset, options = params.benchmarks[name].dataset, params.imutube
    about = DATASETS[dataset]
    placement = Placement(about.vertical, lambda recording: about.near_bone(recording, params), options.placement)
    resampled, normalized = load(DATA / "resampled" / dataset), load(DATA / "normalized" / name)
    rate = params.rate[dataset]
    virtual = virtual_recordings(
        resampled, normalized, rate, placement, options.knots, options.noise, options.align, options.per_class
    )
    save(virtual, DATA / "virtual" / name)


run(main)
