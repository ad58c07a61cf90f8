"""Stage scarce: the table of the experiment with scarce sensor data, its curve, and what poses are worth."""

import here  # noqa: F401

from pose2imu.atomic import replacing, write_csv, write_text
from pose2imu.command import parser_of, run
from pose2imu.layout import REPORTS, SCARCE
from pose2imu.reporting.scarce import curve, results, summary, table, worth


def main() -> None:
    """Read the runs, write table.csv, table.md, summary.md, worth.json and figures in reports/scarce."""
    parser = parser_of(__doc__)
    parser.add_argument("--partial", action="store_true", help="make do with the runs that there are")
    loaded = results.load(partial=parser.parse_args().partial)
    frame, found, folder = table.table(loaded), worth.worth(loaded), REPORTS / SCARCE
    said = worth.sentence(found)
    write_csv(folder / "table.csv", frame)
    write_text(folder / "table.md", table.to_markdown(frame, loaded.about.names, said))
    write_text(folder / "summary.md", summary.summary(frame, loaded.about.names, said))
    write_text(folder / "worth.json", worth.to_json(found))
    with replacing(folder / "figures") as temporary:
        temporary.mkdir()
        curve.draw(loaded, temporary, said)


if __name__ == "__main__":
    run(main)
