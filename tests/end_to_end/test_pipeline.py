"""The whole graph on a shortened sample, in a clone, as a user runs it: repro, ablations, checks that must fail."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pose2imu.checking.consistency import problems, stale_stages
from pose2imu.checking.rerun import compare, metrics_of, targets_of
from pose2imu.errors import InputError
from pose2imu.params import load_params
from pose2imu.recipes import write_recipes
from tests.end_to_end.project import EVALUATED, execute, running, set_params

# One worker runs them all: they share the clone.
pytestmark = pytest.mark.xdist_group("end_to_end")

WITH_REGRESSOR = {"regression_first", "joint", "joint_similarity"}
WITHOUT_EPOCHS = {"trees"}
RUNS = Path("reports/sample/runs")


def test_everything_is_there(project: Path) -> None:
    for row in EVALUATED:
        folder = project / RUNS / f"{row}-0"
        metrics = json.loads((folder / "metrics.json").read_text())
        predictions = pd.read_parquet(folder / "predictions.parquet")
        assert list(predictions.columns) == ["recording", "start", "label", "predicted"]
        assert set(predictions.recording) == {"w06", "w07"}
        assert metrics["clip"] is None
        assert metrics["window"]["accuracy"] == pytest.approx((predictions.label == predictions.predicted).mean())
        history = pd.read_csv(folder / ("tried.csv" if row in WITHOUT_EPOCHS else "curve.csv"))
        assert len(history) == 1 or row in WITHOUT_EPOCHS
        assert (metrics["mse"] is not None) == (row in WITH_REGRESSOR)
        if row in WITH_REGRESSOR:
            errors = pd.read_parquet(folder / "errors.parquet")
            assert len(errors) == len(predictions)
            assert metrics["mse"] == pytest.approx(errors.squared_error.mean())
    assert {path.name for path in (project / RUNS / "regressor-0").iterdir()} == {"curve.csv", "runtime.json"}
    table = pd.read_csv(project / "reports/tables/sample/table.csv").set_index("method")
    assert set(EVALUATED) <= set(table.index)
    assert "synthetic" in (project / "reports/tables/sample/table.md").read_text().lower()
    assert "synthetic" in (project / "reports/tables/sample/report.html").read_text().lower()


def test_nothing_is_left_to_do(project: Path) -> None:
    assert running(execute(project, "dvc", "repro", "--dry", "report@sample")) == []


@pytest.mark.parametrize(
    ("change", "stages"),
    [
        ({"beta": 10.0}, ["train_sample@joint-sample-0"]),
        ({"alpha": 2.0}, ["train_sample@joint-sample-0", "train_sample@joint_similarity-sample-0"]),
        ({"window": 2.0}, ["window@sample"]),
        ({"datasets__sample__window": 2.0}, ["window@sample"]),
        ({"datasets__sample__stride": 0.5}, ["window@sample"]),
        ({"methods__trees__trees": 50}, ["train_sample@trees-sample-0"]),
        ({"virtual__placement": 0.5}, ["virtual@sample"]),
    ],
)
def test_a_knob_invalidates_its_own_stages(
    restored: Path, change: dict[str, float], stages: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What follows from a stage that a change invalidates by itself runs after it."""
    monkeypatch.chdir(restored)
    set_params(restored, **change)
    write_recipes(load_params())
    found = [line.split(": ")[2] for line in stale_stages(["report@sample"])]
    assert sorted(found) == sorted(["recipes", *stages])


def test_dvc_says_so_itself(restored: Path) -> None:
    set_params(restored, beta=10.0)
    execute(restored, "dvc", "repro", "--quiet", "recipes")
    assert running(execute(restored, "dvc", "repro", "--dry", "report@sample")) == ["train_sample@joint-sample-0"]


