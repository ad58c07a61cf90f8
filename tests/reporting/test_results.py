"""Reading back what the pipeline wrote; all results here are fabricated."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fabricate import METHODS, fabricate

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
    results = load("utd_mhad_cross_subject", {"crc": [0], "joint": [0, 1]}, tmp_path)
    assert results.runs[["method", "seed"]].to_numpy().tolist() == [["crc", 0], ["joint", 0], ["joint", 1]]
    assert set(results.curves["method"]) == {"joint"}
    assert set(results.predictions["method"]) == {"joint"}
    assert set(results.clips["method"]) == {"crc", "joint"}


def test_a_run_without_scores_is_malformed(tmp_path: Path) -> None:
    fabricate(tmp_path, "sample")
    (tmp_path / "reports/sample/runs/joint-0.json").write_text('{"window": null, "clip": null}')
    with pytest.raises(InputError, match=r"joint-0\.json: : Value error, neither window nor clip has scores"):
        load("sample", {"joint": [0]}, tmp_path)


@pytest.mark.parametrize(
    "file",
    [
        "benchmark.json",
        "runs/joint-1.json",
        "predictions/baseline-0.parquet",
        "curves/regressor-0.csv",
        "generated/regression_first-0.parquet",
    ],
)
def test_a_missing_file_is_named(tmp_path: Path, file: str) -> None:
    fabricate(tmp_path, "sample")
    (tmp_path / "reports/sample" / file).unlink()
    with pytest.raises(InputError, match=re.escape(f"sample/{file} is missing")):
        load("sample", dict.fromkeys(METHODS, (0, 1)), tmp_path)


def test_runs_come_from_params_and_not_from_what_lies_there(tmp_path: Path) -> None:
    fabricate(tmp_path, "sample", seeds=(0, 1, 2))
    assert set(load("sample", dict.fromkeys(METHODS, (0, 2)), tmp_path).runs["seed"]) == {0, 2}


def test_a_malformed_run_is_named_with_its_key(tmp_path: Path) -> None:
    fabricate(tmp_path, "sample")
    (tmp_path / "reports/sample/runs/joint-0.json").write_text('{"window": {"f1": 0.5}, "best_epoch": 1}')
    with pytest.raises(InputError, match=r"joint-0\.json: window\.accuracy"):
        load("sample", dict.fromkeys(METHODS, (0, 1)), tmp_path)


def test_predictions_without_a_column_are_named(tmp_path: Path) -> None:
    fabricate(tmp_path, "sample")
    (tmp_path / "reports/sample/curves/joint-0.csv").write_text("epoch,loss\n1,2\n")
    with pytest.raises(InputError, match=r"joint-0\.csv: no column part"):
        load("sample", dict.fromkeys(METHODS, (0, 1)), tmp_path)


def test_no_seed_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no seed"):
        load("sample", {"joint": []}, tmp_path)


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
