"""Stage simulate: an archive in MM-Fit's raw format, made here (synthetic)."""

from pathlib import Path

import here  # noqa: F401

from pose2imu.atomic import replacing
from pose2imu.command import parser_of, run
from pose2imu.layout import RAW
from pose2imu.params import Rehearsal, Sample
from pose2imu.recipes import load_options
from pose2imu.simulation import rehearsal, simulator


def main() -> None:
    """Write data/raw/DATASET."""
    parser = parser_of(__doc__)
    parser.add_argument("dataset", choices=["sample", "rehearsal"])
    dataset = parser.parse_args().dataset
    with replacing(RAW / dataset) as folder:
        if dataset == "sample":
            sample = load_options("simulate", dataset, Sample)
            simulator.simulate(folder, sample.seed, sample.workouts, sample.seconds_per_set)
        else:
            options = load_options("simulate", dataset, Rehearsal)
            rehearsal.simulate(folder, options.seed, Path(options.labels) if options.labels else None)


if __name__ == "__main__":
    run(main)
