"""Put what results say into README.md: the summary, and tables of benchmarks, between <!-- table:NAME --> lines."""

import argparse
from pathlib import Path

from pose2imu.command import run
from pose2imu.errors import InputError
from pose2imu.layout import REPORTS, SCARCE, existing, table_folder
from pose2imu.params import load_params
from pose2imu.reporting import readme


def main() -> None:
    """Read what stages wrote for it in reports/, update README.md; with --check only compare."""
    params = load_params()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benchmarks", nargs="+", metavar="BENCHMARK", choices=list(params.protocols))
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if README.md is not in sync")
    parser.add_argument("--readme", type=Path, default=Path("README.md"), help="the file to update")
    arguments = parser.parse_args()
    tables = {
        name: existing(table_folder(name) / "table.md").read_text(encoding="utf-8") for name in arguments.benchmarks
    }
    tables["summary"] = existing(REPORTS / "summary.md").read_text(encoding="utf-8")
    tables["scarce"] = existing(REPORTS / SCARCE / "summary.md").read_text(encoding="utf-8")
    if not readme.update(arguments.readme, tables, arguments.check) and arguments.check:
        names = " ".join(arguments.benchmarks)
        raise InputError(f"{arguments.readme} differs from the tables: run `python checks/readme.py {names}`")


if __name__ == "__main__":
    run(main)
