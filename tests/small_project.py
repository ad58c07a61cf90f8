"""A small project whose stages have run, from raw files to a report, for tests that spoil one of its files."""

import json
import runpy
import shutil
import sys
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io

from pose2imu.datasets.download import download
from pose2imu.recipes import RECIPES
from pose2imu.simulation import simulator
from tests.toy import PROJECT

SAMPLE, CLIPS = "sample", "utd_mhad_committed"  # the benchmarks: of windows, and of clips with six axes
RAW, RAW_CLIPS, ARCHIVE = (
    Path("data/raw/sample"),
    Path("data/raw/utd_mhad"),
    Path("data/archives/utd-mhad/Inertial.zip"),
)
MEMBERS = {"Inertial/a1.mat": b"acceleration " * 50, "Inertial/a2.mat": b"more of it " * 50}
ROWS = ("regressor", "baseline", "regression_first", "joint", "trees")  # the last one on sequences
SPLITS = {"train": ["w00"], "validation": ["w01"], "test": ["w02"]}
SUBJECTS = {"train": ["s1"], "validation": ["s2"], "test": ["s3"]}
SMALL = {"trees": {"trees": 5, "segments": [1]}, "crc": {"segments": [1], "regularization": [0.1]}}
SHORT = {"epochs": 1, "patience": 1, "threads": 1, "device": "cpu"}


def stage(name: str, *arguments: str) -> str | int:
    """Run a stage of this tree here, as its command does, but in this process; gives what it exits with."""
    script = str(PROJECT / "stages" / f"{name}.py")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(PROJECT / "stages"))
        patch.setattr(sys, "argv", [script, *arguments])
        try:
            runpy.run_path(script, run_name="__main__")
        except SystemExit as end:
            return end.code or 0
    return 0


def build() -> None:
    """Make the project in the working folder."""
    write_recipes()
    write_archive()
    simulator.simulate(RAW, seed=0, workouts=3, seconds_per_set=2.0)
    for number, subject in enumerate(["s1", "s2", "s3"]):
        for action in (1, 2):
            write_clip(f"a{action}_{subject}_t1", seed=10 * action + number)
    for dataset, benchmark in (("sample", SAMPLE), ("utd_mhad", CLIPS)):
        run("resample", dataset)
        run("normalize", benchmark)
        run("window", benchmark)
    run("virtual", SAMPLE)
    run("train", "regressor", SAMPLE, "0", "--alone")
    for row, benchmark in [*((row, SAMPLE) for row in ROWS[1:]), ("crc", CLIPS)]:
        run("train", row, benchmark, "0")
        run("evaluate", row, benchmark, "0")
    shutil.copytree(PROJECT / "reports/tables" / SAMPLE, f"reports/tables/{SAMPLE}")
    for name in ("src", "stages"):  # what recipes are made of
        Path(name).symlink_to(PROJECT / name)


def run(*command: str) -> None:
    assert stage(*command) == 0, command


def write_recipes() -> None:
    """Copy the project's recipes, with little to compute."""
    shutil.copytree(PROJECT / RECIPES, RECIPES)
    shutil.copy(PROJECT / "params.yaml", "params.yaml")
    for benchmark, splits in ((SAMPLE, SPLITS), (CLIPS, SUBJECTS)):
        change(RECIPES / f"normalize/{benchmark}.json", lambda raw, s=splits: raw["options"]["protocol"].update(s))
    change(RECIPES / f"window/{SAMPLE}.json", lambda raw: raw["options"].update(window=1.0))
    for path in [*RECIPES.glob(f"train/{SAMPLE}/*.json"), RECIPES / f"train/{CLIPS}/crc.json"]:
        small = SMALL.get(path.stem, SHORT)
        change(path, lambda raw, s=small: raw["options"].update(s))
    of = {"evaluated": {row: [0] for row in ROWS[1:]}, "beside": {}, "alone": {"regressor": [0]}}
    change(RECIPES / f"runs/{SAMPLE}.json", lambda raw: raw.update(of))
    change(RECIPES / "download/utd_mhad.json", lambda raw: raw["options"]["archives"].pop())
    change(RECIPES / "download/utd_mhad.json", lambda raw: raw["options"]["archives"][0].update(urls=[]))


def write_archive(members: dict[str, bytes] = MEMBERS) -> None:
    """Write an archive of UTD-MHAD put by hand, and a manifest of what it must hold."""
    ARCHIVE.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(ARCHIVE, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    lines = (f"{sha256(content).hexdigest()}  {name}\n" for name, content in MEMBERS.items())
    Path("manifests").mkdir(exist_ok=True)
    Path("manifests/utd_mhad.sha256").write_text("".join(lines))


def take_its_manifest(patch: pytest.MonkeyPatch) -> None:
    """Have downloads verified by the project's small manifest."""
    assert download.__kwdefaults__ is not None
    patch.setitem(download.__kwdefaults__, "manifests", Path("manifests"))
    patch.delenv("POSE2IMU_MIRROR", raising=False)


def write_clip(name: str, seed: int) -> None:
    """Write one clip of UTD-MHAD, in g and degrees a second."""
    random = np.random.default_rng(seed)
    inertial = random.normal([0, 0, 1, 0, 0, 0], [0.1] * 3 + [20.0] * 3, (120, 6))
    skeleton = random.normal(0, 0.3, (20, 3, 1)) + random.normal(0, 0.01, (20, 3, 41))
    for kind, key, matrix in (("Inertial", "d_iner", inertial), ("Skeleton", "d_skel", skeleton)):
        (RAW_CLIPS / kind).mkdir(parents=True, exist_ok=True)
        scipy.io.savemat(RAW_CLIPS / kind / f"{name}_{kind.lower()}.mat", {key: matrix})


def change(path: Path, how: Callable[[dict[str, Any]], Any]) -> None:
    """Change a JSON file."""
    raw = json.loads(path.read_text())
    how(raw)
    path.write_text(json.dumps(raw))
