"""Stage simulate: the sample's archive, made in MM-Fit's raw format (synthetic)."""

import argparse
from pathlib import Path

from pose2imu.atomic import replacing
from pose2imu.command import run
from pose2imu.datasets.simulator import simulate
from pose2imu.params import load_params


def main() -> None:
    """Write data/raw/sample."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    simulator = load_params().simulator
    with replacing(Path("data/raw/sample")) as folder:
        simulate(folder, simulator.seed, simulator.workouts, simulator.seconds_per_set)


run(main)
