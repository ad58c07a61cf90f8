"""Own recordings become a benchmark by one entry of params.yaml and one command, and nothing else changes for it."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from pose2imu import lock
from pose2imu.checking.consistency import problems
from pose2imu.checking.rerun import clone
from tests.end_to_end.project import execute, running

pytestmark = pytest.mark.xdist_group("end_to_end")

ENTRY = """own: &own
  example:
    by: subject
    train: [anna]
    validation: [ben]
    test: [cleo]
    seeds: [0]
    rows: [baseline, regression_first, trees, synthetic_clips]
    window: 2.0
    stride: 1.0
    rate: 50
    epochs: 1
    patience: 1
    methods:
      trees: {trees: 20, segments: [2]}
      synthetic_clips: {epochs: 1, least_steps: 20, regressor_steps: 20}
"""
STAGES = [*(f"own/dvc.yaml:{name}@example" for name in ("resample", "normalize", "virtual", "window", "runs"))]


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory, warm: None) -> Path:
    """A clone with the example's recordings and the entry, before anything is run."""
    root = tmp_path_factory.mktemp("own") / "clone"
    clone(root, locked=True)
    shutil.copytree(root / "examples/own_data", root / "data/own/example")
    path = root / "params.yaml"
    text = re.sub(r"^own: &own.*?(?=^\S)", ENTRY, path.read_text(), count=1, flags=re.MULTILINE | re.DOTALL)
    path.write_text(text)
    execute(root, "python", "stages/recipes.py")
    execute(root, "git", "add", "--all")
    execute(root, "git", "commit", "--quiet", "--message", "an entry of own recordings")
    return root


def entries(root: Path) -> dict[str, str]:
    return {name: entry for _, text in lock.each(root) for name, entry in lock.entries(text).items()}


@pytest.fixture(scope="session")
def made(own: Path) -> tuple[dict[str, str], str]:
    """The target is run: the lock's entries before it, and what was printed."""
    return entries(own), execute(own, "dvc", "repro", "report@example")


def test_one_target_gives_the_tables_and_touches_nothing_else(own: Path, made: tuple[dict[str, str], str]) -> None:
    before, output = made
    assert sorted({*running(output)} - {"recipes"}) == sorted([*STAGES, "report@example"])
    table = pd.read_csv(own / "reports/tables/example/table.csv").set_index("method")
    assert {"baseline", "regression_first", "trees", "synthetic_clips"} <= set(table.index)
    assert table.row["synthetic_clips"].endswith("with 3 recordings of poses alone")
    assert table.window_f1.loc[["baseline", "regression_first"]].between(0, 1).all()
    assert "**Synthetic data**" in (own / "reports/tables/example/table.md").read_text()
    about = json.loads((own / "reports/example/benchmark.json").read_text())
    assert about["classes"] == ["bicep_curls", "lateral_shoulder_raises", "squats"]
    assert (about["clips"], about["recordings"]["train"], about["subjects"]["test"]) == (True, 9, ["cleo"])
    # Nobody else's results, recipes or entries of the lock.
    changed = execute(own, "git", "status", "--porcelain", "--untracked-files=no").split()[1::2]
    assert set(changed) <= {"dvc.lock"}
    after = entries(own)
    assert {name for name in after if after[name] != before.get(name)} == {
        *(stage.partition(":")[2] for stage in STAGES), "report@example", *({"recipes"} & {*running(output)})
    }  # fmt: skip
    assert list(problems(["sample", "example"], own)) == []


@pytest.mark.usefixtures("made")
def test_a_stage_run_again_trains_only_what_is_missing(own: Path) -> None:
    shutil.rmtree(own / "reports/example/runs/trees-0")
    weights = own / "data/models/example/baseline-0.safetensors"
    before = weights.stat().st_mtime_ns
    execute(own, "python", "stages/own_runs.py", "example")
    assert (own / "reports/example/runs/trees-0/metrics.json").is_file()
    assert weights.stat().st_mtime_ns == before


@pytest.mark.usefixtures("made")
def test_what_is_wrong_is_one_line(own: Path) -> None:
    path = own / "data/own/example/recordings.csv"
    text = path.read_text()
    for stage, old, new, message in (
        ("resample", "watch/anna_squats_1.csv", "watch/x.csv", "data/own/example/watch/x.csv: missing; "),
        ("normalize", "anna,squats", "anna,lunges", "the activity lunges is in train only; expected it in train, and"),
    ):
        path.write_text(text.replace(old, new))
        if stage == "normalize":
            execute(own, "python", "stages/own.py", "resample", "example")
        output = execute(own, "python", "stages/own.py", stage, "example", status=1)
        assert [line.startswith(f"error: {message}") for line in output.splitlines() if "Warning" not in line] == [True]
