"""`classify`: clips and windows, times and probabilities; what is no recording of movement."""

import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pose2imu.errors import InputError
from pose2imu.formats.streams import Inertial
from pose2imu.own.classify import classify
from tests.own.folders import TEMPO, arm

PROBABILITIES = sorted(TEMPO)


def joined(*parts: Inertial) -> Inertial:
    """Recordings one after the other."""
    values = np.concatenate([part.acceleration for part in parts])
    return Inertial("joined", 100.0 + np.arange(len(values)) / 50, values)


def test_a_clip_is_named_as_a_whole(models: dict[str, Path]) -> None:
    random = np.random.default_rng(5)
    for activity in TEMPO:
        table = classify(models["classifier"], arm(activity, random)[1])
        assert table.activity.tolist() == [activity]
        assert table[PROBABILITIES].sum(axis=1).iloc[0] == pytest.approx(1, abs=1e-6)
        assert table.probability.iloc[0] == table[activity].iloc[0] == table[PROBABILITIES].max(axis=1).iloc[0]
        assert (table.start.iloc[0], table.stop.iloc[0]) == (0.0, pytest.approx(2.98))


def test_a_long_recording_is_named_over_time_on_its_own_clock(models: dict[str, Path]) -> None:
    random = np.random.default_rng(6)
    slow, fast = arm("slow", random, 20.0)[1], arm("fast", random, 20.0)[1]
    table = classify(models["classifier"], joined(slow, fast), window=3.0, stride=1.0)
    assert table.start.iloc[0] == 100.0
    assert table.start.diff().dropna().round(6).eq(1.0).all()
    assert table.stop.iloc[-1] == pytest.approx(139.98)
    within = table[(table.stop < 120) | (table.start > 120)]
    right = np.where(within.stop < 120, "slow", "fast") == within.activity
    assert right.mean() > 0.9


def test_the_same_movement_at_another_rate_is_the_same(models: dict[str, Path]) -> None:
    recording = arm("medium", np.random.default_rng(7))[1]
    time = np.arange(0, recording.time[-1], 1 / 200)
    values = np.stack([np.interp(time, recording.time, axis) for axis in recording.acceleration.T], axis=1)
    tables = [classify(models["classifier"], one) for one in (recording, Inertial("again", time, values))]
    assert tables[0].activity.tolist() == tables[1].activity.tolist()
    np.testing.assert_allclose(tables[0][PROBABILITIES], tables[1][PROBABILITIES], atol=0.05)


def test_a_table_is_a_recording_too(models: dict[str, Path]) -> None:
    recording = arm("slow", np.random.default_rng(7))[1]
    table = pd.DataFrame(recording.acceleration, columns=["ax", "ay", "az"]).assign(time=recording.time)
    found = classify(str(models["classifier"]), table, name="slow")
    pd.testing.assert_frame_equal(found, classify(models["classifier"], recording))


def test_no_window_lies_in_a_gap(models: dict[str, Path]) -> None:
    recording = arm("slow", np.random.default_rng(8), 30.0)[1]
    kept = (recording.time < 10) | (recording.time > 15)
    table = classify(models["classifier"], Inertial("gap", recording.time[kept], recording.acceleration[kept]))
    assert ((table.stop < 10) | (table.start > 14.9)).all()
    assert table.start.max() > 20


def test_an_activity_called_as_a_column_has_its_probability(models: dict[str, Path], tmp_path: Path) -> None:
    from pose2imu.own.model import ClassifierHeader, load_model, save_model  # noqa: PLC0415

    model = load_model(models["classifier"], ClassifierHeader)
    header = model.header.model_copy(update={"activities": ["start", "stop", "activity"]})
    save_model(tmp_path / "m.safetensors", header, model.state)
    table = classify(tmp_path / "m.safetensors", arm("slow", np.random.default_rng(5))[1])
    assert table[[f"{name}_probability" for name in header.activities]].sum(axis=1).iloc[0] == pytest.approx(
        1, abs=1e-6
    )


@pytest.mark.parametrize(
    ("recording", "options", "expected"),
    [
        (Inertial("short", np.arange(20) / 50, np.ones((20, 3))), {}, "short: 0.38 s long; expected at least 0.5 s"),
        (Inertial("two", np.arange(2) / 50, np.ones((2, 3))), {}, "two: 0.02 s long"),
        (Inertial("nan", np.arange(200) / 50, np.full((200, 3), np.nan)), {}, "nan: acceleration: fewer than two rows"),
        (arm("slow", np.random.default_rng(1))[1], {"window": 0.1}, "expected windows of at least 0.5 s"),
        (arm("slow", np.random.default_rng(1))[1], {"stride": 0.0}, "a stride above 0"),
        (arm("slow", np.random.default_rng(1))[1], {"stride": float("nan")}, "a stride above 0"),
        (arm("slow", np.random.default_rng(1))[1], {"window": float("inf")}, "expected windows of"),
    ],
)
def test_what_cannot_be_classified_is_one_line(
    models: dict[str, Path], recording: Inertial, options: dict[str, float], expected: str
) -> None:
    with pytest.raises(InputError, match=expected) as caught:
        classify(models["classifier"], recording, **options)
    assert "\n" not in str(caught.value)


TEN_HOURS = """
import sys, numpy as np
from pathlib import Path
from pose2imu.formats.streams import Inertial
from pose2imu.own.classify import classify
time = np.arange(10 * 3600 * 100) / 100
values = np.random.default_rng(0).normal(0, 5, (len(time), 3))
table = classify(Path(sys.argv[1]), Inertial("long", time, values), window=3.0)
assert len(table) == 36000 - 2, len(table)
"""


def test_ten_hours_take_less_than_a_minute_and_two_gibibytes(models: dict[str, Path]) -> None:
    """By a small network; of processor time, for others may be at work."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", TEN_HOURS, str(models["classifier"])], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 60
    assert after.ru_maxrss < 2 * 2**20  # KiB
