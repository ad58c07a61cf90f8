"""dvc.lock, guarded: what is whole, what is kept, and what is made of what is left."""

import os
import subprocess
from pathlib import Path

import pytest

from pose2imu import lock
from pose2imu.errors import InputError

ENTRY = """  train@{name}:
    cmd: python stages/train.py {name}
    deps:
    - path: data/windows
      hash: md5
      md5: 6388c37edb6f835bfbd687d5d6bcb8ef.dir
      size: 282643
      nfiles: 157
    outs:
    - path: data/models/{name}
      hash: md5
      md5: 5d0763d53acfc660acc7c2281f59714a
      size: 820
"""
NAMES = ("joint-0", "joint-1", "joint-2")
WHOLE = lock.EMPTY + "".join(ENTRY.format(name=name) for name in NAMES)
KEPT = Path(".dvc/tmp/dvc.lock.whole")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git checkout with a lock, of which nothing is kept; nothing that is cut is waited for."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(lock, "SETTLED_SECONDS", 0)
    monkeypatch.setattr(lock, "_defined", lambda root, path: {f"train@{name}" for name in NAMES})
    Path("dvc.lock").write_text(WHOLE)
    subprocess.run(["git", "init", "--quiet"], check=True)
    return tmp_path


def commit() -> None:
    subprocess.run(["git", "add", "dvc.lock"], check=True)
    who = ["-c", "user.name=t", "-c", "user.email=t@t"]
    subprocess.run(["git", *who, "commit", "--quiet", "--message", "lock"], check=True)


def test_entries_make_the_lock_again() -> None:
    assert list(lock.entries(WHOLE)) == [f"train@{name}" for name in NAMES]
    assert lock.merged(WHOLE, {}) == WHOLE
    assert lock.merged(lock.EMPTY, lock.entries(WHOLE)) == WHOLE
    other = ENTRY.format(name="joint-1").replace("820", "821")
    assert lock.merged(WHOLE, {"train@joint-1": other}) == WHOLE.replace(ENTRY.format(name="joint-1"), other)


def test_wherever_it_is_cut_the_copy_stays_and_makes_it_whole(here: Path) -> None:
    lock.keep()
    for length in range(len(WHOLE)):
        Path("dvc.lock").write_text(WHOLE[:length])
        lock.keep()
        assert KEPT.read_text() == WHOLE, length
    # Every line, and in the middle of it.
    ends = [at for at, letter in enumerate(WHOLE) if letter == "\n"]
    for length in [0, *ends[:-1], *(end + 1 for end in ends[:-1]), *(end - 1 for end in ends)]:
        Path("dvc.lock").write_text(WHOLE[:length])
        said = lock.problem()
        assert said is not None
        assert said.startswith("dvc.lock: ")
        assert "\n" not in said
        assert "--restore-lock" in said
        assert lock.restore() == [f"{said.split(';')[0]}; put back from its copy, 3 stages"]
        assert Path("dvc.lock").read_text() == WHOLE, length
    assert lock.problem() is None
    assert lock.restore() == []


def test_what_is_left_is_newer_than_the_copy(here: Path) -> None:
    lock.keep()
    Path("dvc.lock").write_text(WHOLE.replace("820", "821")[:-20])
    lock.restore()
    newer = WHOLE.replace("820", "821", 2)
    assert Path("dvc.lock").read_text() == newer


def test_a_lock_that_grows_is_kept_and_one_that_shrinks_only_if_it_is_gits(here: Path) -> None:
    text = lock.EMPTY + ENTRY.format(name="joint-0")
    Path("dvc.lock").write_text(text)
    lock.keep()
    assert KEPT.read_text() == text
    Path("dvc.lock").write_text(WHOLE)
    lock.keep()
    assert KEPT.read_text() == WHOLE
    Path("dvc.lock").write_text(text)
    lock.keep()
    assert KEPT.read_text() == WHOLE
    said = lock.problem()
    assert said is not None
    assert said.startswith("dvc.lock: lacks 2 stages that were finished, such as train@joint-1; ")
    commit()
    assert lock.problem() is None
    lock.keep()
    assert KEPT.read_text() == text


def test_stages_that_are_no_longer_defined_are_not_missed(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock.keep()
    monkeypatch.setattr(lock, "_defined", lambda root, path: {"train@joint-0"})
    Path("dvc.lock").write_text(lock.EMPTY + ENTRY.format(name="joint-0"))
    assert lock.problem() is None


def test_without_a_copy_git_has_it(here: Path) -> None:
    commit()
    assert lock.problem() is None
    Path("dvc.lock").write_text("")
    assert lock.problem() == "dvc.lock: empty; `git checkout dvc.lock` takes the committed one, 3 stages"
    with pytest.raises(InputError, match=r"^dvc\.lock: empty; `git checkout"):
        lock.restore()


def test_a_copy_that_lacks_as_much_is_no_way_back(here: Path) -> None:
    commit()
    Path("dvc.lock").write_text(lock.EMPTY + ENTRY.format(name="joint-0"))
    KEPT.parent.mkdir(parents=True)
    KEPT.write_text(Path("dvc.lock").read_text())
    expected = r"^dvc\.lock: lacks 2 stages that were finished, such as train@joint-1; `git checkout dvc\.lock` takes"
    with pytest.raises(InputError, match=expected):
        lock.restore()


def test_a_removed_lock_is_a_start_from_scratch_unless_there_is_a_copy(here: Path) -> None:
    commit()
    Path("dvc.lock").unlink()
    lock.keep()
    assert lock.problem() is None
    Path("dvc.lock").write_text(WHOLE)
    lock.keep()
    Path("dvc.lock").unlink()
    assert (lock.problem() or "").startswith("dvc.lock: missing; `python -m pose2imu.runner --restore-lock` puts")


def test_a_copy_is_made_once(here: Path) -> None:
    lock.keep()
    before = KEPT.stat().st_ino
    lock.keep()
    assert KEPT.stat().st_ino == before
    os.utime("dvc.lock")
    lock.keep()
    assert KEPT.stat().st_ino != before


def test_keeping_never_fails(here: Path) -> None:
    KEPT.parent.mkdir(parents=True)
    KEPT.mkdir()
    lock.keep()
    Path("dvc.lock").write_bytes(b"\xff\xfe")
    lock.keep()
