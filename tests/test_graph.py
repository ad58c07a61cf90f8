"""dvc.yaml against the code: a stage depends on every module that its script imports, directly or not."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest
import yaml

from pose2imu.method_params import SequenceMethod
from pose2imu.params import load_params

STAGES = yaml.safe_load(Path("dvc.yaml").read_text())["stages"]
# Plumbing that moves no number: reading params (their values are tracked), paths, errors, files.
PLUMBING = {"atomic", "command", "errors", "layout", "method_params", "params"}


def imported(script: Path) -> set[Path]:
    """The files of the modules of pose2imu that a script imports, and those that these import."""
    found: set[Path] = set()
    waiting = [script]
    while waiting:
        for node in ast.walk(ast.parse(waiting.pop().read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pose2imu"):
                module = Path("src", *node.module.split("."))
                candidates = [module.with_suffix(".py"), *(module / f"{name.name}.py" for name in node.names)]
                new = {path for path in candidates if path.is_file()} - found
                found |= new
                waiting += new
    return {path for path in found if path.stem not in PLUMBING}


@pytest.mark.parametrize("group", STAGES)
def test_a_stage_depends_on_all_the_code_it_runs(group: str) -> None:
    body = STAGES[group].get("do", STAGES[group])
    command = body["cmd"].split()
    assert command[0] == "python"
    needed = imported(Path(command[1])) | {Path(command[1])}
    if group.startswith("train_"):  # methods are imported by name
        method = Path(f"src/pose2imu/methods/{command[2]}.py")
        needed |= imported(method) | {method}
    deps = {Path(dep) for dep in body["deps"]}
    missing = {path for path in needed if not deps & {path, *path.parents}}
    assert missing == set()


@pytest.mark.parametrize("group", [group for group in STAGES if group.startswith(("train_", "evaluate_"))])
def test_a_run_depends_on_no_other_methods_code(group: str) -> None:
    """A new or changed method must not make the others' finished runs stale."""
    methods = {Path(dep).stem for dep in STAGES[group]["do"]["deps"] if dep.startswith("src/pose2imu/methods/")}
    method = STAGES[group]["do"]["cmd"].split()[2]
    base = {
        "regression_first_half": {"regression_first"},
        "joint_similarity": {"joint"},
        "crc_three_axes": {"crc"},
        "strong_cnn": {"clip_networks"},
        "signal_image": {"clip_networks"},
        "signal_image_three_axes": {"clip_networks", "signal_image"},
    }
    own = {method} | base.get(method, set())
    if method in get_args(SequenceMethod):  # its evaluation predicts by its own code
        assert methods == own | {"sequence_methods"}
    else:
        of_others = group.startswith("evaluate_") and method != "mmfit_cnn"  # which builds networks of its own
        assert methods == (set() if of_others else own) | {"networks", "weights"}


@pytest.mark.parametrize("group", [group for group in STAGES if group.startswith(("train_", "evaluate_"))])
def test_a_method_has_the_runs_that_params_names(group: str) -> None:
    list_of = load_params().compared.get(group.partition("_")[2])
    assert STAGES[group]["foreach"] == (f"${{run_lists.{list_of}}}" if list_of else "${seeds}")


def test_the_benchmarks_with_results_are_the_same_everywhere() -> None:
    of_make = dict(re.findall(r"^(RESULTS|REHEARSAL) := (.*)$", Path("Makefile").read_text(), re.MULTILINE))
    in_readme = of_make["RESULTS"].split()
    names = [*in_readme, *of_make["REHEARSAL"].split()]
    assert STAGES["page"]["cmd"].split()[2:] == names
    assert {dep.split("/")[1] for dep in STAGES["page"]["deps"] if re.match(r"reports/\w+/", dep)} == set(names)
    assert set(re.findall(r"<!-- table:(\w+) -->", Path("README.md").read_text(encoding="utf-8"))) == set(in_readme)
