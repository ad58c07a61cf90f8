"""No option of a method for scarce sensor data is without effect: another value of it gives another run."""

import json
from functools import cache
from typing import Any

import numpy as np
import pytest

from pose2imu.loading.clips import withheld
from pose2imu.loading.scarce import labelled_clips
from pose2imu.method_params import PARAMETERS, ClipClassifier, Distilled, ImutubeClips, ScarceWindows, SyntheticClips
from pose2imu.methods import method_of
from tests.methods.test_scarce_methods import FEW_STEPS, PARAMS, settings_for, toy_clips, toy_recordings

BASE: dict[str, Any] = {**FEW_STEPS, "dropout": 0.1}
ON_REAL, OURS = "strong_cnn", "synthetic_clips"
# Another value of each option, the row that it is tried on, and what else that row is told.
CASES: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "classifier": ("trees", ON_REAL, {}),
    "networks": (2, ON_REAL, {}),
    "length": (40, ON_REAL, {}),
    "widths": ([8, 8], ON_REAL, {}),
    "dropout": (0.5, ON_REAL, {}),
    "epochs": (80, ON_REAL, {}),
    "least_steps": (16, ON_REAL, {}),
    "batch_size": (12, ON_REAL, {}),
    "learning_rate": (0.002, ON_REAL, {}),
    "weight_decay": (0.5, ON_REAL, {}),
    "label_smoothing": (0.3, ON_REAL, {}),
    "crop": (0.4, ON_REAL, {}),
    "warp": (0.4, ON_REAL, {}),
    "rotation": (30.0, ON_REAL, {}),
    "scale": (0.3, ON_REAL, {}),
    "fading_clips": (5.0, OURS, {}),
    "absent": (1.0, OURS, {}),
    "kernels": (168, ON_REAL, {"classifier": "minirocket"}),
    "segments": (3, ON_REAL, {"classifier": "trees"}),
    "statistics": (["median"], ON_REAL, {"classifier": "trees"}),
    "trees": (30, ON_REAL, {"classifier": "trees"}),
    "poses": ("shuffled", OURS, {}),
    "writer": ("class_mean", OURS, {}),
    "regressors": (2, OURS, {}),
    "regressor_steps": (11, OURS, {}),
    "regressor_batch": (8, OURS, {}),
    "regressor_rate": (0.002, OURS, {}),
    "regressor_dropout": (0.4, OURS, {}),
    "dropout_on": (True, OURS, {}),
    "aligned": (True, OURS, {}),
    "variants": (3, OURS, {}),
    "tempo": (0.4, OURS, {}),
    "size": (0.4, OURS, {}),
    "teachers": (1, "synthetic_clips_distilled", {}),
    "placement": (0.5, "imutube_clips", {}),
    "knots": (0.3, "imutube_clips", {}),
    "scheme": ("regression_first", "joint", {}),
    "alpha": (3.0, "joint", {}),
    "window": (1.0, "joint", {}),
    "stride": (0.4, "joint", {}),
    "window_steps": (14, "joint", {}),
    "window_rate": (0.003, "joint", {}),
}
ELSEWHERE = {"device": "test_training.py", "threads": "test_training.py"}


@cache
def outcome(row: str, told: str, new_class: bool) -> bytes:
    """What a run predicts of other clips, half of a toy's having sensor data, and with a `new_class` none of its."""
    settings = settings_for(row, **{**BASE, **json.loads(told)})
    clips, method = toy_clips(toy_recordings()), method_of(PARAMS.scarce.method_of(row))
    labelled = labelled_clips(clips.index, "clips", "half", 0) & ((clips.label != 2) | (not new_class))
    state = method.fit(withheld(clips, labelled), settings).state
    return np.asarray(method.predict(state, toy_clips(toy_recordings(seed=5)), settings)).tobytes()


@pytest.mark.parametrize("option", CASES)
def test_another_value_gives_another_run(option: str) -> None:
    value, row, told = CASES[option]
    usual, other = (
        outcome(row, json.dumps(all_told), option == "absent") for all_told in (told, {**told, option: value})
    )
    assert usual != other


def test_every_option_is_tried() -> None:
    models = {ClipClassifier, SyntheticClips, Distilled, ImutubeClips, ScarceWindows}
    assert models <= set(PARAMETERS.values())
    assert {key for model in models for key in model.model_fields} == {*CASES, *ELSEWHERE}
