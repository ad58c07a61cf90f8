"""Stage report: a benchmark's table, figures, HTML page and metrics."""

import here  # noqa: F401

from pose2imu.atomic import replacing, write_csv, write_json, write_text
from pose2imu.command import parser_of, run
from pose2imu.layout import REPORTS, table_folder
from pose2imu.reporting import classes, comparisons, figures, files, results, tables
from pose2imu.reporting.page.whole import page_of


def main() -> None:
    """Read reports/BENCHMARK/runs; write its table, figures and page, and reports/metrics/BENCHMARK.json."""
    parser = parser_of(__doc__)
    parser.add_argument("benchmark")
    name: str = parser.parse_args().benchmark
    loaded = results.load(name)
    table, compared, folder = tables.table(loaded), comparisons.comparisons(loaded), table_folder(name)
    write_csv(folder / "table.csv", table)
    write_csv(folder / "comparisons.csv", compared)
    write_csv(folder / "by_class.csv", classes.f1_by_class(loaded))
    write_csv(folder / "confusions.csv", classes.confusions(loaded))
    write_text(folder / "table.md", tables.to_markdown(table, loaded.protocol, compared))
    with replacing(folder / "figures") as temporary:
        figures.draw(loaded, temporary)
    write_text(folder / "report.html", page_of(name))
    write_csv(folder / files.NAME, files.listing(name))
    write_json(REPORTS / "metrics" / f"{name}.json", tables.metrics(table))


if __name__ == "__main__":
    run(main)
