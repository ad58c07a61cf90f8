"""MM-Fit's preprocessing rehearsed (synthetic): the real stages, in a throw-away clone, on an archive of its size."""

import hashlib
import json
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil
import yaml

from pose2imu.datasets.mm_fit import CLASSES, PARTICIPANTS, frame_times
from pose2imu.dvc import environment, execute, safe_dvc_command
from pose2imu.errors import InputError
from pose2imu.simulation import rehearsal

SEED = 0
BENCHMARKS = ("mm_fit_unseen", "mm_fit_committed")
PIPELINE = "mm_fit/dvc.yaml"
STAGES = [
    "download@mm_fit",
    "resample@mm_fit",
    *(f"{group}@{benchmark}" for benchmark in BENCHMARKS for group in ("normalize", "window")),
]
SAMPLING_SECONDS = 0.05
GIB = 2**30


@dataclass
class Measured:
    """What a stage took."""

    seconds: float = 0.0
    peak_memory: int = 0  # bytes, of all its processes together


def rehearse(folder: Path, labels: Path | None) -> dict[str, Any]:
    """Simulate the archive, run download to window in the clone `folder`, and describe what it took and gave."""
    archive = folder / "data/archives/mm-fit/mm-fit.zip"
    archive.parent.mkdir(parents=True)
    rehearsal.write_archive(archive, SEED, labels)
    expect(folder, archive)
    execute(folder, "dvc", "repro", "--quiet", "recipes")
    stages = {stage: run_stage(folder, stage) for stage in STAGES}
    about = {name: json.loads((folder / "reports" / name / "benchmark.json").read_text()) for name in BENCHMARKS}
    minutes = pd.read_parquet(folder / "data/resampled/mm_fit/recordings.parquet").eval("stop - start").sum()
    return {
        "synthetic": True,
        "sets": "of label files" if labels else "drawn",
        "archive_gib": round(archive.stat().st_size / GIB, 3),
        "minutes": round(float(minutes) / about[BENCHMARKS[0]]["rate"] / 60, 1),
        "seconds": round(sum(stage.seconds for stage in stages.values()), 1),
        "peak_memory_gib": round(max(stage.peak_memory for stage in stages.values()) / GIB, 3),
        "stages": {
            name: {"seconds": round(stage.seconds, 1), "peak_memory_gib": round(stage.peak_memory / GIB, 3)}
            for name, stage in stages.items()
        },
        "windows": about[BENCHMARKS[0]]["windows"],
        "windows_of": {name: one["windows"] for name, one in about.items()},
        "classes_of": {name: classes(folder / f"data/windows/{name}/index.parquet") for name in BENCHMARKS},
    }


def expect(folder: Path, archive: Path) -> None:
    """Have the clone's params.yaml expect this archive in place of the official one."""
    with archive.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    path = folder / "params.yaml"
    text = path.read_text(encoding="utf-8")
    (official,) = yaml.safe_load(text)["download"]["mm_fit"]["archives"]
    path.write_text(text.replace(official["sha256"], sha256), encoding="utf-8")


def run_stage(folder: Path, stage: str) -> Measured:
    """Run a stage by DVC, with the clone's own code; raises InputError where it fails."""
    command = safe_dvc_command("repro", "--single-item", "--force", f"{PIPELINE}:{stage}")
    measured = Measured()
    begin = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, env=environment(folder))
    with _watching(process.pid, measured):
        code = process.wait()
    measured.seconds = time.monotonic() - begin
    if code:
        raise InputError(f"dvc repro {stage} failed in {folder}")
    return measured


@contextmanager
def _watching(pid: int, measured: Measured) -> Iterator[None]:
    """Note the highest resident memory of a process with all its children."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(SAMPLING_SECONDS):
            measured.peak_memory = max(measured.peak_memory, _resident(pid))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _resident(pid: int) -> int:
    total = 0
    try:
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            total += process.memory_info().rss
    except psutil.NoSuchProcess:
        pass
    return total


def classes(windows: Path) -> dict[str, dict[str, int]]:
    """Windows per split and class, of a window stage's index."""
    counts = pd.read_parquet(windows).groupby(["split", "label"]).size()
    return {
        split: {CLASSES[label]: int(count) for label, count in of.droplevel("split").items()}
        for split, of in counts.groupby("split")
    }


def frame_time_errors(labels: Path) -> dict[str, np.ndarray]:
    """Errors in ms of the frame → time map, per workout, on real heart-rate files beside the label files.

    These carry frames and times about once a second. Where both watches have one, the map through the left watch's rows
    is held against the right watch's; else the map through every second row against the rows between.
    """
    errors = {}
    for workout in sorted(PARTICIPANTS):
        left, right = (labels / workout / f"{workout}_sw_{side}_hr.npy" for side in "lr")
        if not left.is_file():
            continue
        known = np.load(left)
        known, wanted = (known, np.load(right)) if right.is_file() else (known[::2], known[1::2])
        error = frame_times(known[:, 0], known[:, 1], wanted[:, 0]) - wanted[:, 1]
        errors[workout] = error[np.isfinite(error)]
    return errors


def summary(errors: Sequence[np.ndarray]) -> dict[str, float]:
    """Of absolute errors in ms over all workouts."""
    pooled = np.abs(np.concatenate(list(errors)))
    return {
        "median": round(float(np.median(pooled)), 1),
        "percentile_95": round(float(np.quantile(pooled, 0.95)), 1),
        "max": round(float(pooled.max()), 1),
    }
