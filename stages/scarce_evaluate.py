"""Second half of a run with scarce sensor data: the test people, whose clips no training reads."""

import hashlib

import here  # noqa: F401
import numpy as np
import pandas as pd

from pose2imu.atomic import write_json, write_parquet, write_text
from pose2imu.command import run, scarce_parser
from pose2imu.evaluation.scarce import scarce_scores
from pose2imu.layout import SCARCE, scarce_folder, weights_file
from pose2imu.loading.clips import LABELLED, load_clips, without_poses
from pose2imu.methods import method_of
from pose2imu.recipes import load_scarce_recipe
from pose2imu.training import make_deterministic
from pose2imu.weights import load_weights, naming

DECIMALS = 3  # of the probabilities that are kept


def main() -> None:
    """Read a run's weights and the test people's sensor data, write reports/scarce/runs/SCENARIO/LEVEL/ROW-SEED."""
    arguments = scarce_parser(__doc__).parse_args()
    row, scenario, level, seed = arguments.row, arguments.scenario, arguments.level, arguments.seed
    name, recipe = f"{SCARCE}/{scenario}/{level}", load_scarce_recipe(row)
    path = weights_file(name, row, seed)
    weights = load_weights(path, name, row, seed)
    make_deterministic(seed, weights.settings.options.threads)
    state = dict(weights.state)
    labelled = state.pop(LABELLED)
    clips = without_poses(load_clips(recipe.dataset, recipe.rate, recipe.limb, recipe.test))
    with naming(path):
        probabilities = method_of(recipe.method).predict(state, clips, weights.settings)

    predicted = probabilities.argmax(axis=1)
    table = clips.index[["recording", "subject", "label"]].assign(predicted=predicted)
    table = table.astype({"label": np.int8, "predicted": np.int8})
    columns = [f"p{number}" for number in range(probabilities.shape[1])]
    rounded = pd.DataFrame(probabilities.round(DECIMALS).astype(np.float32), columns=columns)
    metrics = {
        "row": row,
        "scenario": scenario,
        "level": level,
        "seed": seed,
        "labelled_clips": len(labelled),
        # The same for all rows of a seed and level, or their differences are not paired.
        "labelled": hashlib.sha256(np.asarray(labelled, np.int64).tobytes()).hexdigest()[:16],
        **scarce_scores(table, scenario, level, len(columns)),
    }
    folder = scarce_folder(scenario, level, row, seed)
    write_parquet(folder / "clips.parquet", table.join(rounded))
    write_text(folder / "curve.csv", weights.history)
    write_json(folder / "metrics.json", metrics)


if __name__ == "__main__":
    run(main)
