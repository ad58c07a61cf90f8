"""The models in git: tested on people unknown to them, and found wherever one asks for them by name."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pose2imu.checking.models import problems
from pose2imu.datasets.utd_mhad import CLASSES
from pose2imu.formats.inertial import read_inertial
from pose2imu.loading.clips import Clips
from pose2imu.own import shipped
from pose2imu.own.classify import classify
from pose2imu.own.folder import UP
from pose2imu.own.method import options_of
from pose2imu.own.model import found
from pose2imu.own.scores import errors_of, over_people
from pose2imu.own.shipped import HALVES, NAMES, make
from tests.own.folders import TEMPO, arm
from tests.own.test_training import TINY
from tests.toy import PROJECT

EVERYBODY = [who for half in HALVES for who in half]


@pytest.fixture
def clips() -> Clips:
    """Three clips of each person, one of them with the sensor on a near bone."""
    random, rows, pairs = np.random.default_rng(0), [], []
    for who in EVERYBODY:
        for label, activity in enumerate(TEMPO):
            poses, inertial = arm(activity, random)
            rows.append((f"{who}_{activity}", who, label, activity == "fast"))
            pairs.append((np.stack(list(poses.joints.values()), axis=1), inertial.acceleration.T.astype(np.float32)))
    index = pd.DataFrame(rows, columns=["recording", "subject", "label", "near_bone"])
    return Clips(index, [joints for joints, _ in pairs], [signal for _, signal in pairs], 50, UP)


@pytest.mark.parametrize("name", NAMES)
def test_each_half_is_tested_by_what_learned_from_the_other(
    name: str, clips: Clips, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn = "learn_classifier" if name.endswith("classifier") else "learn_regressor"
    real, given = getattr(shipped, learn), []

    def spied(part: Clips, *arguments: Any) -> Any:
        given.append(set(part.index.subject))
        return real(part, *arguments)

    monkeypatch.setattr(shipped, learn, spied)
    monkeypatch.setattr(shipped, "options_of", lambda row: options_of(row, **TINY))
    made = make(name, clips)
    assert given == [set(HALVES[0]), set(HALVES[1]), set(EVERYBODY)]
    assert list(made.predictions.subject.unique()) == [*HALVES[1], *HALVES[0]]
    assert made.header.trained_on.people == sorted(EVERYBODY)
    assert len(made.predictions) == 24


def test_errors_are_those_of_a_signal_by_hand() -> None:
    measured = np.array([[0.0, 2.0], [1.0, 1.0], [0.0, 4.0]])
    written = np.array([[0.0, 2.0], [1.0, 3.0], [4.0, 0.0]])
    errors = errors_of(written, measured, measured.mean(axis=1, keepdims=True))
    assert errors["mse"] == pytest.approx((0 + 4 + 32) / 6)
    assert errors["mse_of_mean"] == pytest.approx((2 + 0 + 8) / 6)
    assert errors["correlation"] == pytest.approx((1 + 0 - 1) / 3)


def test_the_interval_is_students() -> None:
    score = over_people(pd.Series({"a": 0.8, "b": 1.0}))
    assert score["mean"] == pytest.approx(0.9)
    assert score["interval"] == pytest.approx([0.9 - 12.7062 * 0.1, 0.9 + 12.7062 * 0.1], abs=1e-4)
    assert over_people(pd.Series({"a": 0.8}))["interval"] is None


def test_the_classifier_in_git_reads_a_csv_out_of_the_box() -> None:
    recording = read_inertial(PROJECT / "examples/own_data/watch/anna_squats_1.csv")
    table = classify(found("utd_mhad_classifier"), recording)
    assert list(table.columns[-27:]) == list(CLASSES)
    np.testing.assert_allclose(table[list(CLASSES)].sum(axis=1), 1, atol=1e-5)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A copy of what git has of the models."""
    for folder in ("models", "reports/models"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    return tmp_path


def test_what_git_has_is_consistent(kept: Path) -> None:
    assert list(problems(kept)) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        ("models/utd_mhad_classifier.md", "27 actions", "28 actions", "utd_mhad_classifier.md: not what"),
        ("reports/models/utd_mhad_classifier.json", '"f1": 0.9', '"f1": 0.8', "classifier.json: not what"),
        ("reports/models/utd_mhad_regressor.json", '"s1": ', '"s1": 1', "regressor.json: not what"),
    ],
)
def test_what_was_altered_is_named(kept: Path, path: str, old: str, new: str, expected: str) -> None:
    text = (kept / path).read_text(encoding="utf-8")
    assert old in text
    (kept / path).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(expected in problem for problem in problems(kept))


def test_other_predictions_and_missing_files_are_named(kept: Path) -> None:
    predictions = kept / "reports/models/utd_mhad_classifier.parquet"
    table = pd.read_parquet(predictions)
    table.loc[0, "predicted"] = (table.loc[0, "predicted"] + 1) % 27
    table.to_parquet(predictions)
    (kept / "models/utd_mhad_regressor.safetensors").rename(kept / "models/another.safetensors")
    found_problems = list(problems(kept))
    assert any("utd_mhad_classifier.json: not what" in one for one in found_problems)
    assert any(str(kept / "models/utd_mhad_regressor.safetensors") in one for one in found_problems)
    assert any("another.safetensors: no stage makes it" in one for one in found_problems)
