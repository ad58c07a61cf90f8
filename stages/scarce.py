"""Stage scarce: the table of the experiment with scarce sensor data, its curve, and what poses are worth."""

import here  # noqa: F401

from pose2imu.atomic import replacing, write_text
from pose2imu.command import parser_of, run
from pose2imu.layout import REPORTS, SCARCE
from pose2imu.reporting.scarce import curve, results
from pose2imu.reporting.scarce.summary import written


def main() -> None:
    """Read the runs, write table.csv, table.md, summary.md, worth.json and figures in reports/scarce."""
    parser = parser_of(__doc__)
    parser.add_argument("--partial", action="store_true", help="make do with the runs that there are")
    loaded = results.load(partial=parser.parse_args().partial)
    said, texts = written(loaded)
    folder = REPORTS / SCARCE
    for name, text in texts.items():
        write_text(folder / name, text)
    with replacing(folder / "figures") as temporary:
        temporary.mkdir()
        curve.draw(loaded, temporary, said)


if __name__ == "__main__":
    run(main)
