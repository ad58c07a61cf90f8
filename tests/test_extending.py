"""docs/extending.md holds: a row touches params.yaml alone, a method one module, its parameters' class and a row."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from dvc.utils.hydra import apply_overrides

from pose2imu.preprocessing.arrays import Recordings, save

ROOT = Path(__file__).resolve().parents[1]

METHOD = '''"""The mean signal of each class, and the class whose mean is nearest."""

import numpy as np

from pose2imu.loading.data import Data, Needs, State
from pose2imu.loading.sequences import Sequences
from pose2imu.method_params import Nearest
from pose2imu.methods import Fitted
from pose2imu.settings import Settings

NEEDS = Needs("sequences")


def features(sequences: Sequences) -> np.ndarray:
    return np.array([signal.mean(axis=1) for signal in sequences.signals])


def fit(data: Data[Sequences], settings: Settings[Nearest]) -> Fitted:
    means = [features(data.train)[data.train.label == label].mean(axis=0) for label in range(settings.classes)]
    return Fitted({"means": np.nan_to_num(np.array(means), nan=1e6)}, [{"power": settings.options.power}])


def predict(state: State, sequences: Sequences, settings: Settings[Nearest]) -> np.ndarray:
    distance = np.linalg.norm(features(sequences)[:, None] - state["means"], axis=2)
    scores = 1 / (1 + distance**settings.options.power)
    return scores / scores.sum(axis=1, keepdims=True)
'''
PARAMETERS = '''

class Nearest(OnSequences):
    """The nearest mean."""

    power: PositiveFloat


PARAMETERS = {**PARAMETERS, "nearest": Nearest}
'''


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The code, params.yaml and recipes of the project, in a folder of their own."""
    for name in ("src", "stages"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    shutil.copy(ROOT / "params.yaml", tmp_path)
    execute(tmp_path, "recipes.py")
    return tmp_path


def execute(folder: Path, *arguments: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, f"stages/{arguments[0]}", *arguments[1:]]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def recipes(folder: Path) -> dict[str, str]:
    root = folder / "reports/recipes"
    return {str(path.relative_to(root)): path.read_text() for path in root.rglob("*.json")}


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_a_new_row_makes_no_finished_run_stale(copy: Path) -> None:
    before = recipes(copy)
    rows = ["+rows.joint_weaker={method: joint, alpha: 0.1, name: Weaker}", "runs.sample.row=[baseline,joint_weaker]"]
    apply_overrides(copy / "params.yaml", ["runs.sample.row=[baseline]"])
    execute(copy, "recipes.py")
    before = recipes(copy)
    apply_overrides(copy / "params.yaml", rows)
    execute(copy, "recipes.py")
    assert changed(before, recipes(copy)) == {"train/sample/joint_weaker.json", "runs/sample.json"}
    recipe = json.loads(recipes(copy)["train/sample/joint_weaker.json"])
    assert (recipe["method"], recipe["options"]["alpha"], recipe["options"]["beta"]) == ("joint", 0.1, 0.0)


def test_a_new_method_is_a_module_a_class_and_a_row(copy: Path) -> None:
    before = recipes(copy)
    (copy / "src/pose2imu/methods/nearest.py").write_text(METHOD)
    with (copy / "src/pose2imu/method_params.py").open("a") as file:
        file.write(PARAMETERS)
    apply_overrides(
        copy / "params.yaml",
        [
            "+methods.nearest={axes: 3, power: 2.0}",
            "+rows.nearest={name: Nearest mean}",
            "+runs.mine={benchmark: [sample], seed: [0], row: [nearest]}",
        ],
    )
    execute(copy, "recipes.py")
    assert changed(before, recipes(copy)) == {"train/sample/nearest.json", "runs/sample.json"}

    random = np.random.default_rng(0)
    label = np.repeat(np.arange(11, dtype=np.int8), 400)
    names = [f"w{number:02d}" for number in range(8)]
    signals = np.concatenate([random.normal(label[:, None] * [1, 2, 3], 0.1) for _ in names]).astype(np.float32)
    stop = np.arange(1, 9) * len(label)
    split = ["train"] * 5 + ["validation"] + ["test"] * 2
    table = pd.DataFrame({"recording": names, "subject": names, "start": stop - len(label), "stop": stop})
    joints = np.zeros((len(signals), 3, 3), np.float32)
    save(Recordings(signals, joints, np.tile(label, 8), table.assign(split=split)), copy / "data/normalized/sample")
    (copy / "reports/sample").mkdir()
    statistics = {"acceleration": {"mean": [0.0, 0.0, 0.0], "std": [1.0, 1.0, 1.0]}}
    (copy / "reports/sample/statistics.json").write_text(json.dumps(statistics))
    execute(copy, "window.py", "sample")
    execute(copy, "train.py", "nearest", "sample", "0")
    execute(copy, "evaluate.py", "nearest", "sample", "0")
    metrics = json.loads((copy / "reports/sample/runs/nearest-0/metrics.json").read_text())
    assert metrics["window"]["accuracy"] > 0.9
