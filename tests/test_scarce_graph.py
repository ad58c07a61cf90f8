"""The runs with scarce sensor data in dvc.yaml: as params.yaml names them, and small in dvc.lock."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pose2imu.params import load_params
from pose2imu.recipes import load_scarce_runs
from pose2imu.reporting.scarce.results import expected
from tests.test_graph import Recipes, changed, each_file_is_read_once, tree, with_change, written

__all__ = ["each_file_is_read_once", "tree"]  # fixtures

STAGES = yaml.safe_load(Path("dvc.yaml").read_text(encoding="utf-8"))["stages"]
STUDIES = load_params().scarce.runs


@pytest.mark.parametrize("name", STUDIES)
def test_each_study_is_a_group_of_stages(name: str) -> None:
    group, scenario = STAGES[f"scarce_{name}"], STUDIES[name].scenario
    assert group["matrix"] == {key: f"${{scarce.runs.{name}.{key}}}" for key in ("row", "level", "seed")}
    halves = [f"python stages/scarce_{half}.py" for half in ("train", "evaluate")]
    assert group["cmd"] == " && ".join(
        f"{half} ${{item.row}} {scenario} ${{item.level}} ${{item.seed}}" for half in halves
    )
    assert list(group["outs"][0]) == [f"reports/scarce/runs/{scenario}/${{item.level}}/${{item.row}}-${{item.seed}}"]
    assert "reports/scarce/runs" in STAGES["scarce"]["deps"]


def test_no_two_stages_are_the_same_run() -> None:
    runs = load_scarce_runs()
    listed = sum(len(study.level) * len(study.row) * len(study.seed) for study in runs.studies.values())
    assert len(list(expected(runs))) == listed


@pytest.mark.parametrize("name", STUDIES)
def test_a_run_has_few_lines_in_the_lock(name: str) -> None:
    """Its name, its commands, and four lines for a file or five for a folder, with the headings."""
    group = STAGES[f"scarce_{name}"]
    folders = [*group["deps"][1:], *group["outs"]]
    assert 1 + (1 + len(group["cmd"].split(" && "))) + 1 + 4 + 1 + 5 * len(folders) <= 22


@pytest.mark.parametrize("name", STUDIES)
def test_a_run_depends_on_its_rows_recipe_and_on_the_resampled_data(name: str) -> None:
    assert STAGES[f"scarce_{name}"]["deps"] == [
        "reports/recipes/scarce/rows/${item.row}.json",
        "data/resampled/${scarce.dataset}",
    ]
    assert {"reports/recipes/scarce.json", "reports/recipes/scarce/runs.json"} <= set(STAGES["scarce"]["deps"])


ROWS = set(load_params().scarce.rows)
WINDOWS = {"baseline", "regression_first", "joint"}
REAL = {"strong_cnn", "strong_cnn_ensemble", "minirocket", "trees"}
# Of a file, the rows whose recipes it is in, and whether the table's.
CODE: dict[str, tuple[set[str], bool]] = {
    "methods/pose_regression.py": (ROWS - WINDOWS - REAL - {"imutube_clips"}, False),
    "methods/synthetic_clips_distilled.py": ({"synthetic_clips_distilled"}, False),
    "methods/imutube_clips.py": ({"imutube_clips"}, False),
    "methods/scarce_windows.py": (WINDOWS, False),
    "methods/clip_classifiers.py": (ROWS, False),
    "methods/minirocket.py": ({"minirocket", "minirocket_synthetic"}, False),
    "methods/crc.py": (set(), False),
    "loading/clips.py": (ROWS, False),
    "loading/scarce.py": (ROWS, True),
    "evaluation/scarce.py": (ROWS, True),
    "reporting/scarce/worth.py": (set(), True),
    "reporting/scarce/table.md.jinja": (set(), True),
    "reporting/tables.py": (set(), False),
}


@pytest.fixture(scope="module")
def recipes(tmp_path_factory: pytest.TempPathFactory) -> Recipes:
    return written(tmp_path_factory.mktemp("recipes"), load_params(), scarce=True)


@pytest.mark.parametrize("file", CODE)
def test_a_changed_file_changes_the_recipes_that_it_is_in_and_no_other(
    file: str, recipes: Recipes, tree: Path, tmp_path: Path
) -> None:
    with (tree / "src/pose2imu" / file).open("a", encoding="utf-8") as opened:
        opened.write("\nCHANGED = 1\n")
    rows, of_table = CODE[file]
    expected = {f"scarce/rows/{row}.json" for row in rows} | ({"scarce.json"} if of_table else set())
    assert changed(recipes, written(tmp_path, load_params(), tree, scarce=True)) == expected


@pytest.mark.parametrize(
    ("change", "rows"),
    [
        (lambda raw: raw["scarce"]["values"].update(tempo=0.5), ROWS - WINDOWS - REAL - {"imutube_clips"}),
        (lambda raw: raw["scarce"]["values"].update(knots=0.5), {"imutube_clips"}),
        (lambda raw: raw["scarce"]["values"].update(alpha=0.5), WINDOWS),
        (lambda raw: raw["scarce"]["rows"]["trees"].update(trees=5), {"trees"}),
        (lambda raw: raw["scarce"]["train"].pop(), ROWS),
        (lambda raw: raw.update(limb="arm"), ROWS),
        (lambda raw: raw.update(threads=2), ROWS),
        (lambda raw: raw.update(alpha=0.5), set()),
    ],
)
def test_a_value_is_in_the_recipes_of_what_reads_it(
    change: Callable[[dict[str, Any]], Any], rows: set[str], recipes: Recipes, tmp_path: Path
) -> None:
    found = changed(recipes, written(tmp_path, with_change(change), scarce=True))
    assert found - {"scarce/runs.json"} == {f"scarce/rows/{row}.json" for row in rows}
