"""Train and evaluate what is missing of benchmarks, in parallel. After it, `dvc repro` has no run left to do."""

import argparse
import os
import subprocess
import sys
from typing import Any

from pose2imu.command import run
from pose2imu.errors import InputError
from pose2imu.params import load_params
from pose2imu.runner.command import DVC, environment
from pose2imu.runner.local import run_stages
from pose2imu.runner.plan import missing_runs


def main() -> None:
    """Bring the data of the benchmarks up to date, plan, run."""
    params = load_params()
    parser = argparse.ArgumentParser(prog="python -m pose2imu.runner", description=__doc__)
    parser.add_argument("benchmarks", nargs="+", choices=list(params.benchmarks), metavar="BENCHMARK")
    parser.add_argument(
        "--jobs", type=int, default=max((os.cpu_count() or 1) // params.threads, 1), help="processes (%(default)s)"
    )
    parser.add_argument("--dry-run", action="store_true", help="print what would run")
    parser.add_argument("--cluster", choices=["slurm", "local"], help="jobs by submitit instead of processes here")
    parser.add_argument(
        "--option", action="append", default=[], metavar="KEY=VALUE", help="of submitit: slurm_partition=cpu, ..."
    )
    arguments = parser.parse_args()
    if arguments.jobs < 1:
        parser.error("--jobs must be at least 1")

    data = [f"window@{name}" for name in arguments.benchmarks]
    data += [f"virtual@{name}" for name in arguments.benchmarks if "imutube" in params.runs(name)]
    if not arguments.dry_run and subprocess.run([*DVC, "repro", *data], env=environment(), check=False).returncode:
        raise InputError(f"dvc repro {' '.join(data)} failed")
    plan = missing_runs(arguments.benchmarks)
    print(f"{len(plan.waits_for)} stages to run")
    if arguments.dry_run:
        print("\n".join(plan.waits_for))
        return
    if arguments.cluster:
        from pose2imu.runner.cluster import submit  # noqa: PLC0415 - submitit is only needed here

        problems = submit(plan, arguments.cluster, dict(map(_option, arguments.option)))
    else:
        try:
            problems = run_stages(plan, arguments.jobs)
        except KeyboardInterrupt:
            sys.exit("interrupted; the same command goes on from here")
    if problems:
        raise InputError("\n".join([f"{len(problems)} stages not run", *(f"{s}: {p}" for s, p in problems.items())]))


def _option(text: str) -> tuple[str, Any]:
    key, separator, value = text.partition("=")
    if not separator:
        raise InputError(f"--option {text}: expected KEY=VALUE")
    return key, int(value) if value.isdigit() else value


run(main)
