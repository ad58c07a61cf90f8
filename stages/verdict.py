"""Stage verdict: which of the paper's claims hold, by which interval."""

import here  # noqa: F401

from pose2imu.atomic import write_text
from pose2imu.command import parser_of, run
from pose2imu.layout import REPORTS
from pose2imu.reporting.verdict.written import written


def main() -> None:
    """Read people.csv of each reports/breakdown/BENCHMARK, and reports/scarce/runs; write reports/verdict.{csv,md}."""
    parser = parser_of(__doc__)
    parser.add_argument("benchmarks", nargs="+", metavar="BENCHMARK", help="or folds that are one, by claims.yaml")
    for name, text in written(parser.parse_args().benchmarks).items():
        write_text(REPORTS / name, text)


if __name__ == "__main__":
    run(main)
