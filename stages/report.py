"""Stage report: a benchmark's table, figures and HTML page."""

import argparse
from pathlib import Path

from pose2imu.atomic import replacing
from pose2imu.command import run
from pose2imu.layout import REPORTS
from pose2imu.params import load_params
from pose2imu.reporting import figures, page, results, tables


def main() -> None:
    """Read the runs in reports/BENCHMARK; write its table.csv, table.md, figures/ and report.html."""
    params = load_params()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benchmark", choices=list(params.benchmarks))
    name: str = parser.parse_args().benchmark
    loaded = results.load(name, params.runs(name))
    table = tables.table(loaded)
    folder: Path = REPORTS / name
    with replacing(folder / "table.csv") as temporary:
        temporary.write_text(tables.to_csv(table), encoding="utf-8")
    with replacing(folder / "table.md") as temporary:
        temporary.write_text(tables.to_markdown(table, loaded.protocol), encoding="utf-8")
    with replacing(folder / "figures") as temporary:
        figures.draw(loaded, temporary)
    with replacing(folder / "report.html") as temporary:
        temporary.write_text(page.render([page.section(name)]), encoding="utf-8")


run(main)
