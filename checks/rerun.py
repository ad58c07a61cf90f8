"""Run targets from scratch in a throw-away clone; with --compare, hold their metrics against those in git."""

import argparse
import sys
from pathlib import Path

from pose2imu.checking.rerun import clone, differences, reproduce
from pose2imu.command import run
from pose2imu.params import load_params


def main() -> None:
    """Clone, reproduce, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where to put the clone; must not exist")
    parser.add_argument("targets", nargs="+", help="report@BENCHMARK or evaluate_METHOD@BENCHMARK-SEED")
    parser.add_argument("--compare", action="store_true", help="exit with 1 where a metric is out of its tolerance")
    arguments = parser.parse_args()
    clone(arguments.folder)
    reproduce(arguments.folder, arguments.targets)
    if not arguments.compare:
        return
    agreed = True
    for name, ours, theirs, agrees in differences(arguments.folder, arguments.targets, load_params()):
        print(f"{'ok ' if agrees else 'NOT'} {name}: {ours:.6f} in git, {theirs:.6f} now")
        agreed &= agrees
    if not agreed:
        sys.exit("error: a rerun does not give the metrics in git, within the tolerance of pose2imu.checking.rerun")


run(main)
