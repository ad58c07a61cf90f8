"""The record of what was chosen on validation; all curves here are made up."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fabricate import fabricate_runs

from pose2imu.atomic import write_json
from pose2imu.errors import InputError
from pose2imu.recipes import Recipe
from pose2imu.reporting.trials import to_markdown, trials
from tests.toy import params

BENCHMARK, OTHER = "utd_mhad_committed", "utd_mhad_cross_subject"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a project of its own, with recipes of all rows and trials."""
    monkeypatch.chdir(tmp_path)
    for benchmark in (BENCHMARK, OTHER):
        for row in ("baseline", "regressor", "augmentation", *params().trials):
            options, method = params().options(row, benchmark), params().method_of(row)
            recipe = Recipe(benchmark=benchmark, row=row, method=method, options=options, code={})
            write_json(Path(f"reports/recipes/train/{benchmark}/{row}.json"), recipe.model_dump())


def ran(benchmark: str, evaluated: dict[str, list[int]], alone: dict[str, list[int]]) -> None:
    fabricate_runs(Path(), benchmark, evaluated, alone)
    path = Path(f"reports/recipes/runs/{benchmark}.json")
    runs: dict[str, Any] = json.loads(path.read_text())
    runs["methods"] = {row: params().method_of(row) for row in runs["methods"]}
    path.write_text(json.dumps(runs))


def curve(benchmark: str, run: str, column: str, values: list[float]) -> None:
    path = Path(f"reports/{benchmark}/runs/{run}/curve.csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame({"part": "x", "epoch": range(1, len(values) + 1), column: values}).to_csv(path, index=False)


def test_the_best_epoch_of_each_run_beside_the_value_that_was_kept() -> None:
    ran(BENCHMARK, {"baseline": [0, 1]}, {"regressor": [0], "baseline_batch128": [0], "regressor_smallgain": [0]})
    curve(BENCHMARK, "baseline-0", "validation_f1", [0.1, 0.5, 0.4])
    curve(BENCHMARK, "regressor-0", "validation_mse", [0.9, 0.7, 0.8])
    curve(BENCHMARK, "baseline_batch128-0", "validation_f1", [0.3, 0.2])
    curve(BENCHMARK, "regressor_smallgain-0", "validation_mse", [0.8, 0.6])
    table = trials([BENCHMARK])
    rows = table[["method", "batch_size", "output_gain", "kept", "value", "best_epoch", "epochs"]]
    assert rows.to_numpy().tolist() == [
        ["baseline", 32, 1.0, True, 0.5, 2, 3],
        ["baseline", 128, 1.0, False, 0.3, 1, 2],
        ["regressor", 32, 0.1, False, 0.6, 2, 2],
        ["regressor", 32, 1.0, True, 0.7, 2, 3],
    ]
    text = to_markdown(table)
    assert "| `utd_mhad_committed` | baseline, f1 | **32** | – | – | 0 | 0.500 | 0.500 | 2 |" in text
    assert "| `utd_mhad_committed` | regressor, mse | 32 | 0.1 | – | 0 | 0.600 | 0.600 | 2 |" in text


def test_seeds_stand_in_one_line_with_their_mean() -> None:
    ran(BENCHMARK, {"baseline": [0, 1, 2]}, {"baseline_batch128": [0, 1]})
    for run, best in (("baseline-0", 0.5), ("baseline-1", 0.6), ("baseline_batch128-0", 0.3)):
        curve(BENCHMARK, run, "validation_f1", [best, 0.1])
    curve(BENCHMARK, "baseline_batch128-1", "validation_f1", [0.1, 0.4])
    text = to_markdown(trials([BENCHMARK]))
    assert "| baseline, f1 | **32** | – | – | 0, 1 | 0.500, 0.600 | 0.550 | 1 |" in text  # of the seeds that were tried
    assert "| baseline, f1 | 128 | – | – | 0, 1 | 0.300, 0.400 | 0.350 | 2 |" in text


def test_a_run_that_is_not_there_is_named() -> None:
    ran(BENCHMARK, {}, {"baseline_batch128": [0]})
    with pytest.raises(InputError, match=r"baseline_batch128-0/curve\.csv is missing"):
        trials([BENCHMARK])
    curve(BENCHMARK, "baseline_batch128-0", "validation_f1", [0.3, 0.2])
    with pytest.raises(InputError, match=r"runs/baseline-0/curve\.csv is missing"):
        trials([BENCHMARK])


def test_a_mix_that_was_tried_is_the_one_kept_and_needs_no_other_run() -> None:
    kept = params().options("augmentation", OTHER).model_dump()["mix"]
    assert params().options("augmentation_all", OTHER).model_dump()["mix"] == kept
    ran(BENCHMARK, {}, {"augmentation_none": []})
    ran(OTHER, {}, {"augmentation_none": [0], "augmentation_all": [0]})
    curve(OTHER, "augmentation_none-0", "validation_f1", [0.4, 0.3])
    curve(OTHER, "augmentation_all-0", "validation_f1", [0.4, 0.5])
    table = trials([BENCHMARK, OTHER])
    assert dict(zip(table["mix"], table["kept"], strict=True)) == {"none": False, ", ".join(kept): True}
    assert "| augmentation, f1 | 32 | – | none | 0 | 0.400 | 0.400 | 1 |" in to_markdown(table)


def test_every_trial_of_params_differs_from_its_method_in_what_the_table_shows() -> None:
    """But for one that is the mix kept; those that are evaluated are in no table of choices."""
    shown = ("batch_size", "output_gain", "mix")
    for row in {**params().other_runs(BENCHMARK), **params().other_runs(OTHER)}:
        if row not in params().trials:
            continue
        ours, kept = (params().options(name, BENCHMARK).model_dump() for name in (row, params().method_of(row)))
        differing = [key for key in ours if ours[key] != kept[key]]
        assert set(differing) <= set(shown)
        assert differing or row == "augmentation_all"
