"""Learning curves: what the epochs of each row's runs looked like, as the mean over seeds and a band around it."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullLocator

from pose2imu.reporting.palette import look
from pose2imu.reporting.results import REGRESSOR, Results
from pose2imu.reporting.style import WIDTH, Figure, finish

# What two columns of names need to stay within the figure.
TIGHT: dict[str, Any] = {"fontsize": 8.5, "handlelength": 1.6, "handletextpad": 0.5, "columnspacing": 1.0}


class Panel(NamedTuple):
    """A quantity of each epoch."""

    column: str
    name: str
    logarithmic: bool = True


# By figure; only panels with data are drawn.
PANELS = {
    "classifiers": [
        Panel("validation_f1", "macro-F1, validation", logarithmic=False),
        Panel("ce_real", "cross-entropy, real"),
        Panel("ce_synthetic", "cross-entropy, generated"),
        Panel("loss", "loss, all terms"),
    ],
    "regressors": [
        Panel("mse", "MSE, training"),
        Panel("validation_mse", "MSE, validation"),
        Panel("similarity", "1 − cosine of features", logarithmic=False),
    ],
}


def learning_curves(results: Results, folder: Path) -> list[Figure]:
    """Draw a figure for classifiers and one for regressors, a panel for each quantity."""
    curves = results.curves.copy()
    # Of the regressor trained alone, the loss is the MSE: it has that panel, not the one of classification losses.
    curves.loc[curves["part"] == REGRESSOR, "loss"] = float("nan")
    drawn = []
    for what, panels in PANELS.items():
        there = [panel for panel in panels if panel.column in curves and curves[panel.column].notna().any()]
        if there:
            drawn.append(_figure(results, curves, there, folder, what))
    return drawn


def _figure(results: Results, curves: pd.DataFrame, panels: Sequence[Panel], folder: Path, what: str) -> Figure:
    shown = curves[curves[[panel.column for panel in panels]].notna().any(axis=1)]
    lines = list(dict.fromkeys(zip(shown["method"], shown["part"], strict=True)))
    canvas = Canvas(figsize=(WIDTH, 0.7 + 0.1 * len(lines) + 1.75 * len(panels)))
    plots = canvas.subplots(len(panels), 1, squeeze=False, sharex=True)[:, 0]
    for panel, axes in zip(panels, plots, strict=True):
        _panel(axes, curves[curves[panel.column].notna()], panel)
    plots[-1].set_xlabel("epoch")
    canvas.legend(handles=[_mark(results, *line) for line in lines], loc="outside lower center", ncols=2, **TIGHT)
    caption = (
        "Lines: the mean over seeds; bands: ± one standard deviation. A line ends where fewer than half of a row's "
        "seeds still train (early stopping). Dotted: the regressor trained alone, on epochs of its own."
    )
    if any(panel.column == "loss" for panel in panels):
        caption += " The loss sums different terms in different methods: its level is not comparable between them."
    return finish(canvas, folder, f"curves-{what}", results.protocol, f"Learning curves of the {what}", caption)


def _panel(axes: Axes, curves: pd.DataFrame, panel: Panel) -> None:
    for (method, part), runs in curves.groupby(["method", "part"], sort=False):
        colour, line, _ = look(REGRESSOR if part == REGRESSOR else method)
        of = mean_and_spread(runs, panel.column)
        low = (of["mean"] - of["sd"]).clip(
            lower=of["mean"] / 3 if panel.logarithmic else None
        )  # no log of what is below 0
        axes.plot(of.index, of["mean"], line, color=colour)
        axes.fill_between(of.index, low, of["mean"] + of["sd"], color=colour, alpha=0.15, linewidth=0)
    axes.set_ylabel(panel.name)
    axes.margins(x=0.01)
    if panel.logarithmic:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=_steps(axes)))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_locator(NullLocator())
    else:
        axes.set_ylim(0, 1 if panel.column == "validation_f1" else None)


def _steps(axes: Axes) -> tuple[float, ...]:
    """Give what a logarithmic axis is labelled at in each decade: more where it has few of them."""
    low, high = axes.get_ylim()
    decades = math.log10(high / low)
    return (1,) if decades > 2.5 else (1, 2, 5) if decades > 1 else (1, 1.5, 2, 3, 5, 7)


def mean_and_spread(runs: pd.DataFrame, column: str) -> pd.DataFrame:
    """Give mean and sample standard deviation (0 for one seed) by epoch, as far as half of the seeds got."""
    by_epoch = runs.groupby("epoch")[column]
    frame = pd.DataFrame({"mean": by_epoch.mean(), "sd": by_epoch.std(ddof=1).fillna(0.0)})
    return frame[by_epoch.count() * 2 >= runs["seed"].nunique()]


def _mark(results: Results, method: str, part: str) -> Line2D:
    alone = part == REGRESSOR
    colour, line, _ = look(REGRESSOR if alone else method)
    return Line2D([], [], color=colour, linestyle=line, label="R trained alone" if alone else results.names[method])
