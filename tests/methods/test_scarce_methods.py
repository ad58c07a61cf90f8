"""Methods for scarce sensor data: nothing of a withheld clip's reaches them, and they learn."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from pose2imu.loading.clips import Clips, clips_of, withheld, without_poses
from pose2imu.loading.scarce import labelled_clips
from pose2imu.methods import method_of
from pose2imu.methods.clip_classifiers import absent_lowered, passes, shares, source_of
from pose2imu.methods.pose_regression import best_lag, fit_regressor
from pose2imu.methods.synthetic_clips import class_means, with_poses_of_others, write
from pose2imu.params import load_params
from pose2imu.preprocessing.arrays import Recordings
from pose2imu.settings import Settings
from pose2imu.training import make_deterministic

PARAMS = load_params()
CLASSES, EACH, RATE = 3, 8, 50
SMALL: Mapping[str, Any] = {
    "widths": [8, 16],
    "length": 32,
    "epochs": 1,
    "least_steps": 60,
    "window_steps": 60,
    "batch_size": 16,
    "regressor_steps": 40,
    "variants": 2,
    "trees": 20,
    "kernels": 84,
    "teachers": 2,
    "dropout": 0.0,
}
# Where nothing needs to be learned.
FEW_STEPS: Mapping[str, Any] = {"least_steps": 12, "window_steps": 12, "regressor_steps": 10}


def toy_recordings(seed: int = 0) -> Recordings:
    """Swings of a forearm whose tempo is their class; the sensor reads gravity and the second derivative."""
    random = np.random.default_rng(seed)
    joints, acceleration, label, rows = [], [], [], []
    start = 0
    for number in range(CLASSES * EACH):
        of_class = number % CLASSES
        length = int(random.integers(110, 140))
        angle = np.sin(2 * np.pi * (0.4 + 0.5 * of_class) * np.arange(length) / RATE + random.uniform(0, 6)) * 0.8
        wrist = np.array([0.2, 1.1, 0]) + 0.3 * np.stack([0 * angle, -np.cos(angle), np.sin(angle)], axis=1)
        body = np.tile([[0.2, 1.4, 0], [0.2, 1.1, 0], [0, 0, 0], [0, 1.4, 0], [0, 0.9, 0]], (length, 1, 1))
        body[:, 2] = wrist
        joints.append(body)
        force = np.gradient(np.gradient(wrist, axis=0), axis=0) * RATE**2 + [0, 9.8, 0]
        acceleration.append(force + random.normal(0, 0.1, force.shape))
        label.append(np.full(length, of_class, np.int8))
        name = f"a{of_class + 1}_s{number // (CLASSES * EACH // 4)}_t{number}"
        subject = f"s{number // (CLASSES * EACH // 4)}"
        rows.append({"recording": name, "subject": subject, "start": start, "stop": start + length})
        start += length
    arrays = (np.concatenate(part).astype(np.float32) for part in (acceleration, joints))
    return Recordings(*arrays, np.concatenate(label), pd.DataFrame(rows))


def toy_clips(recordings: Recordings) -> Clips:
    return clips_of(recordings, "utd_mhad", RATE, "sensor", ["s0", "s1", "s2", "s3"])


def settings_for(row: str, **changes: Any) -> Settings[Any]:
    options = PARAMS.scarce_options(row)
    small = {key: value for key, value in {**SMALL, **changes}.items() if key in type(options).model_fields}
    make_deterministic(0, 1)
    return Settings(options.model_copy(update=small), CLASSES, 0, 0, "cpu")


def fitted(row: str, recordings: Recordings, level: str, **changes: Any) -> dict[str, np.ndarray]:
    clips = toy_clips(recordings)
    labelled = labelled_clips(clips.index, "clips", level, 0)
    settings = settings_for(row, **changes)
    return dict(method_of(PARAMS.scarce.method_of(row)).fit(withheld(clips, labelled), settings).state)


@pytest.mark.parametrize("row", PARAMS.scarce.rows)
def test_a_withheld_clips_sensor_data_changes_no_byte(row: str) -> None:
    recordings = toy_recordings()
    clips = toy_clips(recordings)
    without = ~labelled_clips(clips.index, "clips", "quarter", 0)
    changed = recordings.acceleration.copy()
    of_name = recordings.table.set_index("recording")
    for name in clips.index.recording[without]:
        changed[of_name.start[name] : of_name.stop[name]] = 1e3 * np.random.default_rng(1).normal(size=3)
    sides = recordings, replace(recordings, acceleration=changed)
    first, second = (fitted(row, side, "quarter", **FEW_STEPS) for side in sides)
    assert first.keys() == second.keys()
    for name, array in first.items():
        assert np.asarray(array).tobytes() == np.asarray(second[name]).tobytes(), name


@pytest.mark.parametrize("row", ["synthetic_clips", "synthetic_clips_distilled", "shuffled_poses", "class_mean"])
def test_nor_does_it_change_a_synthetic_clip_whose_pose_changes_many(row: str) -> None:
    recordings = toy_recordings()
    clips = toy_clips(recordings)
    labelled = labelled_clips(clips.index, "clips", "quarter", 0)
    other = [signal * (1 if has else 7) for signal, has in zip(clips.signals(), labelled, strict=True)]
    settings = settings_for(row, **FEW_STEPS)
    written = [
        write(withheld(one, labelled), settings).clips for one in (clips, replace(clips, acceleration=list(other)))
    ]
    assert written[0].signals.numpy().tobytes() == written[1].signals.numpy().tobytes()
    if row != "class_mean":
        assert len(written[0].label) == len(clips) * SMALL["variants"]
        first = [joints * 1.5 for joints in clips.poses()[:1]]
        moved = replace(clips, joints=[*first, *clips.joints[1:]])
        assert not torch.equal(write(withheld(moved, labelled), settings).clips.signals, written[0].signals)


@pytest.mark.parametrize("row", [row for row in PARAMS.scarce.rows if not row.startswith(("shuffled", "minirocket_"))])
def test_learns_from_all_and_predicts_from_sensor_data_alone(row: str) -> None:
    state, test = fitted(row, toy_recordings(), "all"), without_poses(toy_clips(toy_recordings(seed=5)))
    said = method_of(PARAMS.scarce.method_of(row)).predict(state, test, settings_for(row))
    assert said.shape == (len(test), CLASSES)
    np.testing.assert_allclose(said.sum(axis=1), 1, rtol=1e-5)
    assert (said.argmax(axis=1) == test.label).mean() > 0.6


def test_networks_of_an_ensemble_know_the_same_clips_and_differ() -> None:
    state = fitted("strong_cnn_ensemble", toy_recordings(), "quarter", **FEW_STEPS)
    weights = [state[f"{number}.stem.weight"] for number in range(3)]
    assert not any(np.array_equal(weights[0], other) for other in weights[1:])


def test_poses_of_others_are_of_another_class() -> None:
    clips = toy_clips(toy_recordings())
    shuffled = with_poses_of_others(clips, 0)
    source = [next(n for n, one in enumerate(clips.joints) if one is joints) for joints in shuffled.joints]
    assert sorted(source) == list(range(len(clips)))
    assert (clips.label[source] != clips.label).all()


def test_a_pose_of_another_clip_may_be_longer_than_the_sensor_data() -> None:
    clips = toy_clips(toy_recordings())
    cut = replace(clips, acceleration=[one[:, :100] for one in clips.acceleration])
    state, curve = fit_regressor(cut, settings_for("shuffled_poses"), 0)
    assert np.isfinite([row["loss"] for row in curve]).all()
    assert all(np.isfinite(array).all() for array in state.values())


def test_the_mean_clip_of_a_class_by_hand() -> None:
    clips = toy_clips(toy_recordings())
    flat = replace(clips, acceleration=[np.full((3, 120), n, np.float32) for n in range(len(clips))])
    labelled = np.zeros(len(clips), bool)
    labelled[[0, 3, 1]] = True  # two of class 0, one of class 1, none of class 2
    means = class_means(withheld(flat, labelled), settings_for("class_mean"))
    assert means.signals[means.label == 0].unique().tolist() == [1.5]
    assert means.signals[means.label == 1].unique().tolist() == [1.0]
    assert 2 not in means.label


def test_a_late_sensor_is_found_to_be_late() -> None:
    random = torch.Generator().manual_seed(0)
    written = torch.randn(2, 3, 100, generator=random)
    signals = torch.stack([written[0].roll(5, dims=1), written[1].roll(-3, dims=1)])
    lag = best_lag(lambda x: x, written, signals, torch.tensor([100, 100]), "cpu")
    assert lag.tolist() == [5, -3]


def test_every_clip_is_drawn_before_any_is_drawn_again() -> None:
    drawn = passes(5, 12, torch.Generator().manual_seed(0))
    assert [sorted(part.tolist()) for part in (drawn[:5], drawn[5:10])] == [[0, 1, 2, 3, 4]] * 2
    assert len(drawn) == 12


def test_fewer_of_a_batch_are_synthetic_where_there_are_more_real_clips() -> None:
    settings = settings_for("synthetic_clips", fading_clips=6.0, batch_size=12)
    found = []
    for of_each in (0, 2, 8):
        label = np.concatenate([np.repeat([0, 1, 2], of_each), [0, 0]])  # class 0 has more, which does not count
        found.append(shares(source_of([np.zeros((3, 9), np.float32)] * len(label), label), settings))
    assert found == [[6, 6], [9, 3], [11, 1]]


def test_real_clips_do_not_teach_that_classes_without_any_are_rare() -> None:
    real = source_of([np.zeros((3, 9), np.float32)] * 2, np.array([0, 2]))
    lowered = absent_lowered(real, [1, 2], settings_for("synthetic_clips", absent=4.0))
    assert lowered.tolist() == [[0, 4, 0], [0, 0, 0], [0, 0, 0]]


def test_a_run_needs_neither_dvc_nor_ruamel_nor_aeon() -> None:
    blocked = "import sys; sys.modules.update(dict.fromkeys(['dvc', 'ruamel', 'ruamel.yaml', 'aeon', 'matplotlib'])); "
    paths = "sys.path[:0] = ['stages', 'src']; "
    methods = "; ".join(f"import pose2imu.methods.{PARAMS.scarce.method_of(row)}" for row in PARAMS.scarce.rows)
    code = blocked + paths + "import scarce_train, scarce_evaluate; " + methods
    subprocess.run([sys.executable, "-c", code], check=True)
