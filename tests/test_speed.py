"""The benchmark programs run and say what they measured; how fast anything is, no test says."""

import json
from argparse import Namespace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from checks import gpu as checks_gpu
from pose2imu.errors import InputError
from pose2imu.params import load_params
from speed import cost, forecast, gpu, gpu_page, training_step, validation


@pytest.mark.parametrize(("step", "dataset"), [("regressor", "mm_fit"), ("joint", "utd_mhad")])
def test_both_sides_take_their_turns(step: str, dataset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_step, "STEPS", 2)
    row = training_step.compare(step, dataset, load_params(), turns=1)
    measured = ["windows_per_second", "reference_windows_per_second", "ratio", "threads", "reference_on_threads"]
    assert list(row) == ["step", "shape", *measured]
    own, theirs = float(row["windows_per_second"]), float(row["reference_windows_per_second"])
    assert row["ratio"] == pytest.approx(own / theirs, rel=0.01)


def test_cost_is_measured_and_drawn(tmp_path: Path) -> None:
    params = load_params()
    sizes = [(32, cost.LENGTH), (64, cost.LENGTH), (cost.COUNT, 20)]
    rows = [
        (step, count, length, cost.measure(step, min(count, 64), length, params))
        for step in cost.STEPS
        for count, length in sizes
    ]
    table = pd.DataFrame(rows, columns=["step", "windows", "window", "seconds_per_epoch"])
    assert (table["seconds_per_epoch"] > 0).all()
    cost.draw(table, tmp_path)
    assert "<svg" in (tmp_path / "cost.svg").read_text()


def test_validation_is_measured_as_a_part_of_an_epoch() -> None:
    row = validation.measure("joint", "utd_mhad", load_params(), count=64)
    of_training, share = float(row["of_training"]), float(row["share"])
    assert 0 < of_training < 1
    assert share == pytest.approx(of_training / 3 / (1 + of_training / 3), abs=2e-3)


def test_the_operations_of_a_window_are_those_counted_by_hand() -> None:
    # Forward, F and C on 300 samples: convolutions 3→9, 9→9, 9→9 of 9 taps on 300, 150 and 75, linear 675→100→11.
    forward = 2 * (3 * 9 * 9 * 300 + 9 * 9 * 9 * (150 + 75) + 675 * 100 + 100 * 11)
    # Backward as much for the weights, and as much for the inputs of all layers but the first.
    expected = 3 * forward - 2 * 3 * 9 * 9 * 300
    flops, operations = forecast.work("baseline", load_params())
    assert flops == expected
    assert operations > 20


def test_the_forecast_in_git_follows_from_the_measurements_in_git() -> None:
    params = load_params()
    table = forecast.forecast(Path("reports"), params)
    assert Path("reports/forecast.csv").read_text() == table.to_csv(index=False, lineterminator="\n")
    card = forecast.measured_card(Path("reports"))
    assert Path("reports/forecast.md").read_text() == forecast.to_markdown(table, params, card)
    row = table.set_index(["benchmark", "method"]).loc[("mm_fit_unseen", "regression_first")]
    windows = json.loads(Path("reports/rehearsal.json").read_text())["windows"]
    cost = pd.read_csv("reports/validation.csv").set_index(["shape", "step"]).of_training["mm_fit", "baseline"]
    seconds = (2 * windows["train"] + cost * windows["validation"]) / row.windows_per_second
    assert row.core_hours_most == pytest.approx(seconds * 100 * 5 / 3600, rel=1e-2)


def test_a_cards_hours_are_its_epochs_times_all_seeds(tmp_path: Path) -> None:
    for name in ("rehearsal.json", "benchmark.csv", "cost.csv", "validation.csv"):
        (tmp_path / name).write_bytes((Path("reports") / name).read_bytes())
    rows = [{"row": row, "seconds": 6.0, "peak_memory_gib": 1.0} for row in forecast.TRAININGS]
    faster = {"row": "joint", "batch_size": 128, "seconds": 1.0, "peak_memory_gib": 1.0}  # not what params.yaml says
    at_once = [{"processes": n, "windows_per_second": 100.0 * n, "memory_gib_each": 1.0} for n in (1, 2)]
    found = {"card": {"name": "X"}, "mm_fit": [*rows, faster], "at_once": at_once}
    (tmp_path / "gpu.json").write_text(json.dumps(found))
    params = load_params()
    table = forecast.forecast(tmp_path, params)
    of = table.set_index(["benchmark", "method"])
    assert of.loc[("mm_fit_unseen", "joint")].gpu_hours_most == pytest.approx(6.0 * 100 * 5 / 3600, abs=0.01)
    windows = json.loads((tmp_path / "rehearsal.json").read_text())["windows_of"]
    longer = windows["mm_fit_committed"]["train"] / windows["mm_fit_unseen"]["train"]
    assert of.loc[("mm_fit_committed", "joint")].gpu_seconds_per_epoch == pytest.approx(6.0 * longer, abs=0.01)
    assert "GPU: X, one run at a time" in forecast.to_markdown(table, params, forecast.measured_card(tmp_path))


