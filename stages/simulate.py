"""Stage simulate: an archive in MM-Fit's raw format, made here (synthetic)."""

import argparse
from pathlib import Path

from pose2imu.atomic import replacing
from pose2imu.command import run
from pose2imu.datasets import rehearsal, simulator
from pose2imu.params import load_params


def main() -> None:
    """Write data/raw/DATASET."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", choices=["sample", "rehearsal"])
    dataset = parser.parse_args().dataset
    params = load_params().simulator
    with replacing(Path("data/raw") / dataset) as folder:
        if dataset == "sample":
            simulator.simulate(folder, params.sample.seed, params.sample.workouts, params.sample.seconds_per_set)
        else:
            labels = params.rehearsal.labels
            rehearsal.simulate(folder, params.rehearsal.seed, Path(labels) if labels else None)


run(main)
