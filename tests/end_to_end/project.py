"""Commands in a clone of the project, as a user gives them."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import yaml


def environment(root: Path) -> dict[str, str]:
    """The clone's own code, and a name for its commits."""
    names = dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "t")
    addresses = dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "t@t")
    return {**os.environ, "PYTHONPATH": str(root / "src"), **names, **addresses}


def execute(root: Path, *command: str, status: int = 0) -> str:
    """Run a command in the clone; returns its output, after checking its exit status."""
    done = subprocess.run(command, cwd=root, env=environment(root), capture_output=True, text=True, check=False)
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
