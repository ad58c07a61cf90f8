"""Scores by class, confusions, and the coloured tables that show them."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from pose2imu.reporting.classes import confusions, f1_by_class, percent
from pose2imu.reporting.page.heat import confusion_heat, f1_heat
from pose2imu.reporting.results import Results


def test_confusion_rows_sum_to_100_and_absent_classes_are_empty() -> None:
    runs = pd.DataFrame({"label": [0, 0, 0, 0, 1], "predicted": [0, 0, 0, 2, 1]})
    expected = np.array([[75, 0, 25], [0, 100, 0], [np.nan] * 3])
    np.testing.assert_allclose(percent(runs, 3), expected)


def test_f1_of_a_class_is_the_mean_over_seeds_at_the_level_of_clips(fabricated: Callable[..., Results]) -> None:
    results = fabricated("utd_mhad_cross_subject", methods=["baseline", "joint"])
    clips = pd.DataFrame(
        {"method": "joint", "seed": [0, 0, 0, 1, 1, 1], "label": [0, 0, 1] * 2, "predicted": [0, 1, 1, 0, 0, 1]}
    )
    of = f1_by_class(results._replace(clips=clips)).set_index(["method", "class"])
    assert of.loc[("joint", "class_0"), "f1"] == pytest.approx((2 / 3 + 1) / 2)
    assert of.loc[("joint", "class_0"), "n"] == 2
    assert np.isnan(of.loc[("joint", "class_2"), "f1"])
    assert "baseline" not in of.index

    heat = f1_heat(of.reset_index(), {"baseline": "Baseline", "joint": "Joint"}, "clip")
    assert heat.columns == ["Joint"]
    assert heat.rows[0] == ("class 0", [83])
    assert heat.rows[2] == ("class 2", [None])


def test_two_confusion_matrices_the_baselines_and_the_bests(fabricated: Callable[..., Results]) -> None:
    results = fabricated("utd_mhad_cross_subject", methods=["baseline", "regression_first", "joint"])
    frame = confusions(results)
    assert list(frame["method"].unique()) == ["baseline", "joint"]
    assert frame.groupby(["method", "true"])["percent"].sum().to_numpy() == pytest.approx(100)
    heat = confusion_heat(frame, "joint", "Joint", results.protocol.classes, "clip")
    assert len(heat.rows) == len(heat.columns) == len(results.protocol.classes)
    assert heat.rows[0][0] == "1 class 0"
    assert set(heat.rows[-1][1]) == {None}  # the last class does not occur
