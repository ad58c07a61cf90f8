"""dvc.yaml against the code: a stage depends on every module that its script imports, directly or not."""

import ast
import re
from pathlib import Path

import pytest
import yaml

STAGES = yaml.safe_load(Path("dvc.yaml").read_text())["stages"]
# Plumbing that moves no number: reading params (their values are tracked), paths, errors, files.
PLUMBING = {"atomic", "command", "errors", "layout", "params"}


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
    own = set() if group.startswith("evaluate_") else {STAGES[group]["do"]["cmd"].split()[2]}
    base = {"regression_first_half": {"regression_first"}, "joint_similarity": {"joint"}}
    allowed = own | {name for method in own for name in base.get(method, set())}
    assert methods == allowed | {"networks", "weights"}


def test_the_benchmarks_with_results_are_the_same_everywhere() -> None:
    of_make = re.search(r"^RESULTS := (.*)$", Path("Makefile").read_text(), re.MULTILINE)
    assert of_make is not None
    names = of_make[1].split()
    assert STAGES["page"]["cmd"].split()[2:] == names
    assert {dep.split("/")[1] for dep in STAGES["page"]["deps"] if re.match(r"reports/\w+/", dep)} == set(names)
    assert set(re.findall(r"<!-- table:(\w+) -->", Path("README.md").read_text(encoding="utf-8"))) == set(names)
