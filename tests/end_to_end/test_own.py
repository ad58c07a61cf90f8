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
    rows: [baseline, regression_first, trees]
    window: 2.0
    stride: 1.0
    rate: 50
    epochs: 1
    patience: 1
    methods:
      trees: {trees: 20}
"""
STAGES = [*(f"own/dvc.yaml:{name}@example" for name in ("resample", "normalize", "virtual", "window", "runs"))]


@pytest.fixture(scope="module")
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


def test_one_target_gives_the_tables_and_touches_nothing_else(own: Path) -> None:
    before, faults = entries(own), list(problems(["sample"], own))
    output = execute(own, "dvc", "repro", "report@example")
    assert sorted({*running(output)} - {"recipes"}) == sorted([*STAGES, "report@example"])
    table = pd.read_csv(own / "reports/tables/example/table.csv").set_index("method")
    assert {"baseline", "regression_first", "trees"} <= set(table.index)
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
    assert list(problems(["sample"], own)) == [fault for fault in faults if "stale: recipes" not in fault]
    assert list(problems(["example"], own)) == []
    assert running(execute(own, "dvc", "repro", "--dry", "report@example")) == []


def test_a_stage_run_again_trains_only_what_is_missing(own: Path) -> None:
    shutil.rmtree(own / "reports/example/runs/trees-0")
    weights = own / "data/models/example/baseline-0.safetensors"
    before = weights.stat().st_mtime_ns
    execute(own, "python", "stages/own_runs.py", "example")
    assert (own / "reports/example/runs/trees-0/metrics.json").is_file()
    assert weights.stat().st_mtime_ns == before


def test_what_is_wrong_is_one_line(own: Path) -> None:
    path = own / "data/own/example/recordings.csv"
    text = path.read_text()
    for change, message in (
        (lambda t: t.replace("watch/anna_squats_1.csv", "watch/x.csv"), "watch/x.csv: missing; "),
        (
            lambda t: t.replace("ben,squats", "ben,lunges").replace("cleo,squats", "cleo,lunges"),
            "squats is in train only",
        ),
    ):
        path.write_text(change(text))
        output = execute(own, "python", "stages/own.py", "resample", "example", status=None)
        if "missing" not in message:
            output = execute(own, "python", "stages/own.py", "normalize", "example", status=1)
        (line,) = [line for line in output.splitlines() if line.startswith("error: ")]
        assert message in line
    path.write_text(text)
