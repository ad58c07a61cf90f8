"""The whole graph on a shortened sample, in a clone, as a user runs it: repro, ablations, checks that must fail."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pose2imu.checking.consistency import problems
from pose2imu.checking.rerun import clone, differences, metrics_of, runs_of
from pose2imu.errors import InputError
from pose2imu.params import load_params
from tests.end_to_end.project import execute, running, set_params

# One worker runs them all: they share the clone.
pytestmark = pytest.mark.xdist_group("end_to_end")

RUN = (
    "baseline",
    "regression_first",
    "regression_first_half",
    "joint",
    "joint_similarity",
    "mmfit_cnn",
    "augmentation",
    "imutube",
)
WITHOUT_EPOCHS = ("crc_three_axes", "signal_image_three_axes", "trees", "minirocket", "strong_cnn")
WITHOUT_REGRESSOR = ("baseline", "mmfit_cnn", "augmentation", "imutube")


def test_everything_is_there(project: Path) -> None:
    folder = project / "reports/sample"
    for method in RUN:
        run = json.loads((folder / f"runs/{method}-0.json").read_text())
        predictions = pd.read_parquet(folder / f"predictions/{method}-0.parquet")
        assert list(predictions.columns) == ["recording", "start", "label", "predicted"]
        assert set(predictions.recording) == {"w06", "w07"}
        assert run["clip"] is None
        assert (run["mse"] is None) == (method in WITHOUT_REGRESSOR)
        assert run["window"]["accuracy"] == pytest.approx((predictions.label == predictions.predicted).mean())
    for method in WITHOUT_EPOCHS:
        run = json.loads((folder / f"runs/{method}-0.json").read_text())
        predictions = pd.read_parquet(folder / f"predictions/{method}-0.parquet")
        assert run["clip"] is None
        assert run["window"]["accuracy"] == pytest.approx((predictions.label == predictions.predicted).mean())
        assert len(pd.read_csv(folder / f"tried/{method}-0.csv")) > 0
    table = pd.read_csv(folder / "table.csv").set_index("method")
    assert set(RUN) <= set(table.index)
    assert "synthetic" in (folder / "table.md").read_text().lower()
    assert "synthetic" in (folder / "report.html").read_text().lower()


def test_nothing_is_left_to_do(project: Path) -> None:
    assert running(execute(project, "dvc", "repro", "--dry", "report@sample")) == []


@pytest.mark.parametrize(
    ("change", "stages"),
    [
        ({"beta": 10.0}, ["train_joint@sample-0"]),
        ({"alpha": 2.0}, ["train_joint@sample-0", "train_joint_similarity@sample-0"]),
        ({"window": 2.0}, ["window@sample"]),
        ({"window__sample": 2.0}, ["window@sample"]),
        ({"stride": 0.5}, ["window@sample"]),
    ],
)
def test_a_knob_invalidates_its_own_stages(restored: Path, change: dict[str, float], stages: list[str]) -> None:
    """A dry run names the stages that a change invalidates by itself; what follows from them runs after them."""
    set_params(restored, **change)
    assert sorted(running(execute(restored, "dvc", "repro", "--dry", "report@sample"))) == stages


def test_an_ablation_of_beta_retrains_joint_alone(restored: Path) -> None:
    output = execute(restored, "dvc", "exp", "run", "-S", "beta=10", "report@sample")
    assert running(output) == ["train_joint@sample-0", "evaluate_joint@sample-0", "report@sample"]
    # With beta at its value, joint is joint_similarity to the last digit.
    joint, similarity = (
        json.loads((restored / f"reports/sample/runs/{method}-0.json").read_text())
        for method in ("joint", "joint_similarity")
    )
    assert {**joint, "method": ""} == {**similarity, "method": ""}
    execute(restored, "git", "checkout", "--quiet", ".")
    execute(restored, "dvc", "checkout", "--force", "train_joint@sample-0")


def test_a_rerun_gives_the_same_digits(restored: Path) -> None:
    for stage in ("train_joint@sample-0", "evaluate_joint@sample-0"):
        execute(restored, "dvc", "repro", "--force", "--single-item", stage)
    assert (
        execute(restored, "git", "status", "--porcelain", "dvc.lock", "reports/*/runs", "reports/*/predictions") == ""
    )


def test_a_window_longer_than_any_recording_is_one_line(restored: Path) -> None:
    set_params(restored, window__sample=500.0)
    output = execute(restored, "python", "stages/window.py", "sample", status=1)
    assert output.splitlines() == ["error: sample: no train recording holds a window of 500.0 s"]


def found(root: Path) -> str:
    return "\n".join(problems(["sample"], load_params(root / "params.yaml"), root))


def test_untampered_results_are_consistent(project: Path) -> None:
    assert found(project) == ""


def edit_metric(root: Path) -> None:
    path = root / "reports/sample/runs/joint-0.json"
    run = json.loads(path.read_text())
    run["window"]["f1"] += 0.01
    path.write_text(json.dumps(run, indent=2) + "\n")


def drop_wrong_predictions(root: Path) -> None:
    path = root / "reports/sample/predictions/joint-0.parquet"
    table = pd.read_parquet(path)
    table[table.label == table.predicted].to_parquet(path, index=False)


def edit_text(path: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        text = (root / path).read_text()
        assert old in text
        (root / path).write_text(text.replace(old, new, 1))

    return edit


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (edit_metric, r"runs/joint-0\.json: window_f1 is .* but the files beside it give"),
        (edit_metric, r"table\.csv: differs from what the runs give"),
        (edit_metric, r"dvc\.lock: "),
        (drop_wrong_predictions, r"predictions/joint-0\.parquet: not the \d+ test windows"),
        (
            edit_text("reports/sample/table.csv", "joint,Proposed", "joint,proposed"),
            r"dvc\.lock: stale: .*report@sample",
        ),
        (edit_text("params.yaml", "beta: 0.0", "beta: 1.0"), r"dvc\.lock: stale: .*train_joint@sample-0"),
        (edit_text("src/pose2imu/training.py", "import random", "import random "), r"dvc\.lock: stale: .*train_joint@"),
        (edit_text("src/pose2imu/datasets/arm.py", "import numpy", "import  numpy"), r"dvc\.lock: stale: .*simulate"),
        (
            edit_text("src/pose2imu/evaluation/metrics.py", "import numpy", "import  numpy"),
            r"dvc\.lock: stale: .*train_",
        ),
    ],
)
def test_tampering_is_found(restored: Path, tamper: Callable[[Path], None], expected: str) -> None:
    tamper(restored)
    assert re.search(expected, found(restored))


def test_the_checks_command_fails_on_a_tampered_metric(restored: Path) -> None:
    assert "consistent: " in execute(restored, "python", "checks/consistency.py", "sample")
    edit_metric(restored)
    output = execute(restored, "python", "checks/consistency.py", "sample", status=1)
    assert "reports/sample/runs/joint-0.json: window_f1 is" in output


def test_a_rerun_out_of_tolerance_is_found(restored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(restored)
    params = load_params()
    assert sorted(runs_of("report@sample", params)) == sorted(("sample", name, 0) for name in (*RUN, *WITHOUT_EPOCHS))
    assert all(agrees for *_, agrees in differences(restored, ["report@sample"], params))
    clone(tmp_path / "other")
    path = tmp_path / "other/reports/sample/runs/joint-0.json"
    run = json.loads(path.read_text())
    run["window"]["f1"] += 0.5
    run["mse"] *= 1.1
    path.write_text(json.dumps(run))
    rows = differences(tmp_path / "other", ["evaluate_joint@sample-0"], params)
    assert {name.split("json ")[1]: agrees for name, *_, agrees in rows} == {
        "window f1": False,
        "window accuracy": True,
        "mse": True,
    }
    assert metrics_of(run)["mse"] == run["mse"]
    with pytest.raises(InputError, match="expected report@BENCHMARK"):
        list(runs_of("train_joint@sample-0", params))
