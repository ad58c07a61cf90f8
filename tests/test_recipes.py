"""Recipes: what the stages read of them, and how what is missing or malformed is named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pose2imu.errors import InputError
from pose2imu.method_params import CRC, PARAMETERS
from pose2imu.params import Protocol
from pose2imu.recipes import (
    Normalizing,
    Resampling,
    Windowing,
    load_options,
    load_recipe,
    load_runs,
    runs_of,
    write_recipes,
)
from tests.toy import params

LOADERS: dict[str, Callable[[], Any]] = {
    "resample/sample.json": lambda: load_options("resample", "sample", Resampling),
    "train/sample/crc_three_axes.json": lambda: load_recipe("sample", "crc_three_axes"),
    "runs/sample.json": lambda: load_runs("sample"),
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recipes of params.yaml, as the stage writes them."""
    root = tmp_path_factory.mktemp("project")
    write_recipes(params(), root / "reports/recipes")
    return root


@pytest.fixture
def recipes(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of those that LOADERS read, below the working directory."""
    monkeypatch.chdir(tmp_path)
    for name in LOADERS:
        path = tmp_path / "reports/recipes" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((written / "reports/recipes" / name).read_bytes())
    return tmp_path / "reports/recipes"


@pytest.mark.usefixtures("recipes")
def test_what_is_read_is_what_params_says() -> None:
    assert load_options("resample", "sample", Resampling) == Resampling(rate=100, max_gap=1.0, limb="sensor")
    recipe = load_recipe("sample", "crc_three_axes")
    assert (recipe.benchmark, recipe.row, recipe.method) == ("sample", "crc_three_axes", "crc")
    assert recipe.options == params().options("crc_three_axes", "sample")
    assert type(recipe.options) is CRC
    assert load_runs("sample") == runs_of(params(), "sample")


def test_the_recipes_of_every_stage_are_what_it_reads(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(written)
    for name, protocol in params().protocols.items():
        rate = params().of(protocol.dataset, "rate")
        told = load_options("normalize", name, Normalizing)
        assert told == Normalizing(protocol=protocol, rate=rate, alignment=told.alignment)
        assert (told.alignment is None) == (protocol.aligned is None)
        assert load_options("window", name, Windowing).dataset == protocol.dataset
        runs = load_runs(name)
        assert list(runs.evaluated) == [row for row in params().rows if row in runs.evaluated]
        for row in {**runs.evaluated, **runs.alone}:
            recipe = load_recipe(name, row)
            assert recipe.options == params().options(row, name)
            assert type(recipe.options) is PARAMETERS[recipe.method]


def test_another_root_is_another_projects(written: Path) -> None:
    assert load_runs("sample", written) == runs_of(params(), "sample")
    with pytest.raises(InputError, match="smaple"):
        load_runs("smaple", written)


@pytest.mark.parametrize("name", LOADERS)
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "missing"),
        ("", "Invalid JSON"),
        ("{", "Invalid JSON"),
        ("[]", "object"),
        ("{}", "Field required"),
        ("version https://git-lfs.github.com/spec/v1\n", "Invalid JSON"),
    ],
)
def test_one_that_is_missing_or_malformed_is_one_line(
    recipes: Path, name: str, content: str | None, message: str
) -> None:
    path = recipes / name
    path.unlink() if content is None else path.write_text(content)
    with pytest.raises(InputError) as caught:
        LOADERS[name]()
    assert str(caught.value).startswith(f"reports/recipes/{name}: ")
    assert message in str(caught.value)
    assert "`dvc repro recipes` makes it of params.yaml" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "change", "where"),
    [
        ("resample/sample.json", lambda raw: raw["options"].update(rtae=1), "options.rtae: Extra inputs"),
        ("resample/sample.json", lambda raw: raw["options"].update(rate="100"), "options.rate: Input should be a"),
        ("train/sample/crc_three_axes.json", lambda raw: raw.update(seed=1), "seed: Extra inputs"),
        ("train/sample/crc_three_axes.json", lambda raw: raw["options"].update(beta=1.0), "beta: Extra inputs"),
        ("train/sample/crc_three_axes.json", lambda raw: raw["options"].update(axes=4), "axes: Input should be 3 or 6"),
        ("train/sample/crc_three_axes.json", lambda raw: raw.update(method="cr"), "options"),
        ("train/sample/crc_three_axes.json", lambda raw: raw.update(method=["crc"]), "method: Input should be a valid"),
        ("runs/sample.json", lambda raw: raw.update(rows={}), "rows: Extra inputs"),
        ("runs/sample.json", lambda raw: raw["alone"].update(regressor=["one"]), "alone.regressor.0: Input should be"),
    ],
)
def test_a_key_that_is_wrong_is_named(
    recipes: Path, name: str, change: Callable[[dict[str, Any]], None], where: str
) -> None:
    raw = json.loads((recipes / name).read_text())
    change(raw)
    (recipes / name).write_text(json.dumps(raw))
    with pytest.raises(InputError, match=f"^reports/recipes/{name}: ") as caught:
        LOADERS[name]()
    assert where in str(caught.value)


def test_a_protocol_comes_back_through_json() -> None:
    for protocol in params().protocols.values():
        assert Protocol.model_validate_json(protocol.model_dump_json()) == protocol
