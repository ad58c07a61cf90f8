"""Stage explanation: what might explain the difference from the paper."""

import here  # noqa: F401

from pose2imu.atomic import write_text
from pose2imu.command import parser_of, run
from pose2imu.layout import REPORTS
from pose2imu.reporting.explanation.written import written


def main() -> None:
    """Read reports/breakdown, learning curves of R and reports/streams; write reports/explanation.{csv,md}."""
    parser = parser_of(__doc__)
    parser.add_argument("benchmarks", nargs="+", metavar="BENCHMARK", help="or folds that are one, by claims.yaml")
    for name, text in written(parser.parse_args().benchmarks).items():
        write_text(REPORTS / name, text)


if __name__ == "__main__":
    run(main)
