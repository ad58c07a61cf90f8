"""Train and evaluate what is missing of benchmarks, in parallel: the stages that `dvc repro` would run one by one."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from pose2imu import lock
from pose2imu.command import run
from pose2imu.dvc import execute, require_own_code
from pose2imu.errors import InputError
from pose2imu.layout import SCARCE
from pose2imu.params import Params, load_params
from pose2imu.runner.cards import side_by_side
from pose2imu.runner.local import run_stages
from pose2imu.runner.plan import changed_recipes, data_stages, missing_runs

EXAMPLES = """examples:
  python -m pose2imu.runner utd_mhad_random --dry-run    what would run, and how long it took
  python -m pose2imu.runner utd_mhad_random --jobs 8     run it; Ctrl-C is safe, the same command goes on
  CUDA_VISIBLE_DEVICES=0,1 python -m pose2imu.runner sample --jobs 8     on two GPUs, four on each
  python -m pose2imu.runner sample --cluster slurm --option slurm_partition=cpu
After it, `dvc repro` has no run left to do."""


def main() -> None:
    """Bring the data of the benchmarks up to date, plan, run."""
    require_own_code()
    params = load_params()
    parser = parser_of(params)
    arguments = parser.parse_args()
    if arguments.jobs < 1:
        parser.error("--jobs must be at least 1")
    known = [*params.protocols, SCARCE]
    if unknown := set(arguments.benchmarks) - set(known):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; expected some of {', '.join(known)}")
    if not (arguments.benchmarks or arguments.restore_lock):
        parser.error(f"expected a BENCHMARK: {', '.join(known)}")
    restored = lock.restore()
    for line in restored:
        print(line, file=sys.stderr)
    if arguments.restore_lock and not restored:
        print("dvc.lock is whole")
    if arguments.benchmarks:
        train(arguments, params)


def parser_of(params: Params) -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m pose2imu.runner",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    jobs = max((os.cpu_count() or 1) // params.threads, 1)
    parser.add_argument("benchmarks", nargs="*", metavar="BENCHMARK", help="of params.yaml, or scarce")
    at_a_time = "; ".join(filter(None, ["processes at a time (here: %(default)s)", side_by_side()]))
    parser.add_argument("--jobs", type=int, default=jobs, metavar="N", help=at_a_time)
    parser.add_argument("--dry-run", action="store_true", help="print what would run; change nothing")
    parser.add_argument("--cluster", choices=["slurm", "local"], help="jobs by submitit instead of processes here")
    parser.add_argument("--option", action="append", default=[], metavar="KEY=VALUE", help="of submitit, once for each")
    parser.add_argument("--restore-lock", action="store_true", help="put a cut dvc.lock back from its copy")
    return parser


def train(arguments: argparse.Namespace, params: Params) -> None:
    """Plan and run, or print the plan."""
    if arguments.dry_run:
        print("\n".join(missing_runs(arguments.benchmarks, changed_recipes(params)).forecast(arguments.jobs)))
        return
    options = dict(map(_option, arguments.option))
    data = data_stages(arguments.benchmarks)
    execute(Path(), "dvc", "repro", "--quiet", *data)
    plan = missing_runs(arguments.benchmarks)
    *_, stages, times = ["", "", *plan.forecast(arguments.jobs)]
    print(stages, times, sep="\n")
    if arguments.cluster:
        from pose2imu.runner.cluster import submit  # noqa: PLC0415 - submitit is only needed here

        problems = submit(plan, data, arguments.cluster, options)
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


if __name__ == "__main__":
    run(main)
