"""Stage resample: an archive's recordings, both streams at one rate, as plain arrays."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from tqdm import tqdm

from pose2imu.command import run
from pose2imu.datasets import mm_fit, utd_mhad
from pose2imu.datasets.recording import RawRecording
from pose2imu.params import Params, load_params
from pose2imu.preprocessing.arrays import save
from pose2imu.preprocessing.resample import resample


def read(dataset: str, folder: Path, params: Params) -> Iterator[RawRecording]:
    """The recordings of a dataset; the sample is in MM-Fit's format, but each of its workouts is a person."""
    match dataset:
        case "utd_mhad":
            return utd_mhad.read(folder, params.limb)
        case "mm_fit":
            return mm_fit.read(folder)
        case _:
            return mm_fit.read(folder, participants={})


def main() -> None:
    """Read data/raw/DATASET, write data/resampled/DATASET."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", choices=["sample", "utd_mhad", "mm_fit"])
    dataset = parser.parse_args().dataset
    params = load_params()
    recordings = read(dataset, Path("data/raw") / dataset, params)
    progress = tqdm(recordings, desc=f"resample {dataset}", unit="recording", disable=None)
    save(resample(progress, params.rate[dataset], params.max_gap), Path("data/resampled") / dataset)


run(main)
