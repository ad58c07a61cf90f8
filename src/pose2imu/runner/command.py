"""How the runner calls DVC: the one of its own Python, and with that Python for the stages, activated or not."""

import os
import sys
from pathlib import Path

DVC = (sys.executable, "-m", "dvc")


def environment() -> dict[str, str]:
    """Ours, with this Python first: a stage's command is `python stages/…`."""
    return {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])}
