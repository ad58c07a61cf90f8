"""A run with scarce sensor data by the two commands of its stage, on toy clips."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pose2imu.layout import scarce_folder, weights_file
from pose2imu.preprocessing.arrays import Recordings, save
from tests.methods.test_scarce_methods import PARAMS, toy_recordings
from tests.small_project import stage
from tests.toy import PROJECT

RUN = "trees", "clips", "one_a_class", "0"
FOLDER, WEIGHTS = (
    scarce_folder("clips", "one_a_class", "trees", 0),
    weights_file("scarce/clips/one_a_class", "trees", 0),
)
DATA = Path("data/resampled/utd_mhad")


def of_people(recordings: Recordings, people: list[str]) -> Recordings:
    """The toy's four people under other names."""
    names = dict(zip(sorted(recordings.table.subject.unique()), people, strict=True))
    table = recordings.table.assign(subject=recordings.table.subject.map(names))
    recording = [
        name.replace(f"_{old}_", f"_{names[old]}_")
        for name, old in zip(table.recording, recordings.table.subject, strict=True)
    ]
    return replace(recordings, table=table.assign(recording=recording))


def together(one: Recordings, other: Recordings) -> Recordings:
    """The recordings of both, end to end."""
    moved = other.table.assign(start=other.table.start + len(one.label), stop=other.table.stop + len(one.label))
    arrays = (
        np.concatenate(pair)
        for pair in ((one.acceleration, other.acceleration), (one.joints, other.joints), (one.label, other.label))
    )
    return Recordings(*arrays, pd.concat([one.table, moved], ignore_index=True))


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "runtime.json"}


@pytest.fixture
def training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recordings:
    """Training people's recordings, and a project of these and the test people's."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(PROJECT / "reports/recipes/scarce", tmp_path / "reports/recipes/scarce")
    training = of_people(toy_recordings(), PARAMS.scarce.train)
    save(together(training, of_people(toy_recordings(seed=5), PARAMS.scarce.test)), DATA)
    return training


@pytest.mark.usefixtures("training")
def test_a_run_is_trained_and_tested_and_the_same_again() -> None:
    found = []
    for _ in range(2):
        assert stage("scarce_train", *RUN) == 0
        assert stage("scarce_evaluate", *RUN) == 0
        found.append((files(FOLDER), WEIGHTS.read_bytes()))
    assert found[0] == found[1]
    metrics = json.loads((FOLDER / "metrics.json").read_text())
    assert metrics["labelled_clips"] == 3  # one of each class of the toy
    assert metrics["accuracy"] > 0.5
    assert set(pd.read_parquet(FOLDER / "clips.parquet").subject) == set(PARAMS.scarce.test)


def test_test_people_change_nothing_that_is_learned(training: Recordings) -> None:
    assert stage("scarce_train", *RUN) == 0
    before = WEIGHTS.read_bytes()
    save(together(training, of_people(toy_recordings(seed=9), PARAMS.scarce.test)), DATA)
    assert stage("scarce_train", *RUN) == 0
    assert WEIGHTS.read_bytes() == before
