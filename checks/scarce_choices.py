"""Choices of the experiment with scarce labels, by leaving out one training person at a time; no test person is read.

python checks/scarce_choices.py synthetic_clips quarter regressor_steps=800 tempo=0.1 --draws 2

Runs a row of params.yaml's `scarce`, with what is changed of it, and appends a line for each person and draw of the
labelled clips to reports/scarce/choices.csv.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import pandas as pd

from pose2imu.atomic import write_csv
from pose2imu.command import parser_of, run
from pose2imu.layout import REPORTS, SCARCE
from pose2imu.loading.clips import load_clips, withheld, without_poses
from pose2imu.loading.scarce import labelled_clips, new_classes
from pose2imu.method_params import PARAMETERS, Common
from pose2imu.methods import method_of
from pose2imu.params import Params, load_params
from pose2imu.settings import Settings
from pose2imu.training import keep_freed_memory, make_deterministic

CHOICES = REPORTS / SCARCE / "choices.csv"
# What params.yaml has of these may change: they are told of every trial.
ALWAYS = ("epochs", "least_steps", "fading_clips", "absent")


def main() -> None:
    """Run the trials named, one after the other."""
    parser = parser_of(__doc__)
    parser.add_argument("row")
    parser.add_argument("level")
    parser.add_argument("changes", nargs="*", metavar="KEY=VALUE", help="values as JSON")
    parser.add_argument("--scenario", default="clips", choices=["clips", "people", "new_activity"])
    parser.add_argument("--draws", type=int, default=1)
    parser.add_argument("--first-draw", type=int, default=0)
    parser.add_argument("--people", nargs="+", help="to leave out in turn (all)")
    arguments = parser.parse_args()
    params = load_params()
    changes = {key: _value(text) for key, _, text in (change.partition("=") for change in arguments.changes)}
    method = params.scarce.method_of(arguments.row)
    options = params.scarce_options(arguments.row).model_dump()
    if unknown := sorted(set(changes) - set(options)):
        parser.error(f"{method} has no parameter {', '.join(unknown)}")
    options |= changes
    told = PARAMETERS[method].model_validate(options)
    keep_freed_memory()
    for draw in range(arguments.first_draw, arguments.first_draw + arguments.draws):
        for person in arguments.people or params.scarce.train:
            found = trial(params, method, told, person, draw, arguments)
            row = {"row": arguments.row, "changes": json.dumps(changes), **{key: options.get(key) for key in ALWAYS}}
            row |= {"scenario": arguments.scenario}
            append({**row, "level": arguments.level, "left_out": person, "draw": draw, **found})


def trial(
    params: Params, method_name: str, told: Common, person: str, draw: int, arguments: argparse.Namespace
) -> dict[str, float]:
    """Learn from the other training people, and predict this one."""
    scarce, method = params.scarce, method_of(method_name)
    others = [name for name in scarce.train if name != person]
    rate = params.of(scarce.dataset, "rate")
    clips, left_out = (load_clips(scarce.dataset, rate, params.limb, people) for people in (others, [person]))
    labelled = labelled_clips(clips.index, arguments.scenario, arguments.level, draw)
    settings = Settings(told, int(clips.label.max()) + 1, 0, draw, "cpu")
    make_deterministic(draw, told.threads)
    begin = time.perf_counter()
    fitted = method.fit(withheld(clips, labelled), settings)
    seconds = time.perf_counter() - begin
    right = method.predict(fitted.state, without_poses(left_out), settings).argmax(axis=1) == left_out.label
    if arguments.scenario == "new_activity":
        right = right[np.isin(left_out.label, new_classes(arguments.level, settings.classes))]
    return {"labelled": int(labelled.sum()), "accuracy": float(right.mean()), "seconds": round(seconds, 1)}


def append(row: dict[str, object], path: Path = CHOICES) -> None:
    """Add a line to the record."""
    print(row, flush=True)
    before = pd.read_csv(path) if path.is_file() else pd.DataFrame()
    write_csv(path, pd.concat([before, pd.DataFrame([row])], ignore_index=True))


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


if __name__ == "__main__":
    run(main)
