"""Weights on disk: they come back as they were, and nothing else passes for those of the run that is asked for."""

import json
import stat
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import save_file

from pose2imu.errors import InputError
from pose2imu.loading.data import State
from pose2imu.tensors import write_tensors
from pose2imu.weights import load_weights, save_weights
from tests.toy import recipe_for, settings_for

STATE: State = {
    "fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "sliced": np.arange(12, dtype=np.float32).reshape(3, 4)[:, ::2],
    "number": np.array(3),
    "empty": np.zeros((0, 2), np.float32),
}
HISTORY = pd.DataFrame([{"part": "classifier", "epoch": 1, "loss": 0.25}])
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The weights of a run of crc_three_axes on the benchmark toy, seed 4."""
    path = tmp_path / "models" / "run.safetensors"
    save(path)
    return path


def save(path: Path, row: str = "crc_three_axes", seed: int = 4, benchmark: str = "toy", **state: np.ndarray) -> None:
    settings = settings_for(row, seed=seed)
    save_weights(path, recipe_for(row, settings, benchmark), settings, {**STATE, **state}, HISTORY)


def load(path: Path) -> Any:
    return load_weights(path, "toy", "crc_three_axes", 4)


def test_a_run_comes_back_as_it_was(path: Path) -> None:
    weights, settings = load(path), settings_for("crc_three_axes", seed=4)
    assert weights.settings == settings
    assert weights.recipe == recipe_for("crc_three_axes", settings)
    assert type(weights.recipe.options) is type(settings.options)
    assert weights.history == "part,epoch,loss\nclassifier,1,0.250000\n"
    assert weights.state.keys() == STATE.keys()
    for name, array in STATE.items():
        np.testing.assert_array_equal(weights.state[name], array)
        assert weights.state[name].dtype == array.dtype
        assert weights.state[name].shape == array.shape


def test_the_same_run_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    for number in range(4):
        save(tmp_path / f"again{number}")
        assert (tmp_path / f"again{number}").read_bytes() == path.read_bytes()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("other", [{"row": "crc"}, {"seed": 5}, {"benchmark": "other"}])
def test_another_runs_weights_are_refused(path: Path, other: dict[str, Any]) -> None:
    save(path, **other)
    with pytest.raises(InputError, match="weights of a finished run of crc_three_axes on toy, seed 4; these are of"):
        load(path)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_is_named(path: Path, value: float) -> None:
    save(path, bad=np.array([0.0, value]))
    with pytest.raises(InputError, match="; bad is not finite"):
        load(path)


def damaged(path: Path, how: str) -> None:
    content = path.read_bytes()
    match how:
        case "missing":
            path.unlink()
        case "empty":
            path.write_bytes(b"")
        case "truncated":
            path.write_bytes(content[:-1])
        case "cut in its header":
            path.write_bytes(content[:100])
        case "git-lfs pointer":
            path.write_text(POINTER)
        case "folder":
            path.unlink()
            path.mkdir()
        case "no header":
            save_file({"weight": np.zeros(3)}, path)
        case "no history":
            recipe = recipe_for("crc_three_axes", settings_for("crc_three_axes")).model_dump()
            write(path, {"recipe": recipe, "seed": 4, "classes": 3, "window": 24})
        case "malformed recipe":
            write(path, {"recipe": {}, "seed": 4, "classes": 3, "window": 24, "history": ""})
        case "malformed run":
            write(path, [])


def write(path: Path, run: Any) -> None:
    save_file({"weight": np.zeros(3)}, path, {"run": json.dumps(run)})


HOW = ["missing", "empty", "truncated", "cut in its header", "git-lfs pointer", "folder", "no header", "no history"]


@pytest.mark.parametrize("how", [*HOW, "malformed recipe", "malformed run"])
def test_a_damaged_file_is_one_line_that_names_it(path: Path, how: str) -> None:
    damaged(path, how)
    with pytest.raises(InputError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: expected the weights of a finished run")
    assert "\n" not in str(caught.value)


def test_what_cannot_be_written_leaves_what_was_there(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(Exception, match="object"):
        save(path, bad=np.array([object()]))
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_weights_are_as_open_to_others_as_any_file(tmp_path: Path) -> None:
    (tmp_path / "any").touch()
    write_tensors(tmp_path / "weights", {"w": np.zeros((2, 3)).T}, {})
    assert stat.filemode((tmp_path / "weights").stat().st_mode) == stat.filemode((tmp_path / "any").stat().st_mode)
