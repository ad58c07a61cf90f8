"""Curves over the weights of the joint loss, eq. 7: α of the cross-entropies, β of the similarity of features."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from pose2imu.atomic import to_csv
from pose2imu.errors import InputError
from pose2imu.recipes import load_recipe
from pose2imu.reporting import results
from pose2imu.reporting.palette import look
from pose2imu.reporting.style import WIDTH, save, style
from pose2imu.reporting.templates import render
from pose2imu.reporting.verdict.effects import of_differences

BENCHMARK = "utd_mhad_committed"
METHOD, REAL = "joint", "baseline"  # whose weights they are; the same classifier on real data alone
WEIGHTS = {"beta": "β", "alpha": "α"}
MEASURES = {"window_f1": "macro-F1 of windows", "clip_accuracy": "accuracy of clips", "mse": "R's MSE on test windows"}
MARGIN = 1.5  # beyond the values of a logarithmic axis
DRAWN = ("window_f1", "mse")
COLUMNS = [
    *("weight", "value", "row", "measure", "mean", "low", "high", "difference", "difference_low", "difference_high"),
    "n",
]


def loss_weights(root: Path = Path()) -> pd.DataFrame:
    """Make a line for each value and measure, of the seeds that all rows have; the row REAL has no weight.

    `low` and `high` are a 95 % interval of the mean over seeds; `difference` is from the row METHOD, paired by seed.
    """
    tables = [results.load(BENCHMARK, root), results.load(BENCHMARK, root, beside=True)]
    runs = pd.concat([table.runs for table in tables])
    given = {row: load_recipe(BENCHMARK, row) for row in runs.method.unique()}
    options = {row: recipe.options.model_dump() for row, recipe in given.items() if recipe.method == METHOD}
    if METHOD not in options or len(options) < 2 or REAL not in given:
        raise InputError(
            f"params.yaml: {BENCHMARK} has no rows that change α or β of {METHOD}; expected some in `tried`"
        )
    by_row = {row: runs[runs.method == row].set_index("seed") for row in [*options, REAL]}
    seeds = sorted(set.intersection(*(set(of.index) for of in by_row.values())))
    kept = options[METHOD]
    lines = [_line("", np.nan, REAL, measure, by_row, seeds) for measure in MEASURES]
    for weight in WEIGHTS:
        others = [other for other in WEIGHTS if other != weight]
        curve = {row: of for row, of in options.items() if all(of[other] == kept[other] for other in others)}
        for row in sorted(curve, key=lambda row: curve[row][weight]):
            lines += [_line(weight, curve[row][weight], row, measure, by_row, seeds) for measure in MEASURES]
    return pd.DataFrame(lines, columns=COLUMNS)


def _line(
    weight: str, value: float, row: str, measure: str, by_row: dict[str, pd.DataFrame], seeds: list[int]
) -> dict[str, Any]:
    scores = by_row[row].loc[seeds, measure].to_numpy(float)
    mean = of_differences(scores)
    less = of_differences(scores - by_row[METHOD].loc[seeds, measure].to_numpy(float))
    return {
        **{"weight": weight, "value": value, "row": row, "measure": measure, "n": len(seeds)},
        **{"mean": mean.effect, "low": mean.low, "high": mean.high},
        **{"difference": less.effect, "difference_low": less.low, "difference_high": less.high},
    }


def written(root: Path = Path()) -> dict[str, str]:
    """Give the texts of loss_weights.csv and loss_weights.md."""
    frame = loss_weights(root)
    return {"loss_weights.csv": to_csv(frame), "loss_weights.md": to_markdown(frame)}


def to_markdown(frame: pd.DataFrame) -> str:
    """Write a table for each weight: a row a value, with the difference from the value that the paper has."""
    tables = {}
    for weight, symbol in WEIGHTS.items():
        of = frame[(frame.weight == weight) | (frame.row == REAL)]
        tables[symbol] = [_cells(part) for _, part in of.groupby("row", sort=False)]
    return render("loss_weights.md.jinja", benchmark=BENCHMARK, tables=tables, n=int(frame.n.iloc[0]))


def _cells(part: pd.DataFrame) -> list[str]:
    cells = ["real data alone" if part.weight.iloc[0] == "" else f"{part['value'].iloc[0]:g}"]
    for line in part.to_dict("records"):
        if np.isnan(line["mean"]):
            cells += ["–", "–"]
            continue
        cells.append(f"{line['mean']:.3f}{_interval(line['low'], line['high'], '.3f')}")
        interval = _interval(line["difference_low"], line["difference_high"], "+.3f")
        cells.append("–" if line["row"] == METHOD else f"{line['difference']:+.3f}{interval}")
    return cells


def _interval(low: float, high: float, form: str) -> str:
    """Write an interval; nothing where one seed has none."""
    return "" if np.isnan(low) else f" ({low:{form}} to {high:{form}})"


def draw(frame: pd.DataFrame, folder: Path) -> str:
    """Draw a curve for each weight, with intervals over seeds, beside real data alone; returns the file."""
    with style():
        canvas = Canvas(figsize=(WIDTH, 4.2))
        plots = canvas.subplots(len(DRAWN), len(WEIGHTS), sharey="row", sharex="col")
        for line, measure in zip(plots, DRAWN, strict=True):
            for axes, weight in zip(line, WEIGHTS, strict=True):
                _curve(axes, frame[frame.measure == measure], weight)
            line[0].set_ylabel(MEASURES[measure])
        for axes, (weight, symbol) in zip(plots[-1], WEIGHTS.items(), strict=True):
            axes.set_xlabel(symbol)
            values = sorted(frame[frame.weight == weight]["value"].unique())
            first = min(value for value in values if value > 0)
            axes.set_xscale("symlog", linthresh=first)  # as logarithmic, but for 0
            axes.set_xlim(values[0] / MARGIN if values[0] > 0 else -first / 4, values[-1] * MARGIN)
            axes.set_xticks(values, [f"{value:g}" for value in values])
            axes.minorticks_off()
        canvas.legend(*plots[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
        return save(canvas, folder, "loss_weights")


def _curve(axes: Axes, frame: pd.DataFrame, weight: str) -> None:
    real, curve = frame[frame.row == REAL].iloc[0], frame[frame.weight == weight]
    if not np.isnan(real["mean"]):
        colour, line, _ = look(REAL)
        axes.axhline(real["mean"], color=colour, linestyle=line, label="real data alone")
        axes.axhspan(real["low"], real["high"], color=colour, alpha=0.12, linewidth=0)
    colour, line, marker = look(METHOD)
    axes.plot(curve["value"], curve["mean"], line, color=colour, marker=marker, markersize=4.5, label="joint")
    axes.fill_between(curve["value"], curve["low"], curve["high"], color=colour, alpha=0.15, linewidth=0)
