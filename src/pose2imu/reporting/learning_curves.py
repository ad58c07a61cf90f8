"""Learning curves: what each run's epochs looked like."""

from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullLocator

from pose2imu.reporting.results import REGRESSOR, Results
from pose2imu.reporting.style import Figure, colour, finish

# Column, title, and whether the axis is logarithmic. Only panels with data are drawn.
PANELS = [
    ("validation_f1", "Validation macro-F1", False),
    ("loss", "Training loss with a classifier", True),
    ("ce_real", "Cross-entropy, real windows", True),
    ("ce_synthetic", "Cross-entropy, generated windows", True),
    ("mse", "Training MSE of the regressor", True),
    ("validation_mse", "Validation MSE of the regressor", True),
    ("similarity", "Feature distance, 1 − cosine", False),
]


def learning_curves(results: Results, folder: Path) -> Figure:
    """Draw one panel per quantity, a thin line per seed, a dot at the epoch whose weights were kept."""
    curves = results.curves.copy()
    # Of the regressor trained alone, the loss is the MSE: it has that panel, not the one of classification losses.
    curves.loc[curves["part"] == "regressor", "loss"] = float("nan")
    panels = [panel for panel in PANELS if panel[0] in curves and curves[panel[0]].notna().any()]
    kept = results.runs.set_index(["method", "seed"])["best_epoch"].to_dict()

    rows = -(-len(panels) // 3)
    canvas = Canvas(figsize=(10.5, 1.1 + 2.5 * rows))
    plots = canvas.subplots(rows, 3, squeeze=False).flat
    for (column, name, logarithmic), axes in zip(panels, plots, strict=False):
        _panel(axes, curves[curves[column].notna()], column, kept if column == "validation_f1" else {})
        axes.set_title(name)
        axes.set_xlabel("epoch")
        if logarithmic:
            axes.set_yscale("log")
            axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axes.yaxis.set_major_formatter("{x:g}")
            axes.yaxis.set_minor_locator(NullLocator())
            axes.set_ylabel("log scale")
        else:
            axes.set_ylim(0, 1 if column == "validation_f1" else None)
    for axes in list(plots):  # what is left of the last row
        axes.set_axis_off()

    methods = [method for method in results.methods if (curves["method"] == method).any()]
    canvas.legend(handles=_marks(results, curves, methods), loc="outside lower center", ncols=3)
    caption = (
        "One thin line per seed; a dot marks the epoch whose weights were kept (best validation F1). Dashed: the "
        "regressor trained alone, on epochs of its own. Losses have logarithmic axes; the training loss sums different "
        "terms in different methods, so its level is not comparable between them."
    )
    return finish(canvas, folder, "curves", results.protocol, "Learning curves", caption, wide=True)


def _panel(axes: Axes, curves: pd.DataFrame, column: str, kept: dict[tuple[str, int], int]) -> None:
    for (method, seed, part), line in curves.groupby(["method", "seed", "part"], sort=False):
        dashes = "--" if part == "regressor" else "-"
        axes.plot(line["epoch"], line[column], dashes, color=_colour(method), linewidth=0.9, alpha=0.8)
        best = line[line["epoch"] == kept.get((method, seed))]
        axes.plot(best["epoch"], best[column], "o", color=_colour(method), markersize=4)


def _colour(method: str) -> str:
    return colour("regression_first" if method == REGRESSOR else method)


def _marks(results: Results, curves: pd.DataFrame, methods: list[str]) -> list[Line2D]:
    marks = [Line2D([], [], color=colour(method), linewidth=2, label=results.names[method]) for method in methods]
    if (curves["part"] == "regressor").any():
        marks.append(Line2D([], [], linestyle="--", color=_colour(REGRESSOR), label="Regressor trained alone"))
    return marks