def test_an_ablation_of_beta_retrains_joint_alone_and_to_the_same_digits(restored: Path) -> None:
    output = execute(restored, "dvc", "exp", "run", "-S", "beta=10", "report@sample")
    joint = ["train_sample@joint-sample-0", "evaluate_sample@joint-sample-0"]
    assert running(output) == ["recipes", *joint, "report@sample"]
    # With beta at its value, joint is joint_similarity, which was trained in another process.
    joint, similarity = (restored / RUNS / f"{row}-0" for row in ("joint", "joint_similarity"))
    files = {path.name for path in joint.iterdir()}
    assert {"metrics.json", "predictions.parquet", "curve.csv", "errors.parquet", "generated.parquet"} <= files
    for name in files - {"runtime.json", "metrics.json"}:
        assert (joint / name).read_bytes() == (similarity / name).read_bytes(), name
    one, other = (json.loads((folder / "metrics.json").read_text()) for folder in (joint, similarity))
    assert {**one, "method": ""} == {**other, "method": ""}
    execute(restored, "git", "checkout", "--quiet", ".")
    again = execute(restored, "dvc", "exp", "run", "-S", "beta=10", "train_sample@joint-sample-0")
    assert "Stage 'train_sample@joint-sample-0' is cached - skipping run" in again
    execute(restored, "git", "checkout", "--quiet", ".")
    execute(restored, "dvc", "checkout", "--quiet", "--force", "train_sample@joint-sample-0")


