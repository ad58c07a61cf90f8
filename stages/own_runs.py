"""Stage own_runs: every row that own recordings allow, with every seed, trained and evaluated.

What is finished is skipped: interrupt it at will, and the same command goes on from there. Side by side, by hand:
`python stages/own_runs.py NAME --jobs 2`; `dvc repro` then finds all of it done.
"""

import here  # noqa: F401

from pose2imu.command import parser_of, run
from pose2imu.recipes import load_planned_runs
from pose2imu.runner.own import allowed, run_all


def main() -> None:
    """Read the windows of data/own/NAME; write data/models/NAME, reports/NAME/runs and reports/NAME/rows.json."""
    parser = parser_of(__doc__)
    parser.add_argument("name", help="of the folder in data/own, and of params.yaml's entry in `own`")
    parser.add_argument("--jobs", type=int, default=1, help="runs at a time, of one thread each (default: 1)")
    arguments = parser.parse_args()
    runs = allowed(arguments.name, load_planned_runs(arguments.name))
    run_all(arguments.name, runs, max(arguments.jobs, 1))


if __name__ == "__main__":
    run(main)
