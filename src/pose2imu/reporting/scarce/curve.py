"""The figure: accuracy against labelled clips, with intervals over seeds."""

import textwrap
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from scipy import stats

from pose2imu.reporting.palette import look
from pose2imu.reporting.scarce.results import FIRST, ORACLE, Results
from pose2imu.reporting.style import WIDTH, save, style

# The rows that are drawn, with the width of their lines.
SHOWN = {
    FIRST: 2.0,
    "synthetic_clips": 2.0,
    "synthetic_clips_distilled": 1.2,
    "strong_cnn_ensemble": 1.0,
    "synthetic_clips_ensemble": 1.0,
    "imutube_clips": 1.0,
    "shuffled_poses": 1.0,
    "class_mean": 1.0,
}


def draw(results: Results, folder: Path, sentence: str) -> str:
    """Draw the curve of the clips' shares, and below it that of the people, where it was run; returns the file."""
    scenarios = [name for name in ("clips", "people") if (results.runs.scenario == name).any()]
    with style():
        canvas = Canvas(figsize=(WIDTH, 2.6 + 2.3 * len(scenarios)))
        plots = canvas.subplots(len(scenarios), 1, sharey=True, squeeze=False)[:, 0]
        for axes, scenario in zip(plots, scenarios, strict=True):
            _draw_one(axes, results, scenario)
        canvas.legend(*plots[0].get_legend_handles_labels(), loc="outside lower center")
        canvas.suptitle(textwrap.fill(sentence, 62), fontsize=9.5)
        return save(canvas, folder, "curve")


def _draw_one(axes: Axes, results: Results, scenario: str) -> None:
    runs = results.runs[(results.runs.scenario == scenario) & (results.runs.row != ORACLE)]
    unit = "labelled_clips" if scenario == "clips" else "level"
    runs = runs.assign(amount=runs[unit].astype(float))
    for row, width in SHOWN.items():
        of_row = runs[runs.row == row]
        if of_row.empty:
            continue
        curve = pd.DataFrame([_point(part) for _, part in of_row.groupby("level")]).sort_values("amount")
        colour, line, marker = look(row)
        (drawn,) = axes.plot(curve.amount, curve.accuracy, line, color=colour, label=results.about.names[row])
        drawn.set(linewidth=width, marker=marker, markersize=4.5)
        axes.fill_between(curve.amount, curve.low, curve.high, color=colour, alpha=0.08 * width, linewidth=0)
    axes.set_xscale("log")
    ticks = sorted(runs.groupby("level").amount.mean().round())
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_ylabel("accuracy of test clips")
    axes.set_xlabel("labelled clips" if scenario == "clips" else "people with sensor data")


def _point(part: pd.DataFrame) -> dict[str, float]:
    """Give the mean of a row's seeds at a level, and its 95 % t-interval."""
    mean, n = part.accuracy.mean(), len(part)
    half = stats.t.ppf(0.975, n - 1) * part.accuracy.std() / np.sqrt(n) if n > 1 else 0.0
    return {"amount": part.amount.mean(), "accuracy": mean, "low": mean - half, "high": mean + half}