def test_a_window_longer_than_any_recording_is_one_line(restored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(restored)
    set_params(restored, datasets__sample__window=500.0)
    write_recipes(load_params())
    output = execute(restored, "python", "stages/window.py", "sample", status=1)
    assert output.splitlines() == ["error: sample: no train recording holds a window of 500.0 s"]


def found(root: Path) -> str:
    return "\n".join(problems(["sample"], root))


def test_untampered_results_are_consistent(project: Path) -> None:
    assert found(project) == ""


def edit_metric(root: Path) -> None:
    path = root / RUNS / "joint-0/metrics.json"
    run = json.loads(path.read_text())
    run["window"]["f1"] += 0.01
    path.write_text(json.dumps(run, indent=2) + "\n")


def edit_error(root: Path) -> None:
    path = root / RUNS / "joint-0/errors.parquet"
    table = pd.read_parquet(path)
    table.assign(squared_error=table.squared_error / 2).to_parquet(path, index=False)


def drop_wrong_predictions(root: Path) -> None:
    path = root / RUNS / "joint-0/predictions.parquet"
    table = pd.read_parquet(path)
    table[table.label == table.predicted].to_parquet(path, index=False)


def remove(path: str) -> Callable[[Path], None]:
    return lambda root: (root / path).unlink()


def append(path: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        with (root / path).open("ab") as file:
            file.write(b" ")

    return edit


def edit_text(path: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        text = (root / path).read_text()
        assert old in text
        (root / path).write_text(text.replace(old, new, 1))

    return edit


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (edit_metric, r"joint-0/metrics\.json: window_f1 is .* but the files beside it give"),
        (edit_metric, r"table\.csv: differs from what the runs give"),
        (edit_error, r"joint-0/metrics\.json: mse is .* but the files beside it give"),
        (drop_wrong_predictions, r"joint-0/predictions\.parquet: not the \d+ test windows"),
        (
            remove(f"{RUNS}/joint-0/predictions.parquet"),
            r"joint-0/predictions\.parquet is missing: run `dvc",
        ),
        (remove("reports/tables/sample/files.csv"), r"reports/tables/sample/files\.csv: cannot be read"),
        (
            edit_text("reports/tables/sample/table.csv", "joint,Proposed", "joint,proposed"),
            r"dvc\.lock: stale: report@sample: reports/tables/sample modified",
        ),
        (
            append("reports/tables/sample/figures/f1-window.svg"),
            r"dvc\.lock: stale: report@sample: reports/tables/sample",
        ),
        (edit_text("params.yaml", "beta: 0.0", "beta: 1.0"), r"dvc\.lock: stale: recipes: params\.yaml modified"),
        (
            edit_text("reports/recipes/train/sample/joint.json", '"beta": 0.0', '"beta": 1.0'),
            r"dvc\.lock: stale: train_sample@joint-sample-0: reports/recipes/train/sample/joint\.json modified",
        ),
        (
            edit_text("src/pose2imu/training.py", "import random", "import random "),
            r"dvc\.lock: stale: recipes: src",
        ),
        (
            edit_text("dvc.lock", "stages/train.py joint sample", "stages/train.py joint  sample"),
            r"dvc\.lock: stale: train_sample@joint-sample-0: its command changed",
        ),
    ],
)
def test_tampering_is_found(restored: Path, tamper: Callable[[Path], None], expected: str) -> None:
    tamper(restored)
    assert re.search(expected, found(restored))


@pytest.mark.parametrize(
    "path",
    [
        *(
            f"{RUNS}/joint-0/{name}"
            for name in ("metrics.json", "curve.csv", "generated.parquet", "predictions.parquet")
        ),
        f"{RUNS}/trees-0/tried.csv",
        f"{RUNS}/regressor-0/curve.csv",
        "reports/sample/statistics.json",
        "reports/sample/benchmark.json",
    ],
)
def test_the_file_that_was_altered_is_named_where_no_data_is_at_hand(restored: Path, path: str) -> None:
    """As in a fresh clone of git, where data/ is empty."""
    (restored / "data").rename(restored / "elsewhere")
    try:
        append(path)(restored)
        lines = found(restored).splitlines()
        assert lines[0].startswith(f"{restored / path}: altered: ")
        assert all("data/" not in line for line in lines)
        assert "modified" in lines[-1]
    finally:
        (restored / "elsewhere").rename(restored / "data")


def test_a_file_more_or_less_is_named(restored: Path) -> None:
    (restored / RUNS / "joint-0/curve.csv").rename(restored / RUNS / "joint-0/curve2.csv")
    assert f"{RUNS}/joint-0/curve.csv: missing: " in found(restored)
    assert f"{RUNS}/joint-0/curve2.csv: extra: " in found(restored)
    (restored / RUNS / "joint-0/curve2.csv").rename(restored / RUNS / "joint-0/curve.csv")


def test_weights_of_another_training_than_was_evaluated_are_found(restored: Path) -> None:
    """Both entries of the lock stand, and the file is gone, as in a fresh clone."""
    lock = restored / "dvc.lock"
    text, weights = lock.read_text(), restored / "data/models/sample/joint-0.safetensors"
    at = text.index("  train_sample@joint-sample-0:\n")
    start = text.index("md5: ", text.index("joint-0.safetensors", at)) + len("md5: ")
    lock.write_text(text[:start] + "f" * 32 + text[start + 32 :])
    weights.rename(weights.with_suffix(".elsewhere"))
    try:
        expected = r"evaluate_sample@joint-sample-0: \S+joint-0\.safetensors is another in the entry of the stage"
        assert re.search(expected, found(restored))
    finally:
        weights.with_suffix(".elsewhere").rename(weights)


def test_the_checks_command_fails_on_a_tampered_metric(restored: Path) -> None:
    assert "consistent: " in execute(restored, "python", "checks/consistency.py", "sample")
    edit_metric(restored)
    output = execute(restored, "python", "checks/consistency.py", "sample", status=1)
    assert output.startswith("reports/sample/runs/joint-0/metrics.json: altered: ")
    assert "reports/sample/runs/joint-0/metrics.json: window_f1 is" in output


def test_a_rerun_is_exact_or_near_or_out_of_tolerance(
    restored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(restored)
    params, (report, joint) = load_params(), targets_of(["report@sample", "joint@sample-0"])
    assert {run.row for run in report.runs} == set(EVALUATED)
    assert joint.stage == "evaluate_sample@joint-sample-0"
    again = list(compare(restored, [report, joint], params))
    assert {(one.line.split()[0], one.agrees) for one in again} == {("exact", True)}
    assert len(again) == len(EVALUATED)
    path = tmp_path / RUNS / "joint-0/metrics.json"
    path.parent.mkdir(parents=True)
    run = json.loads((restored / RUNS / "joint-0/metrics.json").read_text())
    run["window"]["f1"] += 0.5
    run["mse"] *= 1.1
    path.write_text(json.dumps(run))
    lines = [one.line for one in compare(tmp_path, [joint], params)]
    assert [(line.split()[0], line.split("json ")[1].split(":")[0]) for line in lines] == [
        ("NOT", "window f1"),
        ("near", "window accuracy"),
        ("near", "mse"),
    ]
    assert metrics_of(run)["mse"] == run["mse"]
    with pytest.raises(InputError, match=r"^train_sample@joint-sample-0: expected report@BENCHMARK or ROW@"):
        targets_of(["train_sample@joint-sample-0"])
