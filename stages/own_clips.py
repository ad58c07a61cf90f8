"""A run on whole clips of own recordings by a method for scarce sensor data: trained, then evaluated on the test clips.

Of the training and validation recordings it has both streams, and all poses that stand alone: of nobody who is only
tested on.
"""

import time

import here  # noqa: F401
import numpy as np
import pandas as pd

from pose2imu.atomic import write_json, write_parquet, write_text
from pose2imu.command import run, run_parser
from pose2imu.datasets.benchmark import load_benchmark
from pose2imu.evaluation.metrics import classification
from pose2imu.layout import run_folder, weights_file
from pose2imu.loading.clips import without_poses
from pose2imu.loading.own_clips import paired_clips, require_samples, with_poses_alone
from pose2imu.method_params import SyntheticClips
from pose2imu.methods import method_of
from pose2imu.methods.pose_regression import SAMPLES
from pose2imu.recipes import Resampling, load_options, load_recipe
from pose2imu.runtime import write_runtime
from pose2imu.settings import Settings, resolve_device
from pose2imu.training import keep_freed_memory, make_deterministic
from pose2imu.weights import load_weights, save_weights

TRAINED_ON = ("train", "validation")  # nothing is chosen on validation


def main() -> None:
    """Read a recipe and clips; write data/models/NAME/ROW-SEED and reports/NAME/runs/ROW-SEED."""
    arguments = run_parser(__doc__).parse_args()
    row, name, seed = arguments.row, arguments.benchmark, arguments.seed
    recipe, benchmark = load_recipe(name, row), load_benchmark(name)
    options = recipe.options
    settings = Settings(options, len(benchmark.classes), 0, seed, resolve_device(options.device))
    make_deterministic(seed, options.threads)
    keep_freed_memory()
    clips = paired_clips(name, TRAINED_ON, benchmark.rate)
    if isinstance(options, SyntheticClips):
        clips = with_poses_alone(clips, name, benchmark.classes, load_options("resample", name, Resampling).max_gap)
        require_samples(clips, SAMPLES)

    begin = time.perf_counter()
    fitted = method_of(recipe.method).fit(clips, settings)
    seconds = time.perf_counter() - begin
    history = pd.DataFrame(list(fitted.history), columns=["network", "step", "loss"])
    path, folder = weights_file(name, row, seed), run_folder(name, row, seed)
    save_weights(path, recipe, settings, fitted.state, history)
    write_runtime(folder / "runtime.json", settings, seconds)

    weights = load_weights(path, name, row, seed)
    test = without_poses(paired_clips(name, ("test",), benchmark.rate))
    probabilities = method_of(recipe.method).predict(weights.state, test, weights.settings).astype(np.float32)
    table = test.index[["recording", "label"]].assign(predicted=probabilities.argmax(axis=1))
    table = table.astype({"label": np.int8, "predicted": np.int8})
    columns = pd.DataFrame(probabilities, columns=[f"p{number}" for number in range(probabilities.shape[1])])
    write_parquet(folder / "clips.parquet", table.join(columns))
    write_text(folder / "tried.csv", weights.history)
    metrics = {
        "method": row,
        "seed": seed,
        "axes": 3,
        "trained_on": list(TRAINED_ON),
        "clips": len(clips),
        "poses_alone": int((~clips.has_sensor).sum()),
        "window": None,
        "clip": classification(table.label.to_numpy(), table.predicted.to_numpy()),
        "mse": None,
    }
    write_json(folder / "metrics.json", metrics)


if __name__ == "__main__":
    run(main)
