"""A folder of own recordings and an entry of params.yaml, for tests."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from pose2imu.params import Params
from tests.toy import PROJECT

TABLE = "recording,subject,activity,intervals,acceleration,poses\n"
JOINTS = ("left_shoulder", "right_shoulder", "left_elbow", "left_wrist", "left_hip", "right_hip")
AT = np.array([[0, 0.2, 1.4], [0, -0.2, 1.4], [0, 0.2, 1.1], [0, 0.2, 0.85], [0, 0.1, 1.0], [0, -0.1, 1.0]])


def write_folder(folder: Path, table: str, about: str = "place: left_wrist\n", begin: float = 0.0) -> Path:
    """A folder with two sensor files and two pose files of 4 s, s.csv and p.csv, t.csv and q.csv."""
    time = np.arange(200) / 50
    values = np.random.default_rng(0).normal([0, 0, 9.8], 1, (200, 3))
    for name in ("s", "t"):
        pd.DataFrame({"time": time, **dict(zip(("ax", "ay", "az"), values.T, strict=True))}).to_csv(
            folder / f"{name}.csv", index=False
        )
    frames = np.arange(120) / 30
    moving = AT + 0.05 * np.sin(frames)[:, None, None]
    columns = {f"{joint}_{axis}": moving[:, j, a] for j, joint in enumerate(JOINTS) for a, axis in enumerate("xyz")}
    for name in ("p", "q"):
        pd.DataFrame({"time": frames + begin, **columns}).to_csv(folder / f"{name}.csv", index=False)
    (folder / "recordings.csv").write_text(table)
    (folder / "dataset.yaml").write_text(about)
    return folder


RAW = yaml.safe_load((PROJECT / "params.yaml").read_text(encoding="utf-8")) | {"own": {}}
ENTRY: dict[str, Any] = {
    "by": "subject",
    "train": ["anna"],
    "validation": ["ben"],
    "test": ["cleo"],
    "window": 2.0,
    "rate": 50,
    "epochs": 7,
    "methods": {"strong_cnn": {"epochs": [3]}},
}


def with_entry(change: Callable[[dict[str, Any]], Any] = lambda entry: None, name: str = "example") -> Params:
    raw = copy.deepcopy(RAW)
    raw["own"] = {name: copy.deepcopy(ENTRY)}
    change(raw["own"][name])
    return Params.model_validate(raw)
