"""Commands in a clone of the project, as a user gives them."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

# Of each kind of row one; what R is trained with and without, twice.
ROWS = {
    "row": ["baseline", "joint", "joint_similarity", "trees"],
    "on_regressor": ["regression_first"],
    "on_virtual": ["imutube"],
    "alone": ["regressor"],
}
EVALUATED = [*ROWS["row"], *ROWS["on_regressor"], *ROWS["on_virtual"]]


def environment(root: Path) -> dict[str, str]:
    """The clone's own code, and a name for its commits."""
    names = dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "t")
    addresses = dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "t@t")
    return {**os.environ, "PYTHONPATH": str(root / "src"), **names, **addresses}


def execute(root: Path, *command: str, status: int = 0, **variables: str) -> str:
    """Run a command in the clone; returns its output, after checking its exit status."""
    given = {**environment(root), **variables}
    done = subprocess.run(command, cwd=root, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def running(output: str) -> list[str]:
    return re.findall(r"^Running stage '(.*)'", output, re.MULTILINE)


def set_params(root: Path, **changes: Any) -> None:
    """Set keys of params.yaml, dotted ones below others."""
    raw = yaml.safe_load((root / "params.yaml").read_text())
    for key, value in changes.items():
        *parents, last = key.split("__")
        at = raw
        for parent in parents:
            at = at[parent]
        at[last] = value
    (root / "params.yaml").write_text(yaml.safe_dump(raw, sort_keys=False))


def shorten(root: Path) -> None:
    """Leave a sample of seconds to be trained for an epoch, a few rows of it, and of other studies no more than one.

    Its results in git are of the whole one.
    """
    raw = yaml.safe_load((root / "params.yaml").read_text())
    raw["datasets"]["sample"]["epochs"] = 1
    raw["simulator"]["sample"]["seconds_per_set"] = 3.0
    raw["methods"]["trees"]["trees"] = 20
    for study in (*raw["runs"].values(), *raw["tried"].values(), raw["mm_fit"]["runs"]):
        for name in study:
            study[name] = study[name][:1]
    raw["runs"]["sample"].update(ROWS)
    for benchmark in raw["benchmarks"]:
        shutil.rmtree(root / "reports" / benchmark)
    (root / "params.yaml").write_text(yaml.safe_dump(raw, sort_keys=False))
