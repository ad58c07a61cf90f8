"""Do predictions, metrics, table and figure of the experiment with scarce sensor data agree? One line per problem."""

import sys

from pose2imu.checking.scarce import problems
from pose2imu.command import parser_of, run


def main() -> None:
    """Recompute all from the predictions in git."""
    parser = parser_of(__doc__)
    parser.add_argument("--partial", action="store_true", help="runs may be missing")
    found = list(problems(partial=parser.parse_args().partial))
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        sys.exit(1)
    print("consistent: predictions, metrics, table and figure of scarce sensor data")


if __name__ == "__main__":
    run(main)
