"""The benchmark programs run and say what they measured; how fast anything is, no test says."""

import json
from pathlib import Path

import pandas as pd
import pytest

from pose2imu.params import load_params
from speed import cost, forecast, training_step


@pytest.mark.parametrize(("step", "dataset"), [("regressor", "mm_fit"), ("joint", "utd_mhad")])
def test_both_sides_take_their_turns(step: str, dataset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_step, "STEPS", 2)
    row = training_step.compare(step, dataset, load_params(), turns=1)
    assert list(row) == ["step", "shape", "windows_per_second", "reference_windows_per_second", "ratio"]
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
    assert Path("reports/forecast.md").read_text() == forecast.to_markdown(
        table, params, forecast.measured_card(Path("reports"))
    )
    row = table.set_index(["benchmark", "method"]).loc[("mm_fit_unseen", "regression_first")]
    windows = json.loads(Path("reports/rehearsal.json").read_text())["windows"]
    seconds = (2 * windows["train"] + windows["validation"] / 3) / row.windows_per_second
    assert row.core_hours_most == pytest.approx(seconds * 100 * 5 / 3600, rel=1e-2)
