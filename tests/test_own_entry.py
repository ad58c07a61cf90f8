"""An entry of own recordings in params.yaml: what it makes of recipes and of the graph, and what it leaves alone."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from dvc.repo import Repo

from pose2imu.datasets.own_files import TABLE, Description, read_lines
from pose2imu.errors import InputError
from pose2imu.method_params import StrongCNN
from pose2imu.params import Params, load_params
from pose2imu.recipes import Windowing, load_options, load_planned_runs, load_recipe, load_runs, write_recipes
from pose2imu.staleness import address
from tests.own_data import ENTRY, RAW, with_entry
from tests.toy import PROJECT


def written(params: Params, folder: Path) -> dict[str, bytes]:
    write_recipes(params, folder)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.json")}


def test_an_entry_changes_no_recipe_of_anything_else(tmp_path: Path) -> None:
    before = written(Params.model_validate(RAW), tmp_path / "before")
    after = written(with_entry(), tmp_path / "after")
    assert {name: after[name] for name in before} == before
    rows = list(RAW["rows"])
    of_stages = ["normalize", "own_runs", "resample", "runs", "virtual", "window"]
    assert sorted(after.keys() - before) == sorted(
        [f"{stage}/example.json" for stage in of_stages] + [f"own/example/{row}.json" for row in rows]
    )
    # What no stage of another benchmark depends on as a whole.
    pipelines = "".join((PROJECT / name).read_text() for name in ("dvc.yaml", "mm_fit/dvc.yaml"))
    folders = re.findall(r"reports/recipes/?(\w*)[\s,\]]", pipelines)
    assert set(folders) <= {"train", ""}  # "": the output of the stage recipes


def test_a_row_of_an_entry_has_its_values_else_the_general_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stages").symlink_to(PROJECT / "stages")
    (tmp_path / "src").symlink_to(PROJECT / "src")
    write_recipes(with_entry())
    joint, strong = load_recipe("example", "joint").options, load_recipe("example", "strong_cnn").options
    assert joint.model_dump()["epochs"] == 7
    assert joint.model_dump()["patience"] == RAW["patience"]
    assert isinstance(strong, StrongCNN)
    assert strong.epochs == [3]
    windows = load_options("window", "example", Windowing)
    assert (windows.dataset, windows.rate, windows.window, windows.stride) == ("example", 50, 2.0, RAW["stride"])
    runs = load_runs("example")
    assert runs.evaluated["joint"] == [0, 1, 2]
    assert runs.alone == {"regressor": [0, 1, 2]}
    assert "regressor" not in runs.evaluated
    # What the data allow takes the place of what is planned.
    allowed = runs.model_copy(update={"evaluated": {"trees": [0]}, "alone": {}})
    Path("reports/example").mkdir()
    Path("reports/example/rows.json").write_text(allowed.model_dump_json())
    assert load_runs("example").evaluated == {"trees": [0]}
    assert load_planned_runs("example") == runs


def test_the_graph_has_its_stages_and_its_report(tmp_path: Path) -> None:
    """DVC reads the entry by the reference of `tables`, as a user writes it."""
    text = (PROJECT / "params.yaml").read_text()
    entry = "".join(f"    {line}\n" for line in yaml.safe_dump(ENTRY).splitlines())
    text = re.sub(r"^own: &own.*?(?=^\S)", f"own: &own\n  example:\n{entry}", text, flags=re.MULTILINE | re.DOTALL)
    (tmp_path / "params.yaml").write_text(text)
    (tmp_path / "own").mkdir()
    for name in ("dvc.yaml", "own/dvc.yaml"):
        (tmp_path / name).write_text((PROJECT / name).read_text())
    assert load_params(tmp_path / "params.yaml").own.keys() == {"example"}
    Repo.init(str(tmp_path), no_scm=True).close()
    with Repo(str(tmp_path)) as repo:
        graph = {
            address(stage): {address(other) for other in repo.index.graph.successors(stage)}
            for stage in repo.index.graph
        }
    steps = ["resample", "normalize", "window", "virtual", "runs"]
    own = {step: f"own/dvc.yaml:{step}@example" for step in steps}
    assert {name for name in graph if "example" in name} == {*own.values(), "report@example"}
    assert graph["report@example"] == {"recipes", own["normalize"], own["window"], own["runs"]}
    assert graph[own["runs"]] == {"recipes", own["normalize"], own["window"], own["virtual"]}
    assert {name for name in graph if name.startswith("report@")} == {
        "report@example", *(f"report@{name}" for name in RAW["benchmarks"])
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda e: e.update(test=["anna"]), "own.example: anna stands in more than one place"),
        (lambda e: e.pop("test"), "own.example.test: Field required"),
        (lambda e: e.update(test=[]), "own.example: by: subject needs a list of names"),
        (lambda e: e.update(by="person"), "own.example.by: Input should be 'recording', 'subject' or 'chance'"),
        (lambda e: e.update(sedes=[0]), "own.example.sedes: Extra inputs are not permitted"),
        (lambda e: e.update(seeds=[]), "own.example.seeds: List should have at least 1 item"),
        (lambda e: e.update(rows=["jiont"]), "own.example.rows: jiont has no table's row"),
        (lambda e: e.update(rows=["regressor"]), "own.example.rows: regressor has no table's row"),
        (lambda e: e.update(window=0.1), "window: 0.1 s of example are 5 samples at 50 Hz; expected at least 9"),
        (lambda e: e.update(epochs=0), "own.example.epochs: Input should be greater than or equal to 1"),
        (lambda e: e.update(methods={"cnn": {}}), "own.example.methods: there is no method cnn"),
        (
            lambda e: e.update(methods={"trees": {"tres": 1}}),
            "datasets.example.methods.trees: trees has no parameter tres",
        ),
    ],
)
def test_a_mistake_is_one_line(change: Callable[[dict[str, Any]], Any], message: str, tmp_path: Path) -> None:
    raw = copy.deepcopy(RAW)
    raw["own"] = {"example": copy.deepcopy(ENTRY)}
    change(raw["own"]["example"])
    path = tmp_path / "params.yaml"
    path.write_text(json.dumps(raw))
    with pytest.raises(InputError) as caught:
        load_params(path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_files_of_the_docs_are_valid(tmp_path: Path) -> None:
    text = (PROJECT / "docs/own_data.md").read_text(encoding="utf-8")
    about, entry = (yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL))
    assert Description.model_validate(about).place == "left_wrist"
    assert set(about) == set(Description.model_fields)
    assert Params.model_validate(RAW | entry).own.keys() == {"example"}
    (lines,) = re.findall(r"```csv\n(.*?)```", text, re.DOTALL)
    (tmp_path / TABLE).write_text(lines)
    for path in re.findall(r"\w+/\w+\.\w+", lines):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).touch()
    assert [line.subject for line in read_lines(tmp_path)] == ["anna", "anna", "dora"]


@pytest.mark.parametrize("name", ["sample", "utd_mhad", "mm_fit_unseen", "scarce"])
def test_a_name_that_is_taken(name: str) -> None:
    with pytest.raises(ValueError, match=f"own: '{name}' is a benchmark's or a dataset's name"):
        with_entry(name=name)