def test_what_a_card_did_not_measure_is_estimated(tmp_path: Path) -> None:
    assert forecast.measured_card(tmp_path) is None
    (tmp_path / "gpu.json").write_text(json.dumps({"card": {"name": "X"}, "mm_fit": [], "at_once": []}))
    assert forecast.measured_card(tmp_path) is None


def test_states_differ_by_their_largest_gap() -> None:
    one = {"a": np.array([1.0, 2.0]), "norm.running_mean": np.array([4.0])}
    other = {"a": np.array([1.0, 2.5]), "norm.running_mean": np.array([5.0])}
    assert gpu.difference(one, other) == pytest.approx(0.2)  # 0.5 of 2.5, and 1 of 5
    assert gpu.difference(one, other, buffers=True) == pytest.approx(0.2)
    assert gpu.difference(one, one) == 0


def test_a_part_that_fails_or_has_no_time_leaves_the_others(tmp_path: Path) -> None:
    def fails(check: checks_gpu.Check) -> None:
        raise RuntimeError("of this card")

    check = checks_gpu.Check(Namespace(out=tmp_path / "gpu.json", seconds=60, rehearse=True, only=None))
    check.part("one", 1, fails)
    check.part("two", 100, lambda check: check.say("two", 2))
    check.part("three", 1, lambda check: check.say("three", 3))
    found = json.loads((tmp_path / "gpu.json").read_text())
    assert found["errors"] == {"one": "RuntimeError: of this card"}
    assert (found["three"], "two" in found) == (3, False)


def test_parts_measured_again_take_the_place_of_theirs_alone_and_on_the_same_card_alone(tmp_path: Path) -> None:
    out = tmp_path / "gpu.json"
    given = Namespace(out=out, seconds=60, rehearse=True, only=["two"])
    check = checks_gpu.Check(given)
    checks_gpu.card(check)
    check.say("one", 1)
    check.say("two", [1])
    again = checks_gpu.Check(given)
    checks_gpu.card(again)
    again.part("two", 1, lambda check: check.add("two", {"n": 2}))
    found = json.loads(out.read_text())
    assert (found["one"], found["two"]) == (1, [{"n": 2}])
    out.write_text(json.dumps({**found, "card": {"name": "another"}}))
    with pytest.raises(InputError, match="another"):
        checks_gpu.card(checks_gpu.Check(given))


def test_a_page_says_what_a_card_showed_and_what_it_did_not() -> None:
    steps = {"step": "joint", "shape": "utd_mhad", "batch_size": 32, "precision": "float32"}
    runs = [
        {"seed": seed, "precision": kind, "epochs": 9, "test_f1": f1, "test_accuracy": 0.5, "digest": "a"}
        for seed, kind, f1 in [(0, "bfloat16", 0.61), (1, "float32", 0.6), (0, "float32", 0.6), (1, "bfloat16", 0.63)]
    ]
    milliseconds = {"torch_eager_ms": 7.0, "torch_ms": 3.0, "eager_ms": 9.6, "ms": 1.2}
    step = {**steps, **milliseconds, "torch_times": 5.83, "times": 8.0, "windows_per_second": 26667}
    page = gpu_page.to_markdown(
        {
            "card": {"name": "X", "torch": "2", "cores": 4},
            "steps": [step],
            "precision": runs,
            "errors": {"rows": "RuntimeError: of this card"},
        }
    )
    assert "| joint | utd_mhad | 32 | float32 | 7 | 3 | 9.6 | 1.2 | 8 | 5.83 | 26,667 |" in page
    assert "Weights of float32, seed 0, beside 3 other runs: others than alone." in page
    assert "bfloat16 minus float32, test F1: +0.020 (mean of 2 seeds)." in page
    assert "50 joint steps, captured and not (noise of UTD-MHAD's shapes): not measured." in page
    assert "- rows failed: RuntimeError: of this card" in page
