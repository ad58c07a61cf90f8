"""One clone for all tests of this folder, which one worker runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pose2imu.checking.rerun import clone
from tests.end_to_end.project import execute, shorten
from tests.end_to_end.warm import warm_python


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Scripts are run by a fork of a process that has imported the libraries."""
    with warm_python(tmp_path_factory.mktemp("warm") / "bin") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(folder), prepend=":")
        yield


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory, warm: None) -> Path:
    """A clone in which the sample, shortened, has gone from its simulation to its report."""
    root = tmp_path_factory.mktemp("project") / "clone"
    clone(root)
    shorten(root)
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
