"""Do lock, weights, cards and metrics of the models in git agree with the predictions there? A line a problem."""

import sys

from pose2imu.checking.consistency import stale_stages
from pose2imu.checking.models import problems
from pose2imu.command import parser_of, run
from pose2imu.own.shipped import NAMES


def main() -> None:
    """Recompute all from the predictions in git."""
    parser_of(__doc__).parse_args()
    found = [*problems(), *stale_stages([f"model@{name}" for name in NAMES])]
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        sys.exit(1)
    print("consistent: lock, weights, cards and metrics of the models in git")


if __name__ == "__main__":
    run(main)
