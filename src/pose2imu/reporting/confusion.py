"""Confusion matrices: which activities a method mistakes for which."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.figure import Figure as Canvas
from sklearn.metrics import confusion_matrix

from pose2imu.reporting.results import Results
from pose2imu.reporting.style import Figure, finish

# Past this many classes a matrix takes the page's whole width, smaller type, and fewer numbers.
MANY_CLASSES = 15


def confusions(results: Results, folder: Path) -> Iterator[Figure]:
    """Draw one row-normalised matrix per method, summed over its seeds."""
    classes = [name.replace("_", " ") for name in results.protocol.classes]
    many = len(classes) > MANY_CLASSES
    smallest = 5 if many else 1
    for method in results.methods:
        windows, clips = (table[table["method"] == method] for table in (results.predictions, results.clips))
        runs, what = (clips, "clips") if windows.empty else (windows, "windows")
        canvas = _matrix(percent(runs, len(classes)), classes, smallest, many, what)
        seeds = runs["seed"].nunique()
        caption = (
            f"Percent of each true class's test {what}, {f'summed over {seeds} seeds' if seeds > 1 else 'one seed'}. "
            f"Numbers under {smallest} % are left out; a grey row has no test {what}."
        )
        title = f"Confusion matrix, {results.names[method]}"
        yield finish(canvas, folder, f"confusion-{method}", results.protocol, title, caption, wide=many)


def percent(runs: pd.DataFrame, classes: int) -> np.ndarray:
    """Give percentages of true classes (rows) by predicted ones (columns); NaN where a class does not occur."""
    counts = confusion_matrix(runs["label"], runs["predicted"], labels=list(range(classes)))
    totals = counts.sum(axis=1, keepdims=True)
    return np.where(totals > 0, 100 * counts / np.maximum(totals, 1), np.nan)


def _matrix(values: np.ndarray, classes: list[str], smallest: float, many: bool, what: str) -> Canvas:
    canvas = Canvas(figsize=(9.6, 8.8) if many else (6.8, 6.0))
    axes = canvas.subplots()
    colours = colormaps["Blues"].with_extremes(bad="#dddddd")
    image = axes.imshow(values, cmap=colours, vmin=0, vmax=100)
    for (row, column), value in np.ndenumerate(values):
        if value >= smallest:
            shade = "white" if value > 55 else "#222222"
            axes.text(column, row, f"{value:.0f}", ha="center", va="center", fontsize=7 if many else 8, color=shade)
    axes.set_xticks(range(len(classes)), classes, rotation=90, fontsize=8)
    axes.set_yticks(range(len(classes)), classes, fontsize=8)
    axes.set_xlabel("predicted")
    axes.set_ylabel("true")
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    canvas.colorbar(image, ax=axes, label=f"% of the true class's {what}", shrink=0.7)
    return canvas
