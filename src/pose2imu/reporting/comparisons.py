"""The proposed method against the others: differences over seeds with Welch's intervals, the paper's beside them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from scipy import stats

from pose2imu.reporting.paper import PaperRow, paper_tables
from pose2imu.reporting.reading import read_table
from pose2imu.reporting.results import Results

PROPOSED = "joint"
# The other row, our metric, the paper's, and what it is called. The paper's conclusions rest on the first three. The
# others ask whether synthetic signals by regression are worth more than those by physics, or than plain augmentation of
# the real ones, which the paper has not tried.
COMPARED = [
    ("baseline", "window_f1", "f1", "window F1"),
    ("regression_first", "window_f1", "f1", "window F1"),
    ("regression_first", "mse", "mse", "MSE"),
    ("imutube", "window_f1", "f1", "window F1"),
    ("augmentation", "window_f1", "f1", "window F1"),
]
COLUMNS = ["other", "metric", "here", "low", "high", "n", "paper"]


def comparisons(results: Results) -> pd.DataFrame:
    """Make one row per comparison that a benchmark's runs allow; empty where the paper has no such dataset."""
    return pd.DataFrame(_rows(results), columns=COLUMNS)


def _rows(results: Results) -> Iterator[dict[str, Any]]:
    printed = paper_tables(results.protocol.dataset)
    for other, metric, in_paper, name in COMPARED if printed else []:
        ours, theirs = (results.runs.loc[results.runs["method"] == row, metric].dropna() for row in (PROPOSED, other))
        if ours.empty or theirs.empty:
            continue
        assert printed is not None
        n = min(len(ours), len(theirs))
        low, high = interval(ours, theirs) if n > 1 else (float("nan"), float("nan"))
        row = {"other": other, "metric": name, "here": ours.mean() - theirs.mean(), "low": low, "high": high, "n": n}
        yield row | {"paper": _difference(printed.rows.get(PROPOSED), printed.rows.get(other), in_paper)}


def interval(ours: pd.Series, theirs: pd.Series) -> tuple[float, float]:
    """Give Welch's 95 % confidence interval of the difference of means of two rows' runs."""
    if ours.nunique() == theirs.nunique() == 1:
        return (ours.mean() - theirs.mean(),) * 2
    found = stats.ttest_ind(ours, theirs, equal_var=False).confidence_interval(0.95)
    return float(found.low), float(found.high)


def _difference(ours: PaperRow | None, theirs: PaperRow | None, metric: str) -> float | None:
    first, second = (getattr(row, metric, None) for row in (ours, theirs))
    return None if first is None or second is None else first - second


def read_csv(path: Path) -> pd.DataFrame:
    """Read what the report stage wrote."""
    return read_table(path, COLUMNS, ("other", "metric"), empty=True)


def sentences(frame: pd.DataFrame, names: dict[str, str]) -> list[str]:
    """Say what the proposed method is better by, or worse, here and in the paper; `names` are of the rows."""
    lines = []
    for row in frame.itertuples():
        how = f"difference of means, n = {row.n}"
        if row.n > 1:
            how += f", 95 % interval {row.low:+.3f} to {row.high:+.3f}"
        here = f"{names[PROPOSED]} minus {names[row.other]}, {row.metric}: {row.here:+.3f} here ({how})"
        paper = f", {row.paper:+.4f} in the paper." if pd.notna(row.paper) else "; not in the paper."
        lines.append(here + paper)
    if (frame["n"] > 1).any():
        lines.append(
            "Intervals: Welch's, over seeds, none corrected for the number of comparisons. They say what another seed "
            "may change, not what other people to test on would."
        )
    return lines
