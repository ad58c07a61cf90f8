"""Scores by person and by activity, against what is counted by hand."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from pose2imu.reporting.breakdown.classes import classes, confused, never_right
from pose2imu.reporting.breakdown.people import ALL, people
from pose2imu.reporting.breakdown.spectrum import high_frequency
from pose2imu.reporting.breakdown.written import written
from pose2imu.reporting.results import Results

# Two clips of each of two people, activities a and b; two seeds of one row.
CLIPS = pd.DataFrame(
    {
        "method": "m",
        "seed": [0] * 4 + [1] * 4,
        "recording": ["a1_s1_t1", "a2_s1_t1", "a1_s2_t1", "a2_s2_t1"] * 2,
        "label": [0, 1] * 4,
        "predicted": [0, 1, 1, 0, 0, 1, 1, 1],
    }
)


class Protocol:
    dataset, benchmark, classes, rate, synthetic = "utd_mhad", "x", ["a", "b"], 50, False


def results(**changes: Any) -> Results:
    runs = pd.DataFrame({"method": "m", "seed": [0, 1], "mse": np.nan})
    empty = pd.DataFrame()
    given = {"runs": runs, "predictions": empty, "clips": CLIPS, "curves": empty, "generated": empty, **changes}
    return Results(Protocol(), ["m"], {"m": "M"}, **given)  # type: ignore[arg-type]


def test_accuracy_of_people() -> None:
    found = people(results()).set_index(["seed", "subject"]).clip_accuracy
    assert found.to_dict() == {
        (0, ALL): 0.5,
        (0, "s1"): 1.0,
        (0, "s2"): 0.0,
        (1, ALL): 0.75,
        (1, "s1"): 1.0,
        (1, "s2"): 0.5,
    }


def test_recall_and_f1_of_activities() -> None:
    found = classes(results()).set_index("activity")
    assert found.n.to_dict() == {"a": 2, "b": 2}
    assert found.recall.to_dict() == {"a": 0.5, "b": 0.75}
    assert found.f1.to_dict() == pytest.approx({"a": 2 * 2 / (4 + 3), "b": 2 * 3 / (4 + 5)})


def test_pairs_confused_most_come_first() -> None:
    assert confused(results()).to_numpy().tolist() == [["m", "a", "b", 0.5], ["m", "b", "a", 0.25]]


def test_clips_that_no_row_gets_right_with_most_seeds() -> None:
    found = never_right(results())
    assert found[["recording", "subject", "activity", "predicted", "right"]].to_numpy().tolist() == [
        ["a1_s2_t1", "s2", "a", "b", 0.0],
        ["a2_s2_t1", "s2", "b", "a", 0.5],
    ]


def test_what_is_read_names_people_pairs_and_clips() -> None:
    lines = written(results())["breakdown.md"].splitlines()
    assert "| M | 1.000 | 0.250 | 0.625 |" in lines
    assert "| a | 0.50 | M (0.50) | M (0.50) |" in lines
    assert "| a | b | 1 | 50% |" in lines
    assert "| a2_s2_t1 | s2 | b | a | 50 % |" in lines


@pytest.mark.parametrize(("scale", "expected"), [(1.0, 1.0), (0.5, 0.25), (3.0, 1.0), (0.0, 0.0)])
def test_power_beyond_the_real_one_covers_nothing_more(scale: float, expected: float) -> None:
    time = np.arange(100) / 50
    slow, fast = np.sin(2 * np.pi * time), np.sin(2 * np.pi * 10 * time)
    signals = pd.DataFrame({"recording": "r", "start": 0, "axis": "x", "real": slow + fast, "generated": scale * fast})
    assert high_frequency(signals, 50) == pytest.approx(expected)
