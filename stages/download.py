"""Stage download: a dataset's archives, verified and unpacked."""

import argparse
from pathlib import Path

from pose2imu.command import run
from pose2imu.datasets.download import download
from pose2imu.params import load_params


def main() -> None:
    """Fetch a dataset's archives into data/raw/DATASET."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", choices=["utd_mhad", "mm_fit"])
    dataset = parser.parse_args().dataset
    params = load_params()
    download(dataset, getattr(params.download, dataset), Path("data/raw") / dataset, params.mirror)


run(main)
