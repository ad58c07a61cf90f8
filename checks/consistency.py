"""Do lock, metrics, tables and report in git agree with one another? One line per problem, exit code 1 if any."""

import argparse
import sys

from pose2imu.checking.consistency import problems
from pose2imu.command import run
from pose2imu.params import load_params


def main() -> None:
    """Check the benchmarks named."""
    params = load_params()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benchmarks", nargs="+", metavar="BENCHMARK", choices=[*params.protocols, *params.own])
    parser.add_argument("--page", action="store_true", help="what is over them too: page, choices, dvc.yaml, dvc.lock")
    arguments = parser.parse_args()
    found = list(problems(arguments.benchmarks, page=arguments.page))
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        sys.exit(1)
    print(f"consistent: lock, metrics, tables and report of {', '.join(arguments.benchmarks)}")


if __name__ == "__main__":
    run(main)
