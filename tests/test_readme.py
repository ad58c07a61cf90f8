"""README.md says nothing that is not there: its make targets, stages, parameters and files exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

README = Path("README.md").read_text(encoding="utf-8")
STAGES = yaml.safe_load(Path("dvc.yaml").read_text())["stages"]
PARAMS = yaml.safe_load(Path("params.yaml").read_text())
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
COMMANDS = [line.split("  #")[0].strip() for language, block in BLOCKS if not language for line in block.splitlines()]


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("make ")])
def test_make_targets(command: str) -> None:
    assert re.search(rf"^{command.removeprefix('make ')}:", Path("Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("python ")])
def test_runner_commands(command: str) -> None:
    """tests/end_to_end/test_runner.py runs them; here, that there are such options."""
    program, module, name, benchmark, *options = command.split()
    assert (program, module, name) == ("python", "-m", "pose2imu.runner")
    assert benchmark in PARAMS["benchmarks"]
    usage = subprocess.run([sys.executable, "-m", name, "--help"], check=True, capture_output=True, text=True).stdout
    for option in options:
        assert not option.startswith("--") or option in usage


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith(("dvc repro", "dvc exp"))])
def test_dvc_commands(command: str) -> None:
    target = command.rsplit(maxsplit=1)[-1]
    group, item = target.split("@")
    assert item in (PARAMS["seeds"] if STAGES[group]["foreach"] == "${seeds}" else PARAMS["benchmarks"])
    for setting in re.findall(r"-S (\w+)=", command):
        assert setting in PARAMS


def test_all_commands_are_of_a_kind_tested_here() -> None:
    assert len(COMMANDS) >= 8
    assert {command.split()[0] for command in COMMANDS} == {"make", "dvc", "source", "python", "git"}


def test_the_graph_shows_every_stage_group() -> None:
    (graph,) = (block for language, block in BLOCKS if language == "mermaid")
    assert set(re.findall(r"\w+", graph)) - {"flowchart", "LR"} == set(STAGES)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(((?!http)[^)#]+)\)", README))))
def test_links_lead_to_files(path: str) -> None:
    assert Path(path).exists()
