"""Stage resample: an archive's recordings, both streams at one rate, as plain arrays."""

import here  # noqa: F401
from tqdm import tqdm

from pose2imu.command import parser_of, run
from pose2imu.datasets.catalogue import DATASETS
from pose2imu.layout import RAW, RESAMPLED
from pose2imu.preprocessing.arrays import save
from pose2imu.preprocessing.resample import resample
from pose2imu.recipes import Resampling, load_options


def main() -> None:
    """Read data/raw/DATASET, write data/resampled/DATASET."""
    parser = parser_of(__doc__)
    parser.add_argument("dataset", choices=list(DATASETS))
    dataset = parser.parse_args().dataset
    options = load_options("resample", dataset, Resampling)
    about = DATASETS[dataset]
    progress = tqdm(about.read(RAW / dataset, options.limb), desc=f"resample {dataset}", unit="recording", disable=None)
    save(resample(progress, options.rate, options.max_gap, len(about.classes)), RESAMPLED / dataset)


if __name__ == "__main__":
    run(main)
