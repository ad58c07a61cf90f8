"""A long training is announced once for each DVC command, and a short one not at all."""

import json
import sys
import time
from pathlib import Path

import pytest

from pose2imu import announce
from pose2imu.announce import announcement
from pose2imu.command import run
from pose2imu.layout import run_folder, weights_file

RUNS = {
    "evaluated": {"baseline": [0, 1], "joint": [0, 1]},
    "beside": {},
    "alone": {"regressor": [0], "joint_batch128": [0]},
    "names": {},
    "methods": {"baseline": "baseline", "joint": "joint", "regressor": "regressor", "joint_batch128": "joint"},
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose runs took 20 minutes each; one of joint's has no record, one of baseline's has its weights."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("POSE2IMU_RUNNER", raising=False)
    monkeypatch.setenv("DVC_STAGE", "train_b@joint-b-0")
    recipe = Path("reports/recipes/runs/b.json")
    recipe.parent.mkdir(parents=True)
    recipe.write_text(json.dumps(RUNS))
    for row, seed in [("baseline", 0), ("baseline", 1), ("joint", 0), ("regressor", 0), ("joint_batch128", 0)]:
        runtime = run_folder("b", row, seed) / "runtime.json"
        runtime.parent.mkdir(parents=True)
        runtime.write_text('{"seconds": 1200.0}')
    weights = weights_file("b", "baseline", 1)
    weights.parent.mkdir(parents=True)
    weights.touch()
    return tmp_path


def test_it_says_how_long_and_how_to_have_less(here: Path) -> None:
    lines = announcement("b")
    assert lines[0] == "4 runs of b have no weights in data/models: 60 minutes of training (1 have no record)."
    text = "\n".join(lines)
    assert len(lines) == 5
    assert "Ctrl-C is safe" in text
    assert "dvc repro --allow-missing" in text
    assert "dvc repro train_b@joint-b-0 " in text
    assert "python -m pose2imu.runner b --dry-run" in text
    assert max(map(len, lines)) <= 120


def test_what_is_short_is_not_announced(here: Path) -> None:
    for row, seed in [("joint", 0), ("joint", 1), ("regressor", 0)]:
        weights_file("b", row, seed).touch()
    assert announcement("b")  # 20 minutes
    weights_file("b", "baseline", 0).touch()
    assert announcement("b") == []


def test_once_for_a_command_and_not_under_the_runner(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(command: str | None) -> bool:
        monkeypatch.setattr(announce, "dvc_command_above", lambda: command)
        announce.announce("b")
        return "runs of b" in capsys.readouterr().err

    assert [said("1 0.5"), said("1 0.5"), said("2 0.5"), said("2 0.5"), said(None)] == [True, False, True, False, False]
    monkeypatch.setenv("POSE2IMU_RUNNER", "1")
    assert not said("3 0.5")


def test_the_train_script_announces_and_no_other(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(announce, "dvc_command_above", lambda: "1 0.5")
    monkeypatch.setattr(sys, "argv", ["stages/evaluate.py", "joint", "b", "0"])
    run(lambda: None)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys, "argv", ["stages/train.py", "joint", "b", "0"])
    run(lambda: None)
    assert "4 runs of b" in capsys.readouterr().err


def test_it_never_fails_a_run_and_is_quick(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begin = time.perf_counter()
    announce.announce("b")
    assert time.perf_counter() - begin < 0.05
    announce.announce("unknown")
    assert capsys.readouterr().err == ""


def test_the_command_above_is_found_by_its_program(monkeypatch: pytest.MonkeyPatch) -> None:
    class Process:
        def __init__(self, pid: int, *command: str) -> None:
            self.pid, self.command = pid, list(command)

        def cmdline(self) -> list[str]:
            return self.command

        def create_time(self) -> float:
            return 1.5

        def parents(self) -> list["Process"]:
            return [Process(2, "sh", "-c", "python stages/train.py"), *above, Process(9, "bash", "dvc repro")]

    monkeypatch.setattr(announce.psutil, "Process", lambda: Process(1))
    for command in (
        ("python3.11", "/work/.venv/bin/dvc", "repro"),
        ("python", "-m", "dvc", "repro"),
        ("python", "-m", "pose2imu.dvc", "repro"),
        ("/usr/bin/dvc", "repro"),
    ):
        above = [Process(3, *command)]
        assert announce.dvc_command_above() == "3 1.5"
    above = []
    assert announce.dvc_command_above() is None
