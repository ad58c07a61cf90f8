"""Put what results say into README.md between <!-- table:NAME --> lines: the answer, narrow tables, times."""

import argparse
from pathlib import Path

from pose2imu.command import run
from pose2imu.datasets.benchmark import published_benchmark
from pose2imu.errors import InputError
from pose2imu.layout import REPORTS, SCARCE, existing, table_folder
from pose2imu.params import load_params
from pose2imu.reporting import readme, tables
from pose2imu.reporting.narrow import narrow
from pose2imu.reporting.summary import answer
from pose2imu.reporting.times import times


def main() -> None:
    """Read what stages wrote for it in reports/, update README.md; with --check only compare."""
    params = load_params()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benchmarks", nargs="+", metavar="BENCHMARK", choices=list(params.protocols))
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if README.md is not in sync")
    parser.add_argument("--readme", type=Path, default=Path("README.md"), help="the file to update")
    arguments = parser.parse_args()
    texts = {
        name: narrow(tables.read_csv(table_folder(name) / "table.csv"), published_benchmark(name))
        for name in arguments.benchmarks
    }
    verdict = REPORTS / "verdict.md"
    texts["answer"] = answer(
        _text(REPORTS / "summary.md"),
        _text(REPORTS / SCARCE / "summary.md"),
        _text(verdict) if verdict.is_file() else None,
    )
    texts["times"] = times(arguments.benchmarks)
    if not readme.update(arguments.readme, texts, arguments.check) and arguments.check:
        names = " ".join(arguments.benchmarks)
        raise InputError(f"{arguments.readme} differs from the tables: run `python checks/readme.py {names}`")


def _text(path: Path) -> str:
    return existing(path).read_text(encoding="utf-8")


if __name__ == "__main__":
    run(main)
