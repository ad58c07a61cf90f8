"""The benchmark programs run and say what they measured; how fast anything is, no test says."""

from pathlib import Path

import pandas as pd
import pytest

from benchmarks import cost, training_step
from pose2imu.params import load_params


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
