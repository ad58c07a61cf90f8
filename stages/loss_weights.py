"""Stage loss_weights: curves over the weights of the joint loss."""

import here  # noqa: F401

from pose2imu.atomic import write_text
from pose2imu.command import parser_of, run
from pose2imu.layout import REPORTS
from pose2imu.reporting.loss_weights import draw, loss_weights, written


def main() -> None:
    """Read the runs of a benchmark whose rows differ by α or β; write reports/loss_weights.{csv,md,svg}."""
    parser_of(__doc__).parse_args()
    for name, text in written().items():
        write_text(REPORTS / name, text)
    draw(loss_weights(), REPORTS)


if __name__ == "__main__":
    run(main)
