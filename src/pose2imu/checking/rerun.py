"""Reruns: train again in a throw-away clone, and compare with the metrics in git."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pose2imu.dvc import execute, output
from pose2imu.errors import InputError
from pose2imu.layout import existing, run_folder
from pose2imu.lock import LOCKS
from pose2imu.params import Params
from pose2imu.runner.plan import Run, run_of
from pose2imu.staleness import address, graph_of

# The same machine gives the same digits. Another processor sums in another order, training amplifies that, and early
# stopping may choose another epoch: what F1, accuracy and (relative) MSE may then differ by. With torch and oneDNN held
# to AVX2 and to SSE4.1 on an AVX-512 machine, F1 and accuracy of all the sample's runs moved by up to 0.080 and its MSE
# by up to 8 %, those of UTD-MHAD's baseline by up to 0.022 (ATEN_CPU_CAPABILITY, ONEDNN_MAX_CPU_ISA; `make rerun`).
TOLERANCE = {"sample": 0.15, "rehearsal": 0.15, "utd_mhad": 0.06, "mm_fit": 0.06}


class Target(NamedTuple):
    """What is run again: a stage of DVC's, and the runs that it evaluates."""

    stage: str
    runs: list[Run]


class Compared(NamedTuple):
    """A rerun's metrics beside those in git: all of them where every digit is the same, else one by one."""

    line: str
    agrees: bool


def clone(folder: Path, locked: bool = False) -> None:
    """Clone the project, with what is not committed yet of tracked files, into a folder that must not exist.

    Unless `locked`, the clone has no dvc.lock, and its last commit has none, so that all its stages run.
    """
    if folder.exists():
        raise InputError(f"{folder} exists; expected the name of a folder to make")
    output("git", "clone", "--quiet", ".", str(folder))
    changes = subprocess.run(["git", "diff", "HEAD", "--binary"], check=True, capture_output=True).stdout
    if changes:
        subprocess.run(["git", "apply", "-"], cwd=folder, input=changes, check=True)
    if not locked:
        output("git", "rm", "--quiet", "--force", "--ignore-unmatch", *map(str, LOCKS), root=folder)
        who = ("-c", "user.name=clone", "-c", "user.email=clone@localhost")
        output("git", *who, "commit", "--quiet", "--allow-empty", "--message", "Start without dvc.lock", root=folder)


def targets_of(names: Sequence[str], root: Path = Path()) -> list[Target]:
    """Find the stages of targets, as users call them: report@BENCHMARK, or a run's name, ROW@BENCHMARK-SEED."""
    with graph_of(root) as graph:
        of_stage = {address(stage): run_of(stage.cmd) for stage in graph}
    evaluations = {stage: run for stage, run in of_stage.items() if run and run.script == "evaluate"}
    known = {f"{run.row}@{run.benchmark}-{run.seed}": Target(stage, [run]) for stage, run in evaluations.items()}
    for stage in of_stage:
        if (name := stage.rpartition(":")[2]).startswith("report@"):
            benchmark = name.partition("@")[2]
            known[name] = Target(stage, [run for run in evaluations.values() if run.benchmark == benchmark])
    if unknown := [name for name in names if name not in known]:
        raise InputError(f"{', '.join(unknown)}: expected report@BENCHMARK or ROW@BENCHMARK-SEED, as in params.yaml")
    return [known[name] for name in names]


def reproduce(folder: Path, targets: Sequence[Target]) -> None:
    """Run all stages of `targets` in a clone, with the clone's own code."""
    execute(folder, "dvc", "repro", *(target.stage for target in targets))


def compare(folder: Path, targets: Sequence[Target], params: Params) -> Iterator[Compared]:
    """Hold the metrics of the targets' runs in a clone against those in git."""
    for run in dict.fromkeys(run for target in targets for run in target.runs):
        path = run_folder(run.benchmark, run.row, run.seed) / "metrics.json"
        ours, theirs = (json.loads(existing(root / path).read_bytes()) for root in (Path(), folder))
        if ours == theirs:
            yield Compared(f"exact  {path}", True)
        else:
            yield from _one_by_one(path, ours, theirs, TOLERANCE[params.protocols[run.benchmark].dataset])


def _one_by_one(path: Path, ours: Mapping[str, Any], theirs: Mapping[str, Any], tolerance: float) -> Iterator[Compared]:
    before, now = metrics_of(ours), metrics_of(theirs)
    for name, value in before.items():
        agrees = abs(now[name] - value) <= tolerance * (value if name == "mse" else 1)
        word = "near " if agrees else "NOT  "
        yield Compared(
            f"{word}  {path} {name}: {value:.6f} in git, {now[name]:.6f} now, tolerance {tolerance}"
            + " of it" * (name == "mse"),
            agrees,
        )


def metrics_of(run: Mapping[str, Any]) -> dict[str, float]:
    """Flatten the test metrics of a run's file: "window f1", …, "mse"."""
    levels = [level for level in ("window", "clip") if run[level]]
    flat = {f"{level} {name}": value for level in levels for name, value in run[level].items()}
    return {**flat, "mse": run["mse"]} if run["mse"] is not None else flat
