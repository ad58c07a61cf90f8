"""What the paper leaves open, on validation: the values tried beside the one in params.yaml, on the same seeds."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from pose2imu.errors import InputError
from pose2imu.layout import run_folder
from pose2imu.recipes import Runs, load_recipe, load_runs
from pose2imu.reporting.reading import read_table
from pose2imu.reporting.templates import render

# The benchmarks on whose validation splits something was tried: s2 and s8, and s7.
BENCHMARKS = ("utd_mhad_committed", "utd_mhad_cross_subject")
KEYS = ["benchmark", "method", "batch_size", "output_gain", "mix"]
# Per method: the validation score that early stopping looks at, and whether higher is better.
SCORES = {"regressor": ("validation_mse", False)}
F1 = ("validation_f1", True)
# The methods that have R, or a mix: for others these say nothing.
WITH_R = ("regressor", "joint")
WITH_MIX = ("augmentation",)
GENERAL_GAIN = 1.0  # shown for methods that have no R


def trials(benchmarks: Iterable[str]) -> pd.DataFrame:
    """Make one row per run: its best validation score, at which epoch, of how many."""
    rows = [row for benchmark in benchmarks for row in _rows(benchmark, load_runs(benchmark))]
    if not rows:
        raise InputError("params.yaml: nothing is tried; expected a list in `tried`")
    return pd.DataFrame(rows).sort_values([*KEYS, "seed"], ignore_index=True)


def _rows(benchmark: str, runs: Runs) -> Iterator[dict[str, Any]]:
    """Take each trial of a benchmark, and the run of its method with the values of params.yaml, for the same seeds."""
    kept_seeds: dict[str, set[int]] = {}
    given: list[tuple[dict[str, Any], int]] = []
    tried = {row: seeds for row, seeds in runs.alone.items() if row != runs.methods[row]}
    for row, seeds in tried.items():
        method = runs.methods[row]
        kept, values = _values(benchmark, method), _values(benchmark, row)
        given += [(values, seed) for seed in seeds]
        kept_seeds.setdefault(method, set()).update(seeds)
        for seed in seeds:
            yield _row(benchmark, row, seed, values, kept=values == kept)
    for method, with_kept in kept_seeds.items():
        kept = _values(benchmark, method)
        for seed in sorted(with_kept):
            if (kept, seed) not in given:
                yield _row(benchmark, method, seed, kept, kept=True)


def _values(benchmark: str, row: str) -> dict[str, Any]:
    """Read what a row or trial is given of what the paper leaves open."""
    recipe = load_recipe(benchmark, row)
    options = recipe.options.model_dump()
    return {
        "benchmark": benchmark,
        "method": recipe.method,
        "batch_size": options["batch_size"],
        "output_gain": options.get("output_gain", GENERAL_GAIN),
        "mix": ", ".join(options["mix"]) or "none" if "mix" in options else "",
    }


def _row(benchmark: str, row: str, seed: int, values: dict[str, Any], *, kept: bool) -> dict[str, Any]:
    name, rising = SCORES.get(values["method"], F1)
    path = run_folder(benchmark, row, seed) / Path("curve.csv")
    curve = read_table(path, (name, "epoch"), ("part",))
    if curve[name].isna().all():
        raise InputError(f"{path}: {name} has no numbers; expected one an epoch")
    best = curve.loc[curve[name].idxmax() if rising else curve[name].idxmin()]
    found = {"score": name, "value": float(best[name]), "best_epoch": int(best["epoch"]), "epochs": len(curve)}
    return {**values, "seed": seed, "kept": kept, **found}


def to_markdown(table: pd.DataFrame) -> str:
    """Write a row per value tried: the scores of its seeds, their mean, and the mean of the epochs that were kept."""
    return render("trials.md.jinja", rows=[_cells(key, runs) for key, runs in table.groupby(KEYS, sort=False)])


def _cells(key: tuple[str, str, int, float, str], runs: pd.DataFrame) -> dict[str, Any]:
    benchmark, method, batch_size, output_gain, mix = key
    bold = "**" if runs["kept"].all() else ""
    return {
        "benchmark": benchmark,
        "method": method,
        "score": runs["score"].iloc[0].removeprefix("validation_"),
        "bold": bold,
        "batch_size": batch_size,
        "output_gain": f"{bold}{output_gain:g}{bold}" if method in WITH_R else "–",
        "mix": f"{bold}{mix.replace('_', ' ')}{bold}" if method in WITH_MIX else "–",
        "seeds": list(runs["seed"]),
        "best": [f"{value:.3f}" for value in runs["value"]],
        "mean": f"{runs['value'].mean():.3f}",
        "epoch": f"{runs['best_epoch'].mean():.0f}",
    }
