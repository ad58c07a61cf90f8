"""Do lock, predictions, metrics, table and figure of the experiment with scarce sensor data agree? A line a problem."""

import sys

from pose2imu.checking.consistency import stale_stages
from pose2imu.checking.scarce import problems
from pose2imu.command import parser_of, run
from pose2imu.layout import SCARCE


def main() -> None:
    """Recompute all from the predictions in git."""
    parser = parser_of(__doc__)
    parser.add_argument("--partial", action="store_true", help="runs may be missing")
    partial = parser.parse_args().partial
    found = [*problems(partial=partial), *([] if partial else stale_stages([SCARCE]))]
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        sys.exit(1)
    print("consistent: lock, predictions, metrics, table and figure of scarce sensor data")


if __name__ == "__main__":
    run(main)
