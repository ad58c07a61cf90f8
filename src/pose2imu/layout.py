"""Where the stages keep things: large ones in data/ (DVC's), small ones in reports/ (git's)."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from pose2imu.errors import InputError

DATA, REPORTS = Path("data"), Path("reports")


def weights_file(benchmark: str, method: str, seed: int) -> Path:
    """The trained networks of a run."""
    return DATA / "models" / benchmark / f"{method}-{seed}.safetensors"


def report_file(benchmark: str, kind: str, method: str, seed: int) -> Path:
    """What is kept in git of a run: `kind` is curves, tried, runs, predictions, clips, generated or runtime."""
    suffix = {"curves": "csv", "tried": "csv", "runs": "json", "runtime": "json"}.get(kind, "parquet")
    return REPORTS / benchmark / kind / f"{method}-{seed}.{suffix}"


def choice_file(name: str) -> Path:
    """The learning curve of a run that tries what the paper leaves open."""
    return REPORTS / "choices" / f"{name}.csv"


def existing(path: Path) -> Path:
    """The path of a file that an earlier stage wrote; InputError where there is none."""
    if not path.is_file():
        raise InputError(f"{path} is missing: run `dvc repro` to make it")
    return path


def load_benchmark(benchmark: str) -> dict[str, Any]:
    """reports/BENCHMARK/benchmark.json, as the window stage describes the benchmark."""
    path = REPORTS / benchmark / "benchmark.json"
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: expected the window stage's description of the benchmark ({error})") from error


def load_statistics(benchmark: str, axes: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation (axes,) that the normalize stage took off the signals."""
    streams = json.loads(existing(REPORTS / benchmark / "statistics.json").read_text())
    names = ["acceleration", "angular_velocity"][: axes // 3]
    mean, std = (np.array([value for name in names for value in streams[name][key]]) for key in ("mean", "std"))
    return mean, std
