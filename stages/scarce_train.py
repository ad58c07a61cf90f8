"""First half of a run with scarce sensor data: one row at one level with one seed."""

import time

import here  # noqa: F401
import numpy as np
import pandas as pd

from pose2imu.command import run, scarce_parser
from pose2imu.datasets.catalogue import DATASETS
from pose2imu.layout import SCARCE, scarce_folder, weights_file
from pose2imu.loading.clips import LABELLED, load_clips, withheld
from pose2imu.loading.scarce import labelled_clips
from pose2imu.methods import method_of
from pose2imu.recipes import Recipe, load_scarce_recipe
from pose2imu.runtime import write_runtime
from pose2imu.settings import Settings, resolve_device
from pose2imu.training import keep_freed_memory, make_deterministic
from pose2imu.weights import save_weights


def main() -> None:
    """Read a recipe and the training people's clips, write data/models/scarce/SCENARIO/LEVEL/ROW-SEED."""
    arguments = scarce_parser(__doc__).parse_args()
    row, scenario, level, seed = arguments.row, arguments.scenario, arguments.level, arguments.seed
    recipe = load_scarce_recipe(row)
    settings = Settings(
        recipe.options, len(DATASETS[recipe.dataset].classes), 0, seed, resolve_device(recipe.options.device)
    )
    make_deterministic(seed, settings.options.threads)
    keep_freed_memory()
    clips = load_clips(recipe.dataset, recipe.rate, recipe.limb, recipe.train)
    clips = withheld(clips, labelled_clips(clips.index, scenario, level, seed))

    begin = time.perf_counter()
    fitted = method_of(recipe.method).fit(clips, settings)
    seconds = time.perf_counter() - begin

    name = f"{SCARCE}/{scenario}/{level}"
    state = {**fitted.state, LABELLED: np.flatnonzero(clips.has_sensor)}
    of_run = {key: getattr(recipe, key) for key in ("row", "method", "options", "code")}
    history = pd.DataFrame(list(fitted.history), columns=["network", "step", "loss"])
    save_weights(weights_file(name, row, seed), Recipe(benchmark=name, **of_run), settings, state, history)
    write_runtime(scarce_folder(scenario, level, row, seed) / "runtime.json", settings, seconds)


if __name__ == "__main__":
    run(main)
