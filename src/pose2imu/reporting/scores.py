"""Test F1 of every seed by method, the paper's value beside it."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from pose2imu.reporting.paper import PaperRow, paper_tables
from pose2imu.reporting.results import Results
from pose2imu.reporting.style import PAPER, Figure, colour, finish


def scores(results: Results, folder: Path) -> Figure:
    """Draw a dot per seed, a bar at the mean, a diamond at the paper's value; one panel per level."""
    levels = [level for level in ("window", "clip") if results.runs[f"{level}_f1"].notna().any()]
    printed = paper_tables(results.protocol.dataset)
    rows = printed.rows if printed else {}
    names = [*results.methods, *(key for key, row in rows.items() if key not in results.methods and row.f1 is not None)]
    labels = [results.names[name] if name in results.methods else f"{rows[name].row} (paper only)" for name in names]

    canvas = Canvas(figsize=(9.5, 1.6 + 0.42 * len(names)))
    plots = canvas.subplots(1, len(levels), sharex=True, sharey=True, squeeze=False)[0]
    for axes, level in zip(plots, levels, strict=True):
        for y, method in enumerate(names):
            of_method = results.runs["method"] == method
            _seeds(axes, y, method, results.runs.loc[of_method, f"{level}_f1"].dropna().to_numpy())
            if level == "window" and method in rows:
                _printed(axes, y, rows[method])
        axes.set_title(f"{level.capitalize()} level")
        axes.set_xlabel("test macro-F1 (axis does not start at 0)")
        axes.set_yticks(range(len(names)), labels)
        axes.grid(axis="y", visible=False)
        axes.margins(x=0.08)
    plots[0].set_ylim(len(names) - 0.5, -0.5)

    grey = "#666666"
    marks = [
        Line2D([], [], marker="o", linestyle="", color=grey, label="one seed, this pipeline"),
        Line2D([], [], marker="|", markersize=11, markeredgewidth=2, linestyle="", color=grey, label="mean of seeds"),
        Line2D([], [], marker="D", markerfacecolor="white", color=PAPER, label="printed in the paper (± its sd)"),
    ]
    canvas.legend(handles=marks if rows else marks[:2], loc="outside lower center", ncols=3)
    reference = " Diamonds: the paper's printed means, on its own split and seeds." if rows else ""
    caption = f"Macro-F1 of each trained model on the test split.{reference} The axis is cut to the data."
    return finish(canvas, folder, "f1", results.protocol, "Macro-F1 by method", caption, wide=True)


def _seeds(axes: Axes, y: int, method: str, values: np.ndarray) -> None:
    offsets = np.linspace(-0.15, 0.15, len(values)) if len(values) > 1 else np.zeros(len(values))
    axes.plot(values, y + offsets, "o", color=colour(method), markersize=6, alpha=0.85, markeredgewidth=0)
    if len(values) > 1:
        axes.plot([values.mean()] * 2, [y - 0.3, y + 0.3], color=colour(method), linewidth=2)


def _printed(axes: Axes, y: int, row: PaperRow) -> None:
    if row.f1 is not None:
        axes.errorbar(row.f1, y, xerr=row.f1_sd, color=PAPER, elinewidth=0.9, capsize=2.5, zorder=3)
        axes.plot(row.f1, y, "D", color=PAPER, markersize=5, markerfacecolor="white", zorder=4)
