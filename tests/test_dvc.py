"""DVC as it is called: its lock is never seen half-written, and is what DVC itself would write."""

import os
import subprocess
from pathlib import Path

import pytest

from pose2imu.dvc import dvc_command, dvc_output, environment, safe_dvc_command
from pose2imu.errors import InputError

ROOT = Path(__file__).resolve().parents[1]
PIPELINE = """stages:
  one:
    cmd: echo 1 > one.txt
    params: [size, {more.yaml: [list]}]
    outs: [one.txt]
  two:
    foreach: [a, b]
    do:
      cmd: mkdir -p ${item} && cp one.txt ${item}/x
      deps: [one.txt]
      outs: ["${item}": {cache: false}]
"""
# Python imports this first: it notes each time that dvc.lock is opened to be written.
SITECUSTOMIZE = """
import os, sys

def note(event, arguments):
    if event == "open" and str(arguments[0]).endswith("dvc.lock") and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        with open("opened.txt", "a") as file:
            file.write("x")

sys.addaudithook(note)
"""


@pytest.fixture(scope="module")
def locks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, bytes]]:
    """By how DVC is called: how often it opened the lock to write to it, and the lock at the end."""
    found = {}
    for name, command in (("plain", dvc_command), ("safe", safe_dvc_command)):
        folder = tmp_path_factory.mktemp(name)
        (folder / "dvc.yaml").write_text(PIPELINE)
        (folder / "params.yaml").write_text("size: 1.50\n")
        (folder / "more.yaml").write_text("list: [1, 'a: b', null]\n")
        (folder / "sitecustomize.py").write_text(SITECUSTOMIZE)
        given = environment(ROOT)
        given["PYTHONPATH"] = f"{folder}{os.pathsep}{given['PYTHONPATH']}"
        subprocess.run(command("init", "--quiet", "--no-scm"), cwd=folder, env=given, check=True)
        subprocess.run(command("repro", "--quiet"), cwd=folder, env=given, check=True)
        (folder / "params.yaml").write_text("size: 2\n")
        subprocess.run(command("repro", "--quiet"), cwd=folder, env=given, check=True)
        noted = folder / "opened.txt"
        found[name] = (noted.stat().st_size if noted.exists() else 0, (folder / "dvc.lock").read_bytes())
    return found


def test_dvc_itself_writes_in_place(locks: dict[str, tuple[int, bytes]]) -> None:
    """As long as this holds, `pose2imu.dvc` and `pose2imu.lock` are of use."""
    assert locks["plain"][0] >= 4


def test_ours_never_does(locks: dict[str, tuple[int, bytes]]) -> None:
    assert locks["safe"][0] == 0


def test_both_write_the_same(locks: dict[str, tuple[int, bytes]]) -> None:
    assert locks["safe"][1] == locks["plain"][1]
    assert locks["safe"][1].count(b"\n  two@") == 2


def test_what_no_stage_has_made_yet_is_no_news(tmp_path: Path) -> None:
    (tmp_path / "dvc.yaml").write_text(PIPELINE)
    subprocess.run(dvc_command("init", "--quiet", "--no-scm"), cwd=tmp_path, check=True)
    said = {}
    for name, command in (("plain", dvc_command), ("ours", safe_dvc_command)):
        done = subprocess.run(
            command("checkout", "one"), cwd=tmp_path, env=environment(ROOT), capture_output=True, text=True, check=False
        )
        assert done.returncode
        said[name] = done.stderr
    assert "No file hash info found for" in said["plain"]
    assert "No file hash info found for" not in said["ours"]
    assert "Checkout failed for following targets" in said["ours"]


def test_an_error_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"^dvc status failed in \S+: ERROR: .*not inside of a DVC repository"
    ) as found:
        dvc_output("status", root=tmp_path)
    assert "\n" not in str(found.value)


def test_a_checkouts_own_code_and_this_python_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/else")
    monkeypatch.setenv("PATH", "/usr/bin")
    monkeypatch.setenv("POSE2IMU_MIRROR", "../shared/data")
    monkeypatch.chdir(tmp_path)
    given = environment(Path("clone"))
    assert given["PYTHONPATH"] == f"{tmp_path}/clone/src:/else"
    assert given["PATH"].endswith(":/usr/bin")
    assert given["POSE2IMU_MIRROR"] == f"{tmp_path.parent}/shared/data"
    monkeypatch.setenv("POSE2IMU_MIRROR", "https://mirror/")
    assert environment()["POSE2IMU_MIRROR"] == "https://mirror/"
