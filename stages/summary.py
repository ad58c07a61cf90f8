"""Stage summary: the answer in a few sentences, from the tables of several benchmarks."""

import here  # noqa: F401

from pose2imu.atomic import write_text
from pose2imu.command import parser_of, run
from pose2imu.layout import REPORTS
from pose2imu.reporting.summary import summary


def main() -> None:
    """Read table.csv and comparisons.csv of each reports/tables/BENCHMARK; write reports/summary.md."""
    parser = parser_of(__doc__)
    parser.add_argument("benchmarks", nargs="+", metavar="BENCHMARK")
    write_text(REPORTS / "summary.md", summary(parser.parse_args().benchmarks))


if __name__ == "__main__":
    run(main)
