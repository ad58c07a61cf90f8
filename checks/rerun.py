"""Run targets from scratch in a throw-away clone; with --compare, hold their metrics against those in git."""

import argparse
import sys
from pathlib import Path

from pose2imu.checking.rerun import clone, compare, reproduce, targets_of
from pose2imu.command import run
from pose2imu.params import load_params


def main() -> None:
    """Clone, reproduce, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where to put the clone; must not exist")
    parser.add_argument("targets", nargs="+", metavar="TARGET", help="report@BENCHMARK or ROW@BENCHMARK-SEED")
    parser.add_argument("--compare", action="store_true", help="exit with 1 where a metric is out of its tolerance")
    arguments = parser.parse_args()
    targets = targets_of(arguments.targets)
    clone(arguments.folder)
    reproduce(arguments.folder, targets)
    if not arguments.compare:
        return
    agreed = True
    for compared in compare(arguments.folder, targets, load_params()):
        print(compared.line)
        agreed &= compared.agrees
    if not agreed:
        sys.exit("error: a rerun does not give the metrics in git, within the tolerance of pose2imu.checking.rerun")


if __name__ == "__main__":
    run(main)
