"""What scoring the validation split after every epoch costs on one core, beside the epoch: reports/validation.csv.

Noise of the shapes of UTD-MHAD and MM-Fit. `of_training` is a validation window's time in that of a training window,
`share` that of validation in an epoch and its validation, where there is a validation window for three training ones.
"""

import argparse
from itertools import product
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from pose2imu.atomic import write_text
from pose2imu.command import run
from pose2imu.loading.data import Data
from pose2imu.methods.networks import validate_classifier, validation_error
from pose2imu.params import Params, load_params
from pose2imu.training import keep_freed_memory, make_deterministic
from speed.epochs import CLASSES, median_seconds, networks_of, ours, random_windows, settings_for

COUNT, REPEATS = 640, 5
VALIDATE = {"baseline": validate_classifier, "regressor": validation_error, "joint": validate_classifier}


def measure(step: str, dataset: str, params: Params, count: int = COUNT) -> dict[str, str | float]:
    """Make a row of the table."""
    settings = settings_for(step, dataset, params)
    stride = round(params.of(dataset, "stride") * params.of(dataset, "rate"))
    windows = random_windows(settings.window, stride, count, settings.classes)
    data, networks = Data(windows, windows), networks_of(step, settings)[0].eval()
    epoch = median_seconds(ours(step, windows, settings), REPEATS)
    ratio = median_seconds(lambda: VALIDATE[step](networks, data), REPEATS) / epoch
    return {"step": step, "shape": dataset, "of_training": round(ratio, 3), "share": round(ratio / (3 + ratio), 3)}


def main() -> None:
    """Measure, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("reports"), metavar="FOLDER")
    folder = parser.parse_args().out
    params = load_params()
    make_deterministic(seed=0, threads=1)
    keep_freed_memory()
    cases = list(product(VALIDATE, CLASSES))
    table = pd.DataFrame([measure(*case, params) for case in tqdm(cases, unit="case")])
    write_text(folder / "validation.csv", table.to_csv(index=False, lineterminator="\n"))


if __name__ == "__main__":
    run(main)
