"""The paper's Fig. 3: real and generated acceleration of the same windows."""

from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from pose2imu.errors import InputError
from pose2imu.reporting.palette import REAL, look
from pose2imu.reporting.results import Results, compared
from pose2imu.reporting.style import BACK, WIDTH, Figure, finish

WINDOWS = 2  # more would make the figure longer than a screen


def signals(results: Results, folder: Path) -> Figure:
    """Draw a row per window and axis: left R trained alone, right R trained with the classifier."""
    methods, protocol = compared(results.methods), results.protocol
    windows = _chosen(results.generated)
    canvas = Canvas(figsize=(WIDTH, 1.1 + 0.85 * 3 * len(windows)))
    grid = canvas.subplots(3 * len(windows), 2, squeeze=False, sharex=True, sharey="row")
    for column, method in enumerate(methods):
        of_method = results.generated[results.generated["method"] == method]
        for number, window in windows.iterrows():
            signal = of_method[(of_method["recording"] == window.recording) & (of_method["start"] == window.start)]
            if signal.empty:
                raise InputError(f"generated signals of {method}: no window {window.recording} at {window.start}")
            for row, axis in enumerate("xyz", 3 * number):
                _overlay(grid[row, column], signal[signal["axis"] == axis].sort_values("time"), look(method).colour)
                grid[row, column].set_ylabel(axis if column == 0 else "", rotation=0, labelpad=8)
            name = protocol.classes[window.label].replace("_", " ")
            begin = f"{window.recording}, {window.start / protocol.rate:.1f} s"
            grid[3 * number, column].set_title(f"{name}\n{begin}" if column == 0 else "\n", loc="left", fontsize=9)
        grid[-1, column].set_xlabel("seconds in the window")
    canvas.supylabel("acceleration, standard deviations", fontsize=9.5)

    measured = "simulated watch" if protocol.synthetic else "real"
    marks = [Line2D([], [], color=REAL, label=measured)] + [
        Line2D([], [], color=look(method).colour, linewidth=2, label=f"{side}: {results.names[method]}")
        for method, side in zip(methods, ("left", "right"), strict=True)
    ]
    canvas.legend(handles=marks, loc="outside lower center", ncols=2)
    seed = results.generated["seed"].iloc[0]
    caption = (
        f"The same test windows on both sides, seed {seed}: left, the regressor trained alone; right, trained together "
        "with the classifier (the paper's Fig. 3). Normalised acceleration on three axes; each row has one scale. The "
        "windows were fixed beforehand, not chosen by result; the MSE is of that window and axis."
    )
    return finish(canvas, folder, "generated", protocol, "Measured and generated acceleration", caption)


def _chosen(generated: pd.DataFrame) -> pd.DataFrame:
    """Give the first few windows, those of a class not yet shown before the others; numbered from 0."""
    windows = generated[["recording", "start", "label"]].drop_duplicates(["recording", "start"])
    again = windows["label"].duplicated()
    return windows.assign(again=again).sort_values("again", kind="stable").head(WINDOWS).reset_index(drop=True)


def _overlay(axes: Axes, signal: pd.DataFrame, of_method: str) -> None:
    axes.plot(signal["time"], signal["real"], color=REAL, linewidth=1.0)
    axes.plot(signal["time"], signal["generated"], color=of_method, linewidth=1.3)
    axes.margins(x=0)
    mse = ((signal["real"] - signal["generated"]) ** 2).mean()
    box = {"facecolor": BACK, "edgecolor": "none", "alpha": 0.75, "pad": 1}
    axes.text(0.995, 0.97, f"MSE {mse:.2f}", transform=axes.transAxes, ha="right", va="top", fontsize=8, bbox=box)
