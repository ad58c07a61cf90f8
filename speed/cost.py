"""How an epoch's training time grows with the number of windows and with their length: a table and its figure.

Noise of UTD-MHAD's shapes, one thread. The slopes are this machine's. In the number of windows they are straight lines;
in the length of a window R's last layer, from all samples to all samples, adds a quadratic part.
"""

import argparse
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from tqdm import tqdm

from pose2imu.atomic import write_text
from pose2imu.command import run
from pose2imu.params import Params, load_params
from pose2imu.reporting.palette import look
from pose2imu.reporting.style import save, style
from pose2imu.training import keep_freed_memory, make_deterministic
from speed.epochs import median_seconds, ours, random_windows, settings_for

DATASET = "utd_mhad"
COUNTS, LENGTHS = (320, 640, 1280, 2560), (50, 100, 150, 200, 300)
COUNT, LENGTH = 640, 100  # where the other one varies
STEPS = {"baseline": "Baseline: F and C", "regressor": "R alone", "joint": "Proposed: R, F and C"}
REPEATS = 3


def measure(step: str, count: int, length: int, params: Params) -> float:
    """Measure the seconds of an epoch, the median of a few."""
    settings = settings_for(step, DATASET, params, length)
    epoch = ours(step, random_windows(length, 10, count, settings.classes), settings)
    return median_seconds(epoch, REPEATS)


def draw(table: pd.DataFrame, folder: Path) -> None:
    """Draw two panels, seconds an epoch against each of the two."""
    with style():
        canvas = Canvas(figsize=(9, 3.4))
        left, right = canvas.subplots(1, 2)
        _panel(left, table[table["window"] == LENGTH], "windows", f"windows of {LENGTH} samples, number")
        _panel(right, table[table["windows"] == COUNT], "window", f"{COUNT} windows, samples in each")
        left.set_ylabel("seconds an epoch, one thread")
        canvas.suptitle("Training time of an epoch (noise of UTD-MHAD's shapes)", fontsize=11, fontweight="bold")
        canvas.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=len(STEPS))
        save(canvas, folder, "cost")


def _panel(axes: Axes, table: pd.DataFrame, column: str, name: str) -> None:
    for step, label in STEPS.items():
        line = table[table["step"] == step].sort_values(column)
        method = "regression_first" if step == "regressor" else step
        axes.plot(line[column], line["seconds_per_epoch"], "o-", color=look(method).colour, markersize=4, label=label)
    axes.set_xlabel(name)
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)


def main() -> None:
    """Measure, write the table, draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("reports"), metavar="FOLDER")
    parser.add_argument("--draw", action="store_true", help="draw the table that is there, without measuring again")
    arguments = parser.parse_args()
    path = arguments.out / "cost.csv"
    if not arguments.draw:
        params = load_params()
        make_deterministic(seed=0, threads=1)
        keep_freed_memory()
        sizes = dict.fromkeys([*((count, LENGTH) for count in COUNTS), *((COUNT, length) for length in LENGTHS)])
        cases = [(step, *size) for step in STEPS for size in sizes]
        rows = [
            (step, count, length, round(measure(step, count, length, params), 4))
            for step, count, length in tqdm(cases, unit="size")
        ]
        table = pd.DataFrame(rows, columns=["step", "windows", "window", "seconds_per_epoch"])
        write_text(path, table.to_csv(index=False, lineterminator="\n"))
    draw(pd.read_csv(path), arguments.out)


if __name__ == "__main__":
    run(main)
