"""By class: how well each is recognised by each row, and which is taken for which.

At the level at which all rows of a benchmark can be compared: clips where recordings are clips, else windows.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import confusion_matrix, f1_score

from pose2imu.reporting.reading import read_table
from pose2imu.reporting.results import Results

F1_COLUMNS = ["method", "class", "f1", "n"]
CONFUSION_COLUMNS = ["method", "true", "predicted", "percent", "n_seeds"]
FIRST = "baseline"


def level(results: Results) -> str:
    """Name the level that all rows have."""
    return "clip" if results.protocol.clips else "window"


def _runs(results: Results) -> pd.DataFrame:
    return results.clips if level(results) == "clip" else results.predictions


def f1_by_class(results: Results) -> pd.DataFrame:
    """Make a line for each row and class: mean F1 over seeds, NaN where the class is not among the n tested."""
    lines = []
    runs, classes = _runs(results), results.protocol.classes
    for method in results.methods:
        of = [part for _, part in runs[runs["method"] == method].groupby("seed")]
        if not of:
            continue
        tested = np.bincount(of[0]["label"], minlength=len(classes))
        mean = np.mean([_f1(part, len(classes)) for part in of], axis=0)
        lines += [(method, name, f1 if n else np.nan, n) for name, f1, n in zip(classes, mean, tested, strict=True)]
    return pd.DataFrame(lines, columns=F1_COLUMNS)


def _f1(run: pd.DataFrame, classes: int) -> np.ndarray:
    """Give the F1 of each class, (classes,)."""
    every = list(range(classes))
    return np.asarray(f1_score(run["label"], run["predicted"], labels=every, average=None, zero_division=0))


def shown(results: Results) -> list[str]:
    """Give the two rows whose confusions are shown: the baseline, and the best of the others."""
    score = results.runs.groupby("method")[f"{level(results)}_f1"].mean().dropna()
    best = score.drop(FIRST, errors="ignore")
    return [*([FIRST] if FIRST in score.index else []), *([str(best.idxmax())] if len(best) else [])]


def confusions(results: Results) -> pd.DataFrame:
    """Make a line for each pair of classes that the two rows mistake, or get right; percent of the true class."""
    classes = results.protocol.classes
    lines = []
    for method in shown(results):
        runs = _runs(results)[_runs(results)["method"] == method]
        values = percent(runs, len(classes))
        for true, predicted in zip(*np.nonzero(np.nan_to_num(values)), strict=True):
            pair = (classes[true], classes[predicted], values[true, predicted], runs["seed"].nunique())
            lines.append((method, *pair))
    return pd.DataFrame(lines, columns=CONFUSION_COLUMNS)


def percent(runs: pd.DataFrame, classes: int) -> np.ndarray:
    """Give percentages of true classes (rows) by predicted ones (columns); NaN where a class is not tested."""
    counts = confusion_matrix(runs["label"], runs["predicted"], labels=list(range(classes)))
    totals = counts.sum(axis=1, keepdims=True)
    return np.where(totals > 0, 100 * counts / np.maximum(totals, 1), np.nan)


def read_f1(path: Path) -> pd.DataFrame:
    """Read the scores by class that the report stage wrote."""
    return read_table(path, F1_COLUMNS, ("method", "class"))


def read_confusions(path: Path) -> pd.DataFrame:
    """Read the confusions that the report stage wrote."""
    return read_table(path, CONFUSION_COLUMNS, ("method", "true", "predicted"))
