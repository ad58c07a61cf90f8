"""Stage download: a dataset's archives, verified and unpacked."""

import here  # noqa: F401

from pose2imu.command import parser_of, run
from pose2imu.datasets.download import download
from pose2imu.layout import RAW
from pose2imu.params import Source, load_params
from pose2imu.recipes import load_options


def main() -> None:
    """Fetch a dataset's archives into data/raw/DATASET."""
    parser = parser_of(__doc__)
    parser.add_argument("dataset", choices=["utd_mhad", "mm_fit"])
    dataset = parser.parse_args().dataset
    # Where it comes from is in no recipe: what comes is verified.
    download(dataset, load_options("download", dataset, Source), RAW / dataset, load_params().mirror)


if __name__ == "__main__":
    run(main)
