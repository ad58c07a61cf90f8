"""Stage `download`: a dataset's archives, verified and unzipped, or the simulator's, into data/raw/<dataset>."""

import argparse
from pathlib import Path

from pose2imu.atomic import replacing
from pose2imu.command import run
from pose2imu.datasets.download import download
from pose2imu.params import load_params


def main() -> None:
    """Fetch, or simulate, one dataset."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", choices=["sample", "utd_mhad", "mm_fit"], help="sample is simulated, needs no net")
    dataset = parser.parse_args().dataset
    params = load_params()
    destination = Path("data/raw") / dataset
    if dataset == "sample":
        # Real datasets do not wait for the simulator's imports.
        from pose2imu.datasets.simulator import simulate  # noqa: PLC0415

        with replacing(destination) as folder:
            sample = params.download.sample
            simulate(folder, sample.seed, sample.workouts, sample.seconds_per_set)
    else:
        download(dataset, getattr(params.download, dataset), destination, params.mirror)


if __name__ == "__main__":
    run(main)
