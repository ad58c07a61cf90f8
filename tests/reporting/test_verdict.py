"""The verdict: intervals against hand-computed ones, and one word by the rule that claims.yaml states."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pose2imu.methods import method_of
from pose2imu.params import load_params
from pose2imu.reporting.breakdown.people import ALL
from pose2imu.reporting.verdict.claims import load_claims
from pose2imu.reporting.verdict.effects import Effect, of_differences, over_people, over_seeds, spread_over_seeds
from pose2imu.reporting.verdict.rule import word
from tests.toy import PROJECT


def effect(low: float, high: float) -> Effect:
    return Effect((low + high) / 2, low, high, 8, 0.5)


def scores(**of_row: dict[str, list[float]]) -> pd.DataFrame:
    """Scores of each row and subject, a value a seed."""
    lines = [
        (row, seed, subject, value)
        for row, subjects in of_row.items()
        for subject, values in subjects.items()
        for seed, value in enumerate(values)
    ]
    return pd.DataFrame(lines, columns=["row", "seed", "subject", "window_f1"])


@pytest.mark.parametrize(
    ("low", "high", "higher", "paper", "expected"),
    [
        (0.02, 0.15, True, 0.11, "reproduced"),
        (0.12, 0.15, True, 0.11, "reproduced"),  # more than the paper has
        (0.02, 0.05, True, 0.11, "not reproduced"),  # falls short of it
        (-0.05, 0.15, True, 0.11, "not decidable"),
        (-0.05, 0.02, True, 0.11, "not reproduced"),
        (-0.05, -0.02, True, 0.11, "not reproduced"),
        (-0.15, -0.02, False, -0.06, "reproduced"),
        (0.02, 0.15, False, -0.06, "not reproduced"),
        (0.02, 0.15, True, None, "reproduced"),
        (-0.02, 0.15, True, None, "not decidable"),
        (-0.15, -0.02, True, None, "not reproduced"),
        (math.nan, math.nan, True, 0.11, "not decidable"),
    ],
)
def test_the_word_of_an_interval(low: float, high: float, higher: bool, paper: float | None, expected: str) -> None:
    assert word(effect(low, high), higher, paper) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(-0.01, 0.3, "reproduced"), (-0.03, 0.1, "not decidable"), (-0.3, -0.03, "not reproduced")],
)
def test_no_worse_by_more_than_a_margin(low: float, high: float, expected: str) -> None:
    assert word(effect(low, high), True, 0.005, margin=0.02) == expected


@given(st.floats(-1, 1), st.floats(0.001, 1), st.floats(-1, 1))
def test_a_claim_and_its_opposite_are_not_both_reproduced(low: float, width: float, paper: float) -> None:
    words = [word(effect(low, low + width), higher, None) for higher in (True, False)]
    assert words.count("reproduced") <= 1
    turned = Effect(0, -low - width, -low, 8, 0.5)
    assert word(effect(low, low + width), paper > 0, paper) == word(turned, paper <= 0, -paper)


def test_differences_are_paired_by_seed_and_by_person() -> None:
    ours = {ALL: [0.5, 0.6, 0.9], "s1": [0.5, 0.6, 0.7], "s2": [0.4, 0.6, 0.8]}
    theirs = {ALL: [0.4, 0.6, 0.7], "s1": [0.5, 0.5, 0.5], "s2": [0.1, 0.1, 0.1]}
    frame = scores(ours=ours, theirs=theirs)
    by_seed = over_seeds([frame], "ours", "theirs", "window_f1")
    expected = stats.ttest_1samp([0.1, 0.0, 0.2], 0)
    assert (by_seed.effect, by_seed.p) == pytest.approx((0.1, expected.pvalue))
    assert (by_seed.low, by_seed.high) == pytest.approx(tuple(expected.confidence_interval(0.95)))
    by_person = over_people([frame], "ours", "theirs", "window_f1")
    assert (by_person.effect, by_person.n) == pytest.approx(((0.1 + 0.5) / 2, 2))


def test_folds_add_up_to_one_person_each_and_a_seed_counts_with_their_mean() -> None:
    folds = [
        scores(ours={ALL: [0.5, 0.7], name: [0.5, 0.7]}, theirs={ALL: [0.4, 0.4], name: [0.4, 0.4]})
        for name in ("s1", "s2", "s3")
    ]
    assert over_people(folds, "ours", "theirs", "window_f1")[::3] == pytest.approx((0.2, 3))
    assert over_seeds(folds, "ours", "theirs", "window_f1")[::3] == pytest.approx((0.2, 2))


def test_a_row_without_chance_is_compared_with_every_seed() -> None:
    frame = scores(ours={ALL: [0.5, 0.7]}, theirs={ALL: [0.5]})
    assert over_seeds([frame], "ours", "theirs", "window_f1")[::3] == pytest.approx((0.1, 2))


def test_one_pair_has_no_interval() -> None:
    found = of_differences(np.array([0.3]))
    assert found.effect == 0.3
    assert math.isnan(found.low)
    assert word(found, True, 0.1) == "not decidable"


def test_spreads_by_their_ratio() -> None:
    frame = scores(ours={ALL: [0.0, 2.0, 4.0]}, theirs={ALL: [0.0, 1.0, 2.0]})
    found = spread_over_seeds(frame, "ours", "theirs", "window_f1")
    assert found.effect == pytest.approx(math.log(2))
    assert found.p == pytest.approx(2 * stats.f(2, 2).sf(4.0))
    assert (found.low + found.high) / 2 == pytest.approx(math.log(2))


def test_claims_name_rows_benchmarks_and_methods_that_there_are() -> None:
    params, claims = load_params(PROJECT / "params.yaml"), load_claims()
    for claim in claims.claims.values():
        assert {claim.first, claim.second} <= set(params.rows)
        assert claim.decides in {**params.benchmarks, **claims.folds}
        assert set(claim.benchmarks or []) <= set(params.protocols)
    for claim in claims.scarce.values():
        assert {claim.first, claim.second} <= set(params.scarce.rows)
    # As published: Chen et al. and Memmesheimer et al. on six axes, the paper's method on three.
    for row in ("crc", "signal_image"):
        assert params.options(row, "utd_mhad_cross_subject").axes == 6  # type: ignore[attr-defined]
    assert method_of("joint").NEEDS.unit == "windows"
    for folds in claims.folds.values():
        assert set(folds) <= set(params.folds)
        people = [subject for fold in folds for subject in params.folds[fold].test]
        assert len(people) == len(set(people)) == 8
