"""Model files: they come back as they were; nothing else passes for one."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from pose2imu.errors import InputError
from pose2imu.own.classify import load_classifier
from pose2imu.own.model import SHIPPED, ClassifierHeader, RegressorHeader, found, load_model, save_model
from pose2imu.own.regressors import load_regressor


def header_of(path: Path) -> dict:
    size = int.from_bytes(path.read_bytes()[:8], "little")
    return json.loads(json.loads(path.read_bytes()[8 : 8 + size])["__metadata__"]["model"])


def test_a_model_comes_back_and_is_written_as_the_same_bytes(models: dict[str, Path], tmp_path: Path) -> None:
    path = models["classifier"]
    model = load_model(path, ClassifierHeader)
    assert model.header.activities == ["fast", "medium", "slow"]
    assert model.header.trained_on.people == ["anna", "ben", "cleo"]
    assert (model.header.trained_on.with_sensor, model.header.trained_on.with_pose) == (12, 15)
    save_model(tmp_path / "again.safetensors", model.header, model.state)
    assert (tmp_path / "again.safetensors").read_bytes() == path.read_bytes()


def test_a_kind_for_the_other_is_refused(models: dict[str, Path]) -> None:
    with pytest.raises(InputError, match=r"classifier.safetensors: a classifier; expected a regressor"):
        load_regressor(models["classifier"])
    with pytest.raises(InputError, match=r"regressor.safetensors: a regressor; expected a classifier"):
        load_classifier(models["regressor"])


def contents(how: str, good: Path) -> bytes:
    """What a file may have that is no safetensors file."""
    return {
        "pickle": pickle.dumps({"weight": np.zeros(3)}),
        "empty": b"",
        "truncated": good.read_bytes()[:-10],
        "lfs pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 1\n",
    }[how]


def another(how: str, good: Path) -> tuple[dict[str, np.ndarray], dict | None]:
    """Arrays and header that are not a model's."""
    state, header = load_file(good), header_of(good)
    bias = "0.head.1.bias"
    match how:
        case "no header":
            return state, None
        case "nan":
            return {**state, bias: np.full(3, np.nan, np.float32)}, header
        case "an array missing":
            return {name: array for name, array in state.items() if name != bias}, header
        case "another shape":
            return {**state, bias: np.zeros(7, np.float32)}, header
        case "an array too many":
            return {**state, "0.more": np.zeros(7, np.float32)}, header
    changes = {"unknown kind": {"kind": "gru"}, "unknown key": {"colour": "red"}, "later version": {"version": 2}}
    return state, {**header, **changes.get(how, {"activities": ["slow", "fast"]})}


RAW = ["pickle", "empty", "truncated", "lfs pointer"]
OTHER = ["no header", "nan", "an array missing", "another shape", "an array too many"]
OTHER += ["unknown kind", "unknown key", "later version", "other activities"]


@pytest.mark.parametrize("how", [*RAW, *OTHER, "folder", "missing"])
def test_what_is_no_model_is_one_line_that_names_it(how: str, models: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "bad.safetensors"
    if how in RAW:
        path.write_bytes(contents(how, models["classifier"]))
    elif how in OTHER:
        state, header = another(how, models["classifier"])
        save_file(state, path, {"model": json.dumps(header)} if header else None)
    elif how == "folder":
        path.mkdir()
    with pytest.raises(InputError) as caught:
        load_classifier(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "expected a classifier that `pose2imu train` wrote" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_regressor_of_other_arrays_is_refused(models: dict[str, Path], tmp_path: Path) -> None:
    model = load_model(models["regressor"], RegressorHeader)
    for name in ("mean", "network.first.weight"):  # of the second the network's own name is told
        save_model(tmp_path / "r.safetensors", model.header, {k: v for k, v in model.state.items() if k != name})
        with pytest.raises(InputError, match=name.removeprefix("network.")):
            load_regressor(tmp_path / "r.safetensors")


def test_a_name_is_that_of_a_model_in_git_and_a_path_is_a_path(tmp_path: Path) -> None:
    (tmp_path / "one.safetensors").write_bytes(b"")
    assert found("one", tmp_path) == tmp_path / "one.safetensors"
    assert found("some/one.safetensors", tmp_path) == Path("some/one.safetensors")
    with pytest.raises(InputError, match=r"two: no such file; expected .* one"):
        found("two", tmp_path)
    assert SHIPPED.name == "models"
