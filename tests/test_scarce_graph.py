"""The runs with scarce sensor data in dvc.yaml: as params.yaml names them, and small in dvc.lock."""

from pathlib import Path

import pytest
import yaml

from pose2imu.params import load_params
from pose2imu.recipes import load_scarce_runs
from pose2imu.reporting.scarce.results import expected

STAGES = yaml.safe_load(Path("dvc.yaml").read_text(encoding="utf-8"))["stages"]
STUDIES = load_params().scarce.runs


@pytest.mark.parametrize("name", STUDIES)
def test_each_study_is_a_group_of_stages(name: str) -> None:
    group, scenario = STAGES[f"scarce_{name}"], STUDIES[name].scenario
    assert group["matrix"] == {key: f"${{scarce.runs.{name}.{key}}}" for key in ("row", "level", "seed")}
    halves = [f"python stages/scarce_{half}.py" for half in ("train", "evaluate")]
    assert group["cmd"] == [f"{half} ${{item.row}} {scenario} ${{item.level}} ${{item.seed}}" for half in halves]
    assert list(group["outs"][0]) == [f"reports/scarce/{scenario}/${{item.level}}/${{item.row}}-${{item.seed}}"]
    assert f"reports/scarce/{scenario}" in STAGES["scarce"]["deps"]


def test_no_two_stages_are_the_same_run() -> None:
    runs = load_scarce_runs()
    listed = sum(len(study.level) * len(study.row) * len(study.seed) for study in runs.studies.values())
    assert len(list(expected(runs))) == listed


@pytest.mark.parametrize("name", STUDIES)
def test_a_run_has_few_lines_in_the_lock(name: str) -> None:
    """Its name, its commands, and four lines for a file or five for a folder, with the headings."""
    group = STAGES[f"scarce_{name}"]
    folders = [*group["deps"][1:], *group["outs"]]
    assert 1 + (1 + len(group["cmd"])) + 1 + 4 + 1 + 5 * len(folders) <= 22
