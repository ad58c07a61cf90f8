"""Stage train: one row on one benchmark with one seed."""

import tempfile
import time
from pathlib import Path
from typing import Any

import here  # noqa: F401
import pandas as pd

from pose2imu.atomic import require_room, write_csv
from pose2imu.command import run, run_parser
from pose2imu.datasets.benchmark import load_benchmark
from pose2imu.errors import InputError
from pose2imu.layout import run_folder, weights_file
from pose2imu.loading.data import load_data
from pose2imu.methods import method_of
from pose2imu.recipes import load_recipe
from pose2imu.runtime import write_runtime
from pose2imu.settings import settings_of
from pose2imu.training import keep_freed_memory, make_deterministic
from pose2imu.weights import load_weights, naming, require_fit, save_weights

REGRESSOR = "regressor"
ROOM = 64  # MiB, for the weights of the largest network here


def main() -> None:
    """Read a recipe and the training and validation splits, write data/models/BENCHMARK/ROW-SEED."""
    parser = run_parser(__doc__)
    kept = parser.add_mutually_exclusive_group()
    kept.add_argument("--alone", action="store_true", help="no evaluation follows: keep the learning curve in reports/")
    kept.add_argument("--trial", action="store_true", help="keep the learning curve in reports/, and nothing else")
    arguments = parser.parse_args()
    row, name, seed = arguments.row, arguments.benchmark, arguments.seed

    recipe, benchmark = load_recipe(name, row), load_benchmark(name)
    settings, method = settings_of(recipe.options, benchmark, seed), method_of(recipe.method)
    make_deterministic(seed, settings.options.threads)
    keep_freed_memory()
    regressor = None
    if method.NEEDS.regressor:
        weights = load_weights(weights_file(name, REGRESSOR, seed), name, REGRESSOR, seed)
        require_fit(weights_file(name, REGRESSOR, seed), weights, benchmark)
        regressor = weights.state
    folder = run_folder(name, row, seed)
    for place in (weights_file(name, row, seed).parent, folder):
        require_room(place, ROOM)
    data = load_data(benchmark, method.NEEDS, settings, regressor)

    begin = time.perf_counter()
    with naming(weights_file(name, REGRESSOR, seed)):  # the only ones that it is given
        fitted = method.fit(data, settings)
    seconds = time.perf_counter() - begin

    history = pd.DataFrame(list(fitted.history))
    if not arguments.trial:
        keep_weights(weights_file(name, row, seed), recipe, settings, fitted.state, history)
    if arguments.alone or arguments.trial:
        write_csv(folder / "curve.csv", history)
    write_runtime(folder / "runtime.json", settings, seconds, len(history) if "epoch" in history else None)


def keep_weights(path: Path, *learned: Any) -> None:
    """Write the weights, or where that fails after all, put them where there is room and say where."""
    try:
        save_weights(path, *learned)
    except OSError as error:
        rescued = Path(tempfile.mkdtemp(prefix="pose2imu-")) / path.name
        save_weights(rescued, *learned)
        raise InputError(f"{path}: {error.strerror}; what was trained is in {rescued}") from error


if __name__ == "__main__":
    run(main)
