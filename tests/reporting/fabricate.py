"""Fabricated results, in the layout the pipeline writes: numbers made up here, no run of anything."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from tests.toy import params

METHODS = ("baseline", "regression_first", "regression_first_half", "joint", "joint_similarity")
WITHOUT_REGRESSOR = ("baseline", "imutube", "mmfit_cnn", "augmentation")
WINDOW_METHODS = (*METHODS, *WITHOUT_REGRESSOR[1:])
SEQUENCE_METHODS = (
    "crc",
    "crc_three_axes",
    "signal_image",
    "signal_image_three_axes",
    "trees",
    "minirocket",
    "strong_cnn",
)  # at one level only, and without epochs
PUBLISHED = {"utd_mhad_cross_subject": ["regression_first", "joint"], "sample": ["baseline"]}
DATASETS = {"sample": "sample", "mm_fit_unseen": "mm_fit", "utd_mhad_cross_subject": "utd_mhad"}
CLASSES = {"sample": 11, "mm_fit": 11, "utd_mhad": 27}
NAMES = {row: about.name or row for row, about in params().rows.items()}


def window_f1(method: str, seed: int) -> float:
    """Give the fabricated F1 of a run."""
    return round(0.60 + 0.03 * WINDOW_METHODS.index(method) + 0.02 * seed, 3)


def fabricate(root: Path, benchmark: str, methods: Sequence[str] = METHODS, seeds: Sequence[int] = (0, 1)) -> None:
    """Write reports/BENCHMARK/ below `root`, and the recipe that says what is run on it."""
    folder = root / "reports" / benchmark
    dataset = DATASETS[benchmark]
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    names = [f"class_{number}" for number in range(CLASSES[dataset])]
    splits = {"train": 900, "validation": 300, "test": 400}
    description = {
        **{"benchmark": benchmark, "dataset": dataset, "synthetic": dataset == "sample", "classes": names},
        **{"clips": dataset == "utd_mhad", "rate": 50, "window": 100, "stride": 10, "windows": splits},
        "recordings": {"train": 5, "validation": 1, "test": 2},
        "subjects": {"train": ["s1", "s3", "s5"], "validation": ["s7"], "test": ["s2", "s4"]},
    }
    (folder / "benchmark.json").write_text(json.dumps(description))
    fabricate_runs(root, benchmark, {method: list(seeds) for method in methods}, {"regressor": list(seeds)})
    for seed in seeds:
        _curve("regressor", seed).to_csv(_run_folder(folder, "regressor", seed) / "curve.csv", index=False)
        for method in methods:
            _run(_run_folder(folder, method, seed), method, seed, len(names), clips=dataset == "utd_mhad")


def fabricate_runs(
    root: Path,
    benchmark: str,
    evaluated: dict[str, list[int]],
    alone: dict[str, list[int]],
    beside: dict[str, list[int]] | None = None,
) -> None:
    """Write the recipe of what is run on a benchmark, rows in the order of the table."""
    rows = (*evaluated, *(beside or {}), *alone)
    runs = {
        **{"evaluated": evaluated, "beside": beside or {}, "alone": alone},
        "names": {row: NAMES.get(row, row) for row in rows},
        "methods": {row: row for row in rows},
    }
    path = root / f"reports/recipes/runs/{benchmark}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(runs))


def _run_folder(folder: Path, method: str, seed: int) -> Path:
    path = folder / f"runs/{method}-{seed}"
    path.mkdir(parents=True)
    return path


def _sequence_run(folder: Path, method: str, classes: int, clips: bool) -> None:
    """All right, so that its scores are 1."""
    scores = {"f1": 1.0, "accuracy": 1.0}
    level, file = ("clip", "clips.parquet") if clips else ("window", "predictions.parquet")
    given = {"axes": 6 if method in ("crc", "signal_image") else 3, "trained_on": ["train", "validation"]}
    if method.startswith("signal_image"):
        given["pretrained"] = method == "signal_image"
    (folder / "metrics.json").write_text(json.dumps({"window": None, level: scores, **given}))
    label = np.arange(400) % classes
    table = pd.DataFrame({"recording": "w06", "start": np.arange(400), "label": label, "predicted": label})
    table.to_parquet(folder / file)


def _run(folder: Path, method: str, seed: int, classes: int, clips: bool) -> None:
    if method in SEQUENCE_METHODS:
        _sequence_run(folder, method, classes, clips)
        return
    random = np.random.default_rng([seed, WINDOW_METHODS.index(method)])
    f1, generates = window_f1(method, seed), method not in WITHOUT_REGRESSOR
    metrics = {
        "window": {"f1": f1, "accuracy": f1 + 0.05},
        "clip": {"f1": f1 + 0.1, "accuracy": f1 + 0.12} if clips else None,
        "mse": 0.4 + 0.01 * seed if generates else None,
        **{
            "best_epoch": 20,
            "epochs": 40,
            "validation": {"f1": 0.7, "accuracy": 0.7},
            "test_windows": 400,
            "unknown_key": 1,
        },
    }
    (folder / "metrics.json").write_text(json.dumps(metrics))
    label = random.integers(0, classes - 1, 400)  # the last class does not occur
    predicted = np.where(random.random(400) < f1, label, random.integers(0, classes, 400))
    predictions = pd.DataFrame({"recording": "w06", "start": np.arange(400), "label": label, "predicted": predicted})
    predictions.to_parquet(folder / "predictions.parquet")
    if clips:
        predictions[:50].to_parquet(folder / "clips.parquet")
    _curve(method, seed).to_csv(folder / "curve.csv", index=False)
    if generates:
        _signals(random).to_parquet(folder / "generated.parquet")


def _curve(method: str, seed: int) -> pd.DataFrame:
    epoch = np.arange(1, 41)
    fall = np.exp(-epoch / 10)
    if method == "regressor":
        columns = {"loss": 45 * fall + 0.4, "mse": 45 * fall + 0.4, "validation_mse": 40 * fall + 0.5}
        return pd.DataFrame({"part": "regressor", "epoch": epoch, **columns})
    top = window_f1(method, seed) + 0.1
    wave = 0.02 * np.sin(epoch + seed)
    columns = {"loss": 3 * fall + 0.1, "validation_f1": top * (1 - fall) + wave, "validation_accuracy": top - fall}
    if method.startswith("joint"):
        columns |= {"mse": 40 * fall + 0.4, "ce_real": 2 * fall + 0.05, "ce_synthetic": 2 * fall + 0.1}
        columns |= {"similarity": 0.3 + 0.4 * fall, "validation_mse": 30 * fall + 0.4}
    return pd.DataFrame({"part": "classifier", "epoch": epoch, **columns})


def _signals(random: np.random.Generator) -> pd.DataFrame:
    parts = []
    time = np.arange(100) / 50
    for number, label in enumerate((0, 0, 3, 5)):
        for axis, letter in enumerate("xyz"):
            real = np.sin(2 * np.pi * (number + 1) * time + axis)
            place = {"recording": f"w{number:02d}", "start": 10 * number, "label": label, "axis": letter}
            noise = random.normal(0, 0.3, 100)
            signal = {"sample": np.arange(100), "time": time, "real": real, "generated": 0.8 * real + noise}
            parts.append(pd.DataFrame({**place, **signal}))
    return pd.concat(parts)
