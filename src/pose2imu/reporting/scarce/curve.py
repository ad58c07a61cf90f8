"""The figure: accuracy against labelled clips, with intervals over seeds."""

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from scipy import stats

from pose2imu.reporting.scarce.results import FIRST, ORACLE, Results
from pose2imu.reporting.style import save, style

# Okabe and Ito's palette, as in the other figures; controls are thin, ensembles dashed.
LOOKS = {
    FIRST: ("#0072B2", "-", 1.8),
    "synthetic_clips": ("#D55E00", "-", 1.8),
    "synthetic_clips_distilled": ("#CC79A7", "-", 1.8),
    "strong_cnn_ensemble": ("#0072B2", "--", 1.0),
    "synthetic_clips_ensemble": ("#D55E00", "--", 1.0),
    "imutube_clips": ("#E69F00", "-", 1.0),
    "shuffled_poses": ("#999999", "-", 1.0),
    "class_mean": ("#999999", ":", 1.0),
}


def draw(results: Results, folder: Path, sentence: str) -> str:
    """Draw the curve of the clips' shares, and beside it that of the people, where it was run; returns the file."""
    scenarios = [name for name in ("clips", "people") if (results.runs.scenario == name).any()]
    with style():
        canvas = Canvas(figsize=(5.2 * len(scenarios), 4.2))
        plots = canvas.subplots(1, len(scenarios), sharey=True, squeeze=False)[0]
        for axes, scenario in zip(plots, scenarios, strict=True):
            _draw_one(axes, results, scenario)
        plots[0].set_ylabel("accuracy of test people's clips")
        plots[0].legend(loc="lower right", fontsize=7.5)
        canvas.suptitle(sentence, fontsize=9)
        return save(canvas, folder, "curve")


def _draw_one(axes: Axes, results: Results, scenario: str) -> None:
    runs = results.runs[(results.runs.scenario == scenario) & (results.runs.row != ORACLE)]
    unit = "labelled_clips" if scenario == "clips" else "level"
    runs = runs.assign(amount=runs[unit].astype(float))
    for row, (colour, line, width) in LOOKS.items():
        of_row = runs[runs.row == row]
        if of_row.empty:
            continue
        curve = pd.DataFrame([_point(part) for _, part in of_row.groupby("level")]).sort_values("amount")
        label = results.about.names[row]
        axes.plot(curve.amount, curve.accuracy, line, color=colour, linewidth=width, marker="o", ms=3, label=label)
        axes.fill_between(curve.amount, curve.low, curve.high, color=colour, alpha=0.15, linewidth=0)
    axes.set_xscale("log")
    ticks = sorted(runs.groupby("level").amount.mean().round())
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("labelled clips" if scenario == "clips" else "people with sensor data")


def _point(part: pd.DataFrame) -> dict[str, float]:
    """Give the mean of a row's seeds at a level, and its 95 % t-interval."""
    mean, n = part.accuracy.mean(), len(part)
    half = stats.t.ppf(0.975, n - 1) * part.accuracy.std() / np.sqrt(n) if n > 1 else 0.0
    return {"amount": part.amount.mean(), "accuracy": mean, "low": mean - half, "high": mean + half}
