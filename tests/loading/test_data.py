"""What training is given: the training and validation splits as a method needs them, and nothing of the test split."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pose2imu.loading.batches import Windows
from pose2imu.loading.data import Data, Needs, load_data, load_split
from pose2imu.loading.sampling import RandomStarts
from pose2imu.loading.sequences import Sequences
from pose2imu.preprocessing import arrays
from tests.preprocessing.test_window import recordings
from tests.toy import benchmark_of, save_benchmark, settings_for

WINDOW, STRIDE = 4, 4
TRAIN, VALIDATION, TEST = [0, 0, 0, 1, 1, 0, 0, 0], [1] * 5, [2] * 6
PARTS = recordings(TRAIN, VALIDATION, TEST, splits=("train", "validation", "test"))
BENCHMARK = benchmark_of(window=WINDOW, stride=STRIDE)


@pytest.fixture(autouse=True)
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write what the stages before leave; what virtual sensors read is the acceleration, negated."""
    monkeypatch.chdir(tmp_path)
    save_benchmark(replace(PARTS, angular_velocity=2 * PARTS.acceleration), BENCHMARK)
    arrays.save(replace(PARTS, acceleration=-PARTS.acceleration), Path("data/virtual/toy"))


def windows(needs: Needs, **options: str) -> Data[Windows]:
    found = load_data(BENCHMARK, needs, settings_for("imutube", **options))
    assert isinstance(found.train, Windows)
    assert isinstance(found.validation, Windows)
    return Data(found.train, found.validation, found.regressor, found.virtual)


def test_windows_of_training_and_validation_alone() -> None:
    found = windows(Needs("windows"))
    assert type(found.train) is Windows
    assert found.train.index.recording.tolist() == ["w00", "w00"]
    assert found.validation.index.recording.tolist() == ["w01"]
    assert (found.regressor, found.virtual) == (None, None)
    held = [split.acceleration for split in (found.train, found.validation)]
    assert max(signal[..., 0].max().item() for signal in held) == len(TRAIN) + len(VALIDATION) - 1


def test_sampling_and_label_are_those_of_the_run() -> None:
    """Majority gives 0 to the window that starts at 2, of classes 0 1 1 0; its midpoint is a 1."""
    of = {label: windows(Needs("windows"), sampling="random_start", label=label) for label in ("majority", "midpoint")}
    assert all(isinstance(data.train, RandomStarts) for data in of.values())
    assert of["majority"].train.label.tolist() == [0, 0, 0, 0, 0]
    assert of["midpoint"].train.label.tolist() == [0, 1, 1, 0, 0]
    assert type(of["midpoint"].validation) is Windows


@pytest.mark.parametrize("sampling", ["all", "random_start"])
def test_virtual_windows_are_the_training_windows_of_other_sensors(sampling: str) -> None:
    found = windows(Needs("windows", virtual=True), sampling=sampling)
    assert found.virtual is not None
    assert found.virtual.index.equals(found.train.index)
    np.testing.assert_array_equal(found.virtual.acceleration, -found.train.acceleration)


def test_r_is_handed_on() -> None:
    regressor = {"weight": np.ones(2)}
    found = load_data(BENCHMARK, Needs("windows", regressor=True), settings_for("regression_first"), regressor)
    assert found.regressor is regressor


@pytest.mark.parametrize("axes", [3, 6])
def test_sequences_have_the_axes_of_the_row(axes: int) -> None:
    settings = settings_for("crc", axes=axes)
    found = load_data(BENCHMARK.model_copy(update={"clips": True}), Needs("sequences"), settings)
    assert isinstance(found.train, Sequences)
    assert [split.signals[0].shape for split in (found.train, found.validation)] == [(axes, 8), (axes, 5)]
    assert found.train.mean.shape == (axes,)


def test_the_test_split_is_for_evaluation() -> None:
    split = load_split(BENCHMARK, "test", Needs("windows"), settings_for("baseline"))
    assert isinstance(split, Windows)
    assert split.label.tolist() == [2]
    sequences = load_split(BENCHMARK, "test", Needs("sequences"), settings_for("crc_three_axes"))
    assert isinstance(sequences, Sequences)
    assert sequences.label.tolist() == [2]
