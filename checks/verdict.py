"""Does the verdict follow from the predictions in git? A line a problem."""

import sys

from pose2imu.checking.verdict import problems
from pose2imu.command import parser_of, run


def main() -> None:
    """Recompute breakdowns and verdict of the benchmarks that are judged, and breakdowns of others."""
    parser = parser_of(__doc__)
    parser.add_argument("benchmarks", nargs="+", metavar="BENCHMARK", help="that are judged")
    parser.add_argument("--others", nargs="*", default=[], metavar="BENCHMARK", help="that have a breakdown alone")
    arguments = parser.parse_args()
    found = list(problems(arguments.benchmarks, arguments.others))
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        sys.exit(1)
    print("consistent: predictions, breakdowns and verdict")


if __name__ == "__main__":
    run(main)
