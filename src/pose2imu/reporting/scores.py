"""Test F1 of every seed by method, the paper's value beside it."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from pose2imu.reporting.palette import PAPER, look
from pose2imu.reporting.paper import PaperRow, paper_tables
from pose2imu.reporting.results import Results
from pose2imu.reporting.style import BACK, SOFT, WIDTH, Figure, finish

LEVELS = {"window": "windows", "clip": "clips"}


def scores(results: Results, folder: Path) -> list[Figure]:
    """Draw a figure a level: a dot per seed, a bar at the mean, a diamond at the paper's value of that level."""
    return [_of_level(results, folder, level) for level in LEVELS if results.runs[f"{level}_f1"].notna().any()]


def _of_level(results: Results, folder: Path, level: str) -> Figure:
    runs = results.runs.dropna(subset=[f"{level}_f1"])
    printed = paper_tables(results.protocol.dataset)
    rows = {key: row for key, row in (printed.rows if printed else {}).items() if row.f1 and level == row.level}
    ours = [method for method in results.methods if (runs["method"] == method).any()]
    names = [*ours, *(key for key in rows if key not in ours)]
    labels = [results.names[name] if name in ours else f"{rows[name].row} (paper only)" for name in names]

    canvas = Canvas(figsize=(WIDTH, 1.25 + 0.27 * len(names)))
    axes = canvas.subplots()
    for y, method in enumerate(names):
        _seeds(axes, y, method, runs.loc[runs["method"] == method, f"{level}_f1"].to_numpy())
        if method in rows:
            _printed(axes, y, rows[method])
    axes.set_xlabel(f"macro-F1 of test {LEVELS[level]} (axis is cut)")
    axes.set_yticks(range(len(names)), labels)
    axes.grid(axis="y", visible=False)
    axes.margins(x=0.08)
    axes.set_ylim(len(names) - 0.5, -0.5)

    marks = [
        Line2D([], [], marker="o", linestyle="", color=SOFT, label="a seed"),
        Line2D([], [], marker="|", markersize=11, markeredgewidth=2, linestyle="", color=SOFT, label="mean"),
        Line2D([], [], marker="D", markerfacecolor=BACK, linestyle="", color=PAPER, label="the paper, ± its sd"),
    ]
    canvas.legend(handles=marks if rows else marks[:2], loc="outside lower center", ncols=3)
    reference = " Diamonds: the paper's printed means, on its own split and seeds." if rows else ""
    caption = f"Macro-F1 of each trained model on the {LEVELS[level]} of the test split.{reference}"
    return finish(canvas, folder, f"f1-{level}", results.protocol, f"Macro-F1 by method, {LEVELS[level]}", caption)


def _seeds(axes: Axes, y: int, method: str, values: np.ndarray) -> None:
    colour, _, marker = look(method)
    offsets = np.linspace(-0.15, 0.15, len(values)) if len(values) > 1 else np.zeros(len(values))
    axes.plot(values, y + offsets, marker, color=colour, markersize=4.5, alpha=0.85, markeredgewidth=0)
    if len(values) > 1:
        axes.plot([values.mean()] * 2, [y - 0.35, y + 0.35], color=colour, linewidth=2)


def _printed(axes: Axes, y: int, row: PaperRow) -> None:
    assert row.f1 is not None
    axes.errorbar(row.f1, y, xerr=row.f1_sd, color=PAPER, elinewidth=0.9, capsize=2.5, zorder=3)
    axes.plot(row.f1, y, "D", color=PAPER, markersize=5, markerfacecolor=BACK, zorder=4)
