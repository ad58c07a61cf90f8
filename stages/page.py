"""Stage page: one HTML page over several benchmarks, from their tables and figures, and what is over them."""

import here  # noqa: F401

from pose2imu.atomic import write_text
from pose2imu.command import parser_of, run
from pose2imu.layout import REPORTS
from pose2imu.reporting.page.whole import page


def main() -> None:
    """Read tables and figures of each benchmark, verdict and scarce labels; write reports/report.html."""
    parser = parser_of(__doc__)
    parser.add_argument("benchmarks", nargs="+", metavar="BENCHMARK")
    names: list[str] = parser.parse_args().benchmarks
    write_text(REPORTS / "report.html", page(names))


if __name__ == "__main__":
    run(main)
