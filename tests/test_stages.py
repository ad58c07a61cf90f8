"""Stage scripts as users meet them: whose code they run, and what they say where they cannot run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pose2imu.atomic import require_room
from pose2imu.errors import InputError
from pose2imu.preprocessing.arrays import Recordings, save

ROOT = Path(__file__).resolve().parents[1]


def stage(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a stage script of the project's tree in a folder."""
    command = [sys.executable, str(ROOT / "stages" / arguments[0]), *arguments[1:]]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the project's recipes."""
    shutil.copytree(ROOT / "reports/recipes", tmp_path / "reports/recipes")
    return tmp_path


def test_a_stage_runs_the_code_of_the_tree_that_it_stands_in(tmp_path: Path) -> None:
    """So do the copies that `dvc exp run --queue` and `--temp` make, and clones of a cluster's jobs."""
    shutil.copytree(ROOT / "stages", tmp_path / "stages")
    package = tmp_path / "src/pose2imu"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('the copy')\n")
    done = subprocess.run(
        [sys.executable, "stages/recipes.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stderr == "the copy\n"


def test_a_linked_data_folder_is_said_at_once(project: Path) -> None:
    (project / "elsewhere").mkdir()
    (project / "data").symlink_to(project / "elsewhere")
    done = stage(project, "window.py", "sample")
    assert done.returncode == 1
    assert done.stderr == f"error: data: a link to {project / 'elsewhere'}; DVC needs a folder: mount the disk there\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("train.py", "baseline", "sample", "0"),
            "error: data/windows/sample/benchmark.json is missing: run `dvc repro`",
        ),
        (("train.py", "baseline", "smaple", "0"), "error: reports/recipes/train/smaple/baseline.json: missing; "),
        (("train.py", "basline", "sample", "0"), "error: reports/recipes/train/sample/basline.json: missing; "),
        (
            ("evaluate.py", "joint", "sample", "0"),
            "error: data/windows/sample/benchmark.json is missing: run `dvc repro`",
        ),
        (("normalize.py", "sample"), "error: data/resampled/sample: expected the arrays of an earlier stage"),
        (("report.py", "sample"), "error: reports/sample/benchmark.json is missing: run `dvc repro`"),
    ],
)
def test_a_stage_before_what_it_needs_is_one_line(project: Path, arguments: tuple[str, ...], message: str) -> None:
    done = stage(project, *arguments)
    assert done.returncode == 1
    assert done.stderr.startswith(message)
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("seed", ["-1", "4294967296", "one"])
def test_a_seed_that_no_generator_takes(project: Path, seed: str) -> None:
    done = stage(project, "train.py", "baseline", "sample", "--", seed)
    assert done.returncode == 2
    assert "argument seed: " in done.stderr


def test_clips_that_hold_no_window_are_named(project: Path) -> None:
    """UTD-MHAD's window is 2 s: 100 samples."""
    stop = np.array([120, 240, 339])
    names, splits = ["a1_s1_t1", "a1_s2_t1", "a1_s4_t1"], ["train", "validation", "test"]
    table = pd.DataFrame({"recording": names, "subject": ["s1", "s2", "s4"], "start": [0, 120, 240], "stop": stop})
    signals = np.zeros((459, 3), np.float32), np.zeros((459, 3, 3), np.float32), np.zeros(459, np.int8)
    save(Recordings(*signals, table.assign(split=splits)), project / "data/normalized/utd_mhad_committed")
    done = stage(project, "window.py", "utd_mhad_committed")
    assert done.stderr.startswith("error: utd_mhad_committed: no test recording holds a window of 2.0 s")
    more = pd.DataFrame(
        {"recording": ["a2_s4_t1"], "subject": ["s4"], "start": [339], "stop": [459], "split": ["test"]}
    )
    both = pd.concat([table.assign(split=splits), more], ignore_index=True)
    save(Recordings(*signals, both), project / "data/normalized/utd_mhad_committed")
    done = stage(project, "window.py", "utd_mhad_committed")
    assert done.stderr.startswith(
        "error: utd_mhad_committed: 1 recordings hold no whole window of 2.0 s, the first a1_s4_t1; "
    )


def test_room_is_looked_for_before_training(tmp_path: Path) -> None:
    require_room(tmp_path / "new", mebibytes=1)
    with pytest.raises(InputError, match=r"new: \d+ MiB are free on its disk; expected at least 1000000000000"):
        require_room(tmp_path / "new", mebibytes=10**12)
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"file/in: cannot be written to"):
        require_room(tmp_path / "file" / "in", mebibytes=1)
