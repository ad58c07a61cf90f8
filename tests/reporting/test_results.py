"""Reading back what the pipeline wrote; all results here are fabricated."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fabricate import METHODS, fabricate, fabricate_runs

from pose2imu.errors import InputError
from pose2imu.reporting.results import REGRESSOR, Results, compared, load

Make = Callable[..., Results]


def test_every_run_is_loaded_once(fabricated: Make) -> None:
    results = fabricated("utd_mhad_cross_subject")
    assert len(results.runs) == len(METHODS) * 2
    assert results.predictions.groupby(["method", "seed"]).size().eq(400).all()
    assert set(results.curves["method"]) == {*METHODS, REGRESSOR}
    assert set(results.generated["method"]) == {"regression_first", "joint"}
    assert set(results.generated["seed"]) == {0}


def test_methods_may_have_other_seeds_and_no_curves(tmp_path: Path) -> None:
    fabricate(tmp_path, "utd_mhad_cross_subject", [*METHODS, "crc"])
    fabricate_runs(tmp_path, "utd_mhad_cross_subject", {"crc": [0], "joint": [0, 1]}, {})
    results = load("utd_mhad_cross_subject", tmp_path)
    assert results.runs[["method", "seed"]].to_numpy().tolist() == [["crc", 0], ["joint", 0], ["joint", 1]]
    assert set(results.curves["method"]) == {"joint"}
    assert set(results.predictions["method"]) == {"joint"}
    assert set(results.clips["method"]) == {"crc", "joint"}


def test_a_run_without_scores_is_malformed(tmp_path: Path) -> None:
    fabricate(tmp_path, "sample")
    (tmp_path / "reports/sample/runs/joint-0/metrics.json").write_text('{"window": null, "clip": null}')
    with pytest.raises(InputError, match=r"joint-0/metrics\.json: : Value error, neither window nor clip has scores"):
        load("sample", tmp_path)


@pytest.mark.parametrize(
    "file",
    [
        "benchmark.json",
        "runs/joint-1/metrics.json",
        "runs/baseline-0/predictions.parquet",
        "runs/baseline-1/clips.parquet",
        "runs/regressor-0/curve.csv",
        "runs/joint-0/curve.csv",
        "runs/regression_first-0/generated.parquet",
        "runs/crc-0/clips.parquet",
    ],
)
def test_a_missing_file_is_named(tmp_path: Path, file: str) -> None:
    fabricate(tmp_path, "utd_mhad_cross_subject", [*METHODS, "crc"])
    (tmp_path / "reports/utd_mhad_cross_subject" / file).unlink()
    with pytest.raises(InputError, match=re.escape(f"utd_mhad_cross_subject/{file} is missing")):
        load("utd_mhad_cross_subject", tmp_path)


def test_a_missing_recipe_of_what_is_run_is_named(tmp_path: Path) -> None:
    fabricate(tmp_path, "sample")
    (tmp_path / "reports/recipes/runs/sample.json").unlink()
    with pytest.raises(InputError, match=r"reports/recipes/runs/sample\.json: missing"):
        load("sample", tmp_path)


def test_runs_and_names_come_from_params_and_not_from_what_lies_there(tmp_path: Path) -> None:
    fabricate(tmp_path, "sample", seeds=(0, 1, 2))
    fabricate_runs(tmp_path, "sample", {"joint": [0, 2], "baseline": [2]}, {"regressor": [1]})
    results = load("sample", tmp_path)
    assert results.runs[["method", "seed"]].to_numpy().tolist() == [["joint", 0], ["joint", 2], ["baseline", 2]]
    assert set(results.curves.groupby(["method", "seed"]).groups) == {
        *(("joint", 0), ("joint", 2), ("baseline", 2), (REGRESSOR, 1))
    }
    assert results.methods == ["joint", "baseline"]
    assert results.names["joint"] == "Proposed"


def test_fig_3_shows_the_first_seed_of_each_row(tmp_path: Path) -> None:
    fabricate(tmp_path, "sample", seeds=(0, 1, 2))
    fabricate_runs(tmp_path, "sample", {"regression_first": [1], "joint": [2, 0]}, {})
    generated = load("sample", tmp_path).generated
    assert set(generated.groupby(["method", "seed"]).groups) == {("regression_first", 1), ("joint", 2)}


def test_a_malformed_run_is_named_with_its_key(tmp_path: Path) -> None:
    fabricate(tmp_path, "sample")
    (tmp_path / "reports/sample/runs/joint-0/metrics.json").write_text('{"window": {"f1": 0.5}, "best_epoch": 1}')
    with pytest.raises(InputError, match=r"joint-0/metrics\.json: window\.accuracy"):
        load("sample", tmp_path)


def test_a_curve_without_a_column_is_named(tmp_path: Path) -> None:
    fabricate(tmp_path, "sample")
    (tmp_path / "reports/sample/runs/joint-0/curve.csv").write_text("epoch,loss\n1,2\n")
    with pytest.raises(InputError, match=r"joint-0/curve\.csv: no column part"):
        load("sample", tmp_path)


@pytest.mark.parametrize("file", ["predictions.parquet", "generated.parquet"])
def test_a_table_that_cannot_be_read_is_named(tmp_path: Path, file: str) -> None:
    fabricate(tmp_path, "sample")
    (tmp_path / "reports/sample/runs/regression_first-0" / file).write_text("no table")
    with pytest.raises(InputError, match=re.escape(f"regression_first-0/{file}: cannot be read")):
        load("sample", tmp_path)


def test_nothing_that_is_run_is_an_error(tmp_path: Path) -> None:
    fabricate(tmp_path, "sample")
    fabricate_runs(tmp_path, "sample", {}, {"regressor": [0]})
    with pytest.raises(InputError, match="nothing is run on sample"):
        load("sample", tmp_path)


@pytest.mark.parametrize(
    ("methods", "pair"),
    [
        (METHODS, ["regression_first", "joint"]),
        (["regression_first_half", "joint_similarity"], ["regression_first_half", "joint_similarity"]),
        (["baseline", "joint"], []),
    ],
)
def test_figure_3_compares_separate_with_joint_training(methods: list[str], pair: list[str]) -> None:
    assert compared(methods) == pair
