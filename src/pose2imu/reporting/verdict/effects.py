"""Effects: two rows compared on the same seeds and people, with 95 % intervals."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from pose2imu.reporting.breakdown.people import ALL

NAN = float("nan")
SAME = 1e-9  # differences that differ by less have no spread


class Effect(NamedTuple):
    """The first row's score less the second's."""

    effect: float
    low: float
    high: float
    n: int  # seeds, or people
    p: float


def of_differences(values: np.ndarray) -> Effect:
    """Give the mean of paired differences (n,), its 95 % t-interval, and the p of its being 0."""
    if len(values) < 2:
        return Effect(float(values[0]) if len(values) else NAN, NAN, NAN, len(values), NAN)
    mean = float(values.mean())
    if np.ptp(values) < SAME:
        return Effect(mean, mean, mean, len(values), float(abs(mean) < SAME))
    found = stats.ttest_1samp(values, 0)
    low, high = found.confidence_interval(0.95)
    return Effect(mean, float(low), float(high), len(values), float(found.pvalue))


def over_seeds(folds: list[pd.DataFrame], first: str, second: str, measure: str) -> Effect:
    """Compare by the seeds that both rows have, over all test people; over folds, a seed counts with their mean."""
    by_fold = pd.concat([_paired(fold[fold.subject == ALL], first, second, measure) for fold in folds])
    return of_differences(by_fold.groupby("seed").mean().to_numpy())


def over_people(folds: list[pd.DataFrame], first: str, second: str, measure: str) -> Effect:
    """Compare by test people, each with the mean over the seeds that both rows have."""
    by_fold = pd.concat([_paired(fold[fold.subject != ALL], first, second, measure) for fold in folds])
    return of_differences(by_fold.groupby("subject").mean().to_numpy())


def _paired(scores: pd.DataFrame, first: str, second: str, measure: str) -> pd.Series:
    """Give differences by seed and subject. A row of which nothing is drawn at random has one run for all seeds."""
    ours, theirs = (
        scores[scores.row == row].set_index(["seed", "subject"])[measure].dropna() for row in (first, second)
    )
    if theirs.index.get_level_values("seed").nunique() == 1 < ours.index.get_level_values("seed").nunique():
        return (ours - theirs.droplevel("seed")).dropna()
    return (ours - theirs).dropna()


def spread_over_seeds(scores: pd.DataFrame, first: str, second: str, measure: str) -> Effect:
    """Compare standard deviations over seeds: the log of their ratio, with the interval and p of an F-test."""
    whole = scores[scores.subject == ALL]
    ours, theirs = (whole[whole.row == row][measure].dropna().to_numpy() for row in (first, second))
    n = min(len(ours), len(theirs))
    if n < 2 or min(ours.std(), theirs.std()) < SAME:
        return Effect(NAN, NAN, NAN, n, NAN)
    ratio = float(ours.var(ddof=1) / theirs.var(ddof=1))
    of = stats.f(len(ours) - 1, len(theirs) - 1)
    low, high = (float(np.log(ratio / of.ppf(quantile)) / 2) for quantile in (0.975, 0.025))
    return Effect(float(np.log(ratio) / 2), low, high, n, float(2 * min(of.cdf(ratio), of.sf(ratio))))
