"""Stage resample: an archive's recordings, both streams at one rate, as plain arrays."""

import argparse
from pathlib import Path

from tqdm import tqdm

from pose2imu.command import run
from pose2imu.datasets.catalogue import DATASETS
from pose2imu.params import load_params
from pose2imu.preprocessing.arrays import save
from pose2imu.preprocessing.resample import resample


def main() -> None:
    """Read data/raw/DATASET, write data/resampled/DATASET."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", choices=list(DATASETS))
    dataset = parser.parse_args().dataset
    params = load_params()
    recordings = DATASETS[dataset].read(Path("data/raw") / dataset, params)
    progress = tqdm(recordings, desc=f"resample {dataset}", unit="recording", disable=None)
    save(resample(progress, params.rate[dataset], params.max_gap), Path("data/resampled") / dataset)


run(main)
