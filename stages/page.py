"""Stage page: one HTML page over several benchmarks, from their tables and figures."""

import argparse

from pose2imu.atomic import replacing
from pose2imu.command import run
from pose2imu.layout import REPORTS
from pose2imu.params import load_params
from pose2imu.reporting import page


def main() -> None:
    """Read table.csv, benchmark.json and figures/ of each reports/BENCHMARK; write reports/report.html."""
    params = load_params()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benchmarks", nargs="+", metavar="BENCHMARK", choices=list(params.benchmarks))
    names: list[str] = parser.parse_args().benchmarks
    html = page.render([page.section(name) for name in names])
    with replacing(REPORTS / "report.html") as temporary:
        temporary.write_text(html, encoding="utf-8")


run(main)
