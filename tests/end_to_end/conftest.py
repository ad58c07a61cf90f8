"""One clone for all tests of this folder, which one worker runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pose2imu.checking.rerun import clone
from tests.end_to_end.project import execute, set_params


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone in which the sample, shortened, has gone from download to report."""
    root = tmp_path_factory.mktemp("project") / "clone"
    clone(root)
    set_params(root, simulator__sample__seconds_per_set=3.0, epochs__sample=1)
    execute(root, "dvc", "repro", "report@sample")
    execute(root, "git", "add", "--all")
    execute(root, "git", "commit", "--quiet", "--message", "the shortened sample")
    return root


@pytest.fixture
def restored(project: Path) -> Iterator[Path]:
    """The project, whose tracked files are as committed again after the test."""
    yield project
    execute(project, "git", "checkout", "--quiet", ".")
    execute(project, "git", "clean", "-fdq", "reports")
