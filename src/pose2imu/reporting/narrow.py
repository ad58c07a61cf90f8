"""A benchmark's table for README.md: method, our score with its interval, the paper's; narrow enough for a phone."""

import math

import pandas as pd
from scipy import stats

from pose2imu.datasets.benchmark import Benchmark
from pose2imu.reporting import tables
from pose2imu.reporting.templates import render

COLUMNS = {"window_f1": "F1, windows", "clip_accuracy": "Accuracy, clips"}


def narrow(frame: pd.DataFrame, protocol: Benchmark) -> str:
    """Write the table: a line a method, a column a level, means ± half of the 95 % interval over seeds."""
    columns = [column for column in COLUMNS if frame[column].notna().any()]
    bold = tables.best(frame)
    paper = frame["paper_f1"].notna() | frame["paper_accuracy"].notna()
    rows = []
    for index, row in frame.iterrows():
        scores = {column: _score(row, column) for column in columns}
        cells = [f"**{score}**" if bold.loc[index, column] else score for column, score in scores.items()]
        rows.append([row["row"], *cells, *([_printed(row)] if paper.any() else [])])
    headings = ["Method", *(COLUMNS[column] for column in columns), *(["Paper"] if paper.any() else [])]
    return render(
        "table.md.jinja",
        title=tables.title(protocol),
        headings=headings,
        alignments=["---", *("--:" for _ in headings[1:])],
        rows=rows,
        notes=[],
    )


def _score(row: pd.Series, column: str) -> str:
    mean, sd, n = row[column], row[f"{column}_sd"], row["n_seeds"]
    if pd.isna(mean):
        return ""
    return f"{mean:.3f}" if pd.isna(sd) else f"{mean:.3f} ± {half(sd, n):.3f}"


def half(sd: float, n: int) -> float:
    """Give half of the 95 % t-interval of a mean, of the sample standard deviation over n seeds."""
    return float(stats.t.ppf(0.975, n - 1)) * sd / math.sqrt(n)


def _printed(row: pd.Series) -> str:
    """Give the paper's F1 of windows, or its accuracy of clips, which says so."""
    if row["paper_level"] == "clip":
        return f"{row['paper_accuracy']:.4f}, clips"
    return "" if pd.isna(row["paper_f1"]) else f"{row['paper_f1']:.4f}"
