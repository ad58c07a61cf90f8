"""README.md and docs/ say nothing that is not there: make targets, stages, parameters and files exist."""

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer
import yaml

from pose2imu.cli.main import COMMANDS as SUBCOMMANDS
from tests.toy import PROJECT

README = PROJECT / "README.md"
TEXTS = {path: path.read_text(encoding="utf-8") for path in (README, *sorted((PROJECT / "docs").glob("*.md")))}
STAGES = yaml.safe_load((PROJECT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
PARAMS = yaml.safe_load((PROJECT / "params.yaml").read_text(encoding="utf-8"))
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", "\n".join(TEXTS.values()), re.DOTALL | re.MULTILINE)
LINES = [line.split("  #")[0].strip() for language, block in BLOCKS if not language for line in block.splitlines()]
COMMANDS = sorted({re.sub(r"\s+#.*", "", line) for line in LINES if line and not line.startswith("#")})


def those(*beginnings: str) -> list[str]:
    return [command for command in COMMANDS if command.startswith(beginnings)]


@pytest.mark.parametrize("command", those("make "))
def test_make_targets(command: str) -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{command.split()[1]}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("command", those("python -m pose2imu.runner"))
def test_runner_commands(command: str) -> None:
    """tests/end_to_end/test_runner.py runs them; here, that there are such benchmarks and options."""
    _, _, name, *words = command.split()
    usage = subprocess.run([sys.executable, "-m", name, "--help"], check=True, capture_output=True, text=True).stdout
    for word in words:
        if word.startswith("--"):
            assert word.partition("=")[0] in usage
        elif re.fullmatch(r"[a-z]\w*_\w+", word):
            assert word in {**PARAMS["benchmarks"], **PARAMS["mm_fit"]["benchmarks"]}


@pytest.mark.parametrize("command", those("python checks/", "python stages/"))
def test_scripts(command: str) -> None:
    assert (PROJECT / command.split()[1]).is_file()


@pytest.mark.parametrize("command", those("dvc repro", "dvc exp run"))
def test_dvc_commands(command: str) -> None:
    for setting in re.findall(r"-S '?(\w+)[=.]", command):
        assert setting in PARAMS
    for pipeline, group, item in re.findall(r"(?:([\w./]+):)?(\w+)@([\w-]+)", command):
        stages = yaml.safe_load((PROJECT / (pipeline or "dvc.yaml")).read_text(encoding="utf-8"))["stages"]
        assert stages[group]["foreach"] in ("${mm_fit.benchmarks}" if pipeline else "${benchmarks}", "${tables}")
        # docs/own_data.md calls own recordings so.
        assert item == "example" or item in (PARAMS["mm_fit"] if pipeline else PARAMS)["benchmarks"]


@pytest.mark.parametrize("command", those("pose2imu "))
def test_pose2imu_commands(command: str) -> None:
    """That there is such a command, with such options; tests/cli run them."""
    _, name, *words = command.split()
    assert name in SUBCOMMANDS
    command_of = typer.main.get_command(_app_of(name))
    known = {option for parameter in command_of.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert {word.partition("=")[0] for word in words if word.startswith("-")} <= known


def _app_of(name: str) -> typer.Typer:
    app = typer.Typer()
    app.command(name)(getattr(import_module(f"pose2imu.cli.{name}"), name))
    return app


def test_all_commands_are_of_a_kind_tested_here() -> None:
    assert len(COMMANDS) >= 8
    tested = those("make ", "python -m pose2imu.runner", "python checks/", "python stages/", "dvc repro", "dvc exp run")
    tested += those("pose2imu ")
    others = those(
        "dvc metrics show",
        "dvc exp show",
        "dvc plots show",
        "source ",
        "dvc remote add ",
        "git commit ",
        "mkdir ",
        "cp ",
    )
    assert set(COMMANDS) == {*tested, *others}


def test_the_graph_shows_every_stage_group() -> None:
    (graph,) = (block for language, block in BLOCKS if language == "mermaid")
    shown = set(re.findall(r"\w+", graph)) - {"flowchart", "LR", "params", "yaml", "every_stage"}
    for name in shown:
        assert any(group == name or group.startswith(f"{name}_") for group in STAGES), name
    for group in STAGES:  # of runs, one for each list of a study
        assert any(group == name or group.startswith(f"{name}_") for name in shown), group


def test_the_readme_is_short() -> None:
    assert README.stat().st_size < 12_000


LINKS = sorted({(path, link) for path, text in TEXTS.items() for link in re.findall(r"\]\(((?!http)[^)#]+)\)", text)})


@pytest.mark.parametrize(("path", "link"), LINKS, ids=[f"{path.name}: {link}" for path, link in LINKS])
def test_links_lead_to_files(path: Path, link: str) -> None:
    assert (path.parent / link).exists()
