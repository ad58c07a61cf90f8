"""Virtual sensors of a benchmark's training recordings: from their skeletons, and from nothing else."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pose2imu.datasets.mm_fit import CLASSES
from pose2imu.errors import InputError
from pose2imu.preprocessing.arrays import Recordings
from pose2imu.preprocessing.normalize import normalize
from pose2imu.preprocessing.virtual_recordings import Placement, virtual_recordings
from pose2imu.simulation.arm import HIP, NECK
from pose2imu.simulation.exercises import draw_subject, perform
from tests.toy import RATE, SPLITS, toy_recordings

WRIST = Placement(vertical=1, on_near_bone=lambda name: False, share=1.0)


def virtual(recordings: Recordings, placement: Placement = WRIST, noise: float = 0.0) -> Recordings:
    normalized, _ = normalize(recordings, RATE)
    return virtual_recordings(recordings, normalized, RATE, placement, 0.2, noise, align=True, per_class=False)


def training(recordings: Recordings) -> np.ndarray:
    return np.concatenate(
        [recordings.acceleration[recordings.of(row)] for row, split in enumerate(SPLITS) if split == "train"]
    )


def test_changed_test_recordings_change_nothing_and_are_not_there() -> None:
    one, other = virtual(toy_recordings()), virtual(toy_recordings(change_test=True))
    np.testing.assert_array_equal(training(one), training(other))
    assert one.table.split.value_counts(dropna=False).to_dict() == {"train": 6, np.nan: 6}


def test_it_is_in_the_units_and_the_distribution_of_the_real_signal() -> None:
    real, _ = normalize(toy_recordings(), RATE)
    found = training(virtual(toy_recordings()))
    np.testing.assert_allclose(
        np.percentile(found, [5, 50, 95], axis=0), np.percentile(training(real), [5, 50, 95], axis=0), atol=0.05
    )


def test_the_bone_and_the_noise_are_parameters() -> None:
    of_wrist = training(virtual(toy_recordings()))
    near = Placement(vertical=1, on_near_bone=lambda name: name == "r0", share=1.0)
    different = (training(virtual(toy_recordings(), near)) != of_wrist).any(axis=1).reshape(6, -1).mean(axis=1)
    assert different[0] > 0.9
    assert not np.array_equal(training(virtual(toy_recordings(), noise=1.0)), of_wrist)


def test_a_recording_too_short_for_a_spline_is_named() -> None:
    recordings = toy_recordings()
    table = recordings.table.assign(
        stop=recordings.table.stop.where(recordings.table.index != 1, recordings.table.start + 4)
    )
    with pytest.raises(InputError, match="r1: no virtual sensor"):
        virtual(replace(recordings, table=table))


def simulated() -> Recordings:
    """A workout of the simulator, both streams at 100 Hz and without noise, as the resample stage leaves it."""
    rng = np.random.default_rng(3)
    truth = perform([(2.0, 12.0, CLASSES[2]), (14.0, 24.0, CLASSES[9])], 26.0, draw_subject(rng), rng)
    joints = truth.joints[::2][:, [*range(14, 17), NECK, HIP]].astype(np.float32)
    watch, label = truth.watch[::2].astype(np.float32), truth.label[::2].astype(np.int8)
    table = pd.DataFrame({"recording": ["w00"], "subject": ["P0"], "start": 0, "stop": len(label), "split": ["train"]})
    return Recordings(watch, joints, label, table)


def test_how_the_sensor_sits_is_found() -> None:
    """The watch's x axis lies along the forearm, where joints say all there is to know."""
    recordings = simulated()
    normalized, _ = normalize(recordings, 100)
    placement = Placement(vertical=2, on_near_bone=lambda name: False, share=1.0)
    correlations = [
        np.corrcoef(
            virtual_recordings(recordings, normalized, 100, placement, 0.05, 0.0, align, False).acceleration[:, 0],
            normalized.acceleration[:, 0],
        )[0, 1]
        for align in (True, False)
    ]
    assert correlations[0] > 0.95
    assert abs(correlations[1]) < 0.7
