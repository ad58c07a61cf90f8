"""Training windows a second, ours against a plain torch implementation of the same maths (speed/reference.py).

Both take turns in one process on noise of the shapes of UTD-MHAD and MM-Fit; what is written is the median of each and
the median of their ratios, turn by turn. Only the ratio means anything on another machine.

Ours has one thread, as every run has: several runs share the cores. The reference is written as a user would (channels
last), and takes its turns on one thread, for the ratio, and on as many as torch takes by itself.
"""

import argparse
import statistics
import time
from itertools import product
from pathlib import Path

import pandas as pd
import torch
from tqdm import tqdm

from pose2imu.atomic import write_text
from pose2imu.command import run
from pose2imu.params import Params, load_params
from pose2imu.training import keep_freed_memory, make_deterministic
from speed.epochs import CLASSES, ours, plain, random_windows, settings_for

STEPS = 50  # of a turn
TORCHS_THREADS = torch.get_num_threads()  # before anybody says otherwise


def compare(step: str, dataset: str, params: Params, turns: int) -> dict[str, str | int | float]:
    """Make a row of the table."""
    settings = settings_for(step, dataset, params)
    count = STEPS * settings.options.batch_size
    stride = round(params.of(dataset, "stride") * params.of(dataset, "rate"))
    windows = random_windows(settings.window, stride, count, settings.classes)
    reference = plain(step, windows, settings)
    sides = [(ours(step, windows, settings), 1), (reference, 1), (reference, TORCHS_THREADS)]
    seconds: list[list[float]] = [[] for _ in sides]
    for turn in tqdm(range(turns + 1), desc=f"{step}, {dataset}", unit="turn"):
        for (epoch, threads), taken in zip(sides, seconds, strict=True):
            torch.set_num_threads(threads)
            begin = time.perf_counter()
            epoch()
            if turn > 0:  # the first warms up
                taken.append(time.perf_counter() - begin)
    torch.set_num_threads(1)
    left, right, threaded = (statistics.median(taken) for taken in seconds)
    return {
        "step": step,
        "shape": dataset,
        "windows_per_second": round(count / left, 1),
        "reference_windows_per_second": round(count / right, 1),
        "ratio": round(statistics.median(theirs / own for own, theirs, _ in zip(*seconds, strict=True)), 3),
        "threads": TORCHS_THREADS,
        "reference_on_threads": round(count / threaded, 1),
    }


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("reports/benchmark.csv"), metavar="FILE")
    parser.add_argument("--turns", type=int, default=15, help=f"turns of each side, {STEPS} steps a turn (%(default)s)")
    parser.add_argument("--only", nargs=2, metavar=("STEP", "SHAPE"), help="one row, for instance joint utd_mhad")
    arguments = parser.parse_args()
    params = load_params()
    make_deterministic(seed=0, threads=1)
    keep_freed_memory()
    cases = [tuple(arguments.only)] if arguments.only else list(product(("regressor", "joint"), CLASSES))
    table = pd.DataFrame([compare(step, dataset, params, arguments.turns) for step, dataset in cases])
    print(table.to_string(index=False))
    write_text(arguments.out, table.to_csv(index=False, lineterminator="\n"))


if __name__ == "__main__":
    run(main)
