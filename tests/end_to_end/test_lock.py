"""dvc.lock of the clone, cut off while DVC writes it: said in one line, and put back."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pose2imu import lock
from pose2imu.checking.consistency import problems
from tests.end_to_end.project import environment, execute

pytestmark = pytest.mark.xdist_group("end_to_end")

RESTORE = ("python", "-m", "pose2imu.runner", "--restore-lock")
# Python imports this first. It ends DVC, as `kill -9` would, with half of dvc.lock written for the KILL_AT-th time.
SITECUSTOMIZE = """
import io, os, signal
from ruamel.yaml import YAML
dump, written = YAML.dump, []

def half(self, data, stream):
    if not getattr(stream, "name", "").endswith("dvc.lock"):
        return dump(self, data, stream)
    text = io.StringIO()
    dump(self, data, text)
    written.append(1)
    whole = len(written) < int(os.environ["KILL_AT"])
    stream.write(text.getvalue()[: None if whole else len(text.getvalue()) // 2])
    stream.flush()
    if not whole:
        os.kill(os.getpid(), signal.SIGKILL)

YAML.dump = half
"""
STAGES = ("evaluate_sample@trees-sample-0", "evaluate_sample@baseline-sample-0")


@pytest.fixture
def here(restored: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Inside the clone, without a kept copy of its lock; nothing that is cut is waited for."""
    monkeypatch.chdir(restored)
    monkeypatch.setattr(lock, "SETTLED_SECONDS", 0)
    (restored / lock.kept_file(Path("dvc.lock"))).unlink(missing_ok=True)
    yield restored
    (restored / lock.kept_file(Path("dvc.lock"))).unlink(missing_ok=True)


def test_a_dvc_killed_while_it_writes_the_lock_costs_one_stage_at_most(here: Path, tmp_path: Path) -> None:
    path = here / "dvc.lock"
    whole = lock.entries(path.read_text())
    # As before these two stages were run for the first time.
    path.write_text(lock.EMPTY + "".join(entry for name, entry in whole.items() if name not in STAGES))
    execute(here, "git", "commit", "--quiet", "--all", "--message", "less")
    try:
        (tmp_path / "sitecustomize.py").write_text(SITECUSTOMIZE)
        given = environment(here)
        given |= {"PYTHONPATH": f"{tmp_path}:{given['PYTHONPATH']}", "KILL_AT": "2"}
        killed = subprocess.run(
            [sys.executable, "-m", "dvc", "repro", "--quiet", *STAGES], cwd=here, env=given, check=False
        )
        assert killed.returncode == -signal.SIGKILL
        half = lock.entries(path.read_text())
        assert 0 < len(half) < len(whole) - 2

        said = lock.problem()
        assert said is not None
        assert re.fullmatch(
            r"dvc\.lock: cut short after \d+ lines; `python -m pose2imu\.runner --restore-lock` puts it back from a "
            r"copy, \d+ stages, `git checkout dvc\.lock` takes the committed one, \d+ stages",
            said,
        )
        assert list(problems(["sample"])) == [said]
        assert "put back from its copy" in execute(here, *RESTORE)
        after = lock.entries(path.read_text())
        assert lock.problem() is None
        assert len(after) >= len(whole) - 1
        assert set(whole) - set(after) <= set(STAGES)
        assert all(after[name] == whole[name] for name in after)
    finally:
        execute(here, "git", "reset", "--quiet", "--hard", "HEAD~1")


def test_an_emptied_lock_that_a_restart_has_filled_a_little_is_found(here: Path) -> None:
    path = here / "dvc.lock"
    text = path.read_text()
    lock.keep()
    few = dict(list(lock.entries(text).items())[:3])
    path.write_text(lock.EMPTY + "".join(few.values()))
    lock.keep()  # as the next stage would: the copy of the whole one stays
    said = lock.problem()
    assert said is not None
    assert re.match(rf"dvc\.lock: lacks {len(lock.entries(text)) - 3} stages that were finished, such as alone_", said)
    assert lock.restore() == [f"{said.split(';')[0]}; put back from its copy, {len(lock.entries(text))} stages"]
    assert path.read_text() == text
    assert lock.problem() is None


def test_the_runner_puts_it_back_and_says_so(here: Path) -> None:
    text = (here / "dvc.lock").read_text()
    lock.keep()
    (here / "dvc.lock").write_text("")
    output = execute(here, "python", "-m", "pose2imu.runner", "sample", "--dry-run")
    assert output.startswith("0 stages to run, 0 of them trainings\ndvc.lock: empty; put back from its copy, ")
    assert (here / "dvc.lock").read_text() == text
