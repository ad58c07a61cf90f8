"""The demo: the whole graph on simulated data (synthetic), in a throw-away clone, a few rows trained to convergence."""

import argparse
import time
from pathlib import Path

from dvc.utils.hydra import apply_overrides

from pose2imu.checking.rerun import clone
from pose2imu.command import parser_of, run
from pose2imu.dvc import execute
from pose2imu.layout import table_folder

BENCHMARK = "sample"
# Ten epochs, which the tests and the results in git have, leave R far from where it ends; other rows only take time.
OVERRIDES = [
    "datasets.sample.epochs=40",
    "datasets.sample.patience=40",
    "runs.sample.row=[baseline,joint,minirocket]",
    "runs.sample.on_regressor=[regression_first]",
    "runs.sample.on_virtual=[]",
]
SHOWS = """
What this shows: the pipeline at work, from raw files to a table, with every stage that real data goes through. The
people and their watches are simulated: the numbers say nothing about people, nor about the paper's. Results on real
data: README.md.
"""


def main() -> None:
    """Clone, run, show the table."""
    parser: argparse.ArgumentParser = parser_of(__doc__)
    parser.add_argument("folder", type=Path, help="where to put the clone; must not exist")
    folder: Path = parser.parse_args().folder
    begin = time.monotonic()
    clone(folder)
    apply_overrides(folder / "params.yaml", OVERRIDES)
    execute(folder, "runner", BENCHMARK)
    execute(folder, "dvc", "repro", f"report@{BENCHMARK}")
    report = folder / table_folder(BENCHMARK)
    print(SHOWS)
    print((report / "table.md").read_text(encoding="utf-8"))
    print(f"report: {(report / 'report.html').resolve()} ({time.monotonic() - begin:.0f} s)")


if __name__ == "__main__":
    run(main)
