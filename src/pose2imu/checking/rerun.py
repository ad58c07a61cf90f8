"""Reruns: train again in a throw-away clone, and compare with the metrics in git."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from pose2imu.errors import InputError
from pose2imu.layout import report_file
from pose2imu.params import Params

# The same machine gives the same digits. Another processor sums in another order, training amplifies that, and early
# stopping may choose another epoch: what F1, accuracy and (relative) MSE may then differ by. With torch and oneDNN held
# to AVX2 and to SSE4.1 on an AVX-512 machine, F1 and accuracy of all the sample's runs moved by up to 0.080 and its MSE
# by up to 8 %, those of UTD-MHAD's baseline by up to 0.022 (ATEN_CPU_CAPABILITY, ONEDNN_MAX_CPU_ISA; `make rerun`).
TOLERANCE = {"sample": 0.15, "rehearsal": 0.15, "utd_mhad": 0.06, "mm_fit": 0.06}


def clone(folder: Path) -> None:
    """Clone the project, with what is not committed yet of tracked files, into a folder that must not exist.

    The clone has no dvc.lock, so that all its stages run, and soon: DVC writes the whole file again after each of them,
    which takes ten seconds where it has hundreds of runs.
    """
    if folder.exists():
        raise InputError(f"{folder} exists; expected the name of a folder to make")
    if subprocess.run(["git", "clone", "--quiet", ".", str(folder)], check=False).returncode:
        raise InputError("git clone failed; expected to be run in a git checkout of the project")
    changes = subprocess.run(["git", "diff", "HEAD", "--binary"], check=True, capture_output=True).stdout
    if changes:
        subprocess.run(["git", "apply", "-"], cwd=folder, input=changes, check=True)
    (folder / "dvc.lock").unlink()


def reproduce(folder: Path, targets: Sequence[str]) -> None:
    """Run all stages of `targets` in a clone, with the clone's own code."""
    environment = {**os.environ, "PYTHONPATH": str((folder / "src").resolve())}
    if mirror := environment.get("POSE2IMU_MIRROR"):
        environment["POSE2IMU_MIRROR"] = mirror if "://" in mirror else str(Path(mirror).resolve())
    command = [sys.executable, "-m", "dvc", "repro", *targets]
    done = subprocess.run(command, cwd=folder, env=environment, check=False)
    if done.returncode:
        raise InputError(f"dvc repro {' '.join(targets)} failed in {folder}")


def runs_of(target: str, params: Params) -> Iterator[tuple[str, str, int]]:
    """The runs (benchmark, method, seed) that a target makes: report@BENCHMARK, or evaluate_METHOD@BENCHMARK-SEED."""
    group, _, item = target.partition("@")
    if group == "report" and item in params.benchmarks:
        yield from ((item, method, seed) for method, seeds in params.runs(item).items() for seed in seeds)
    elif group.startswith("evaluate_") and item in params.seeds:
        yield params.seeds[item].benchmark, group.removeprefix("evaluate_"), params.seeds[item].seed
    else:
        raise InputError(f"{target}: expected report@BENCHMARK or evaluate_METHOD@BENCHMARK-SEED")


def differences(folder: Path, targets: Sequence[str], params: Params) -> Iterator[tuple[str, float, float, bool]]:
    """Per metric of the targets' runs: its name, its value in git, the rerun's, and whether they agree."""
    for target in targets:
        for benchmark, method, seed in runs_of(target, params):
            path = report_file(benchmark, "runs", method, seed)
            ours, theirs = (metrics_of(json.loads((root / path).read_text())) for root in (Path(), folder))
            tolerance = TOLERANCE[params.benchmarks[benchmark].dataset]
            for name, value in ours.items():
                allowed = tolerance * (value if name == "mse" else 1)
                yield f"{path} {name}", value, theirs[name], abs(theirs[name] - value) <= allowed


def metrics_of(run: dict) -> dict[str, float]:
    """The test metrics of a run's file, flat: "window f1", …, "mse"."""
    levels = [level for level in ("window", "clip") if run[level]]
    flat = {f"{level} {name}": value for level in levels for name, value in run[level].items()}
    return {**flat, "mse": run["mse"]} if run["mse"] is not None else flat
