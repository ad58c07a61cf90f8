"""Stage trials: the table of what was tried on validation where the paper leaves a value open."""

import here  # noqa: F401

from pose2imu.atomic import write_csv, write_text
from pose2imu.command import parser_of, run
from pose2imu.layout import REPORTS
from pose2imu.reporting.trials import BENCHMARKS, to_markdown, trials


def main() -> None:
    """Read learning curves, write reports/choices.csv and reports/choices.md."""
    parser_of(__doc__).parse_args()
    table = trials(BENCHMARKS)
    write_csv(REPORTS / "choices.csv", table)
    write_text(REPORTS / "choices.md", to_markdown(table))


if __name__ == "__main__":
    run(main)
