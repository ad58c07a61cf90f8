"""Clocks that lost their milliseconds, deliver in packets, step back or count in another unit, on a known signal."""

import re
import warnings
from dataclasses import replace

import numpy as np
import pytest

from pose2imu.datasets.recording import RawRecording, read_clock
from pose2imu.errors import InputError
from pose2imu.preprocessing.arrays import HOLE
from pose2imu.preprocessing.resample import resample

SECONDS, RATE = 20.0, 103.0
BODY = np.array([[0.2, 0.5, 0.0], [0.3, 0.2, 0.1], [0.4, 0.0, 0.2], [0.0, 0.5, 0.0], [0.0, 0.0, 0.0]])


def swing(time: np.ndarray) -> np.ndarray:
    """A signal (time, 3) of 2 Hz about gravity."""
    return np.stack(
        [3 * np.sin(4 * np.pi * time), 2 * np.cos(4 * np.pi * time), 9.81 + np.sin(4 * np.pi * time)], axis=1
    )


def recording(begin: float = 0.0, seconds: float = SECONDS) -> RawRecording:
    time, joints_time = begin + np.arange(0, seconds, 1 / RATE), begin + np.arange(0, seconds, 1 / 30)
    label = (time >= 10).astype(int)
    return RawRecording("w00", "P2", time, swing(time), label, joints_time, BODY + swing(joints_time)[:, None])


def error_of(raw: RawRecording, begin: float = 0.0) -> np.ndarray:
    """By how much the resampled acceleration is off, in m/s², less half a second at both ends."""
    out = resample([raw], rate=100, max_gap=1.0)
    first = max(raw.acceleration_time[0], raw.joints_time[0])
    time = first + np.arange(len(out.label)) / 100
    inside = (time > begin + 0.5) & (time < begin + SECONDS - 1)
    return np.abs(out.acceleration - swing(time))[inside]


@pytest.mark.parametrize("packet", [1.0, 0.25])
@pytest.mark.parametrize("begin", [0.0, 0.6])
def test_rows_of_packets_are_spread(packet: float, begin: float) -> None:
    """A clock that lost its milliseconds, and packets of a quarter of a second: the signal keeps its amplitude."""
    raw = recording(begin)
    stamped = replace(raw, acceleration_time=np.floor(raw.acceleration_time / packet) * packet)
    with pytest.warns(UserWarning, match=r"w00: acceleration: 2060 rows share \d+ times") as caught:
        error = error_of(stamped, begin)
    assert len(caught) == 1
    assert error.max() < 0.5  # of an amplitude of 3; averaged per second it is 3


def test_frames_of_packets_are_spread_too() -> None:
    raw = recording()
    with pytest.warns(UserWarning, match="w00: joints: 600 rows share 20 times"):
        out = resample([replace(raw, joints_time=np.floor(raw.joints_time))], rate=100, max_gap=1.0)
    time = np.arange(len(out.label)) / 100
    np.testing.assert_allclose(out.joints[50:-50], (BODY + swing(time)[:, None])[50:-50], atol=0.1)


def test_packets_keep_to_their_rate_before_and_after_a_gap() -> None:
    true = np.concatenate([np.arange(0.4, 5.4, 0.01), np.arange(9.7, 15.0, 0.01)])
    clock = read_clock(np.floor(true + 1e-9), "w00", "acceleration")
    np.testing.assert_allclose(clock.time, true, atol=0.011)


def test_a_clock_that_loses_its_milliseconds_half_way_keeps_the_first_half() -> None:
    time = np.arange(0, 20, 0.01)
    time[1000:] = np.floor(time[1000:] + 1e-9)
    clock = read_clock(time, "w00", "acceleration")
    np.testing.assert_array_equal(clock.time[:1000], time[:1000])
    np.testing.assert_allclose(clock.time, np.arange(0, 20, 0.01), atol=1e-6)


def test_few_duplicates_stay_as_they_are_and_nothing_is_said() -> None:
    time = recording().acceleration_time
    time[np.arange(50, 2000, 25)] = time[np.arange(49, 1999, 25)]
    clock = read_clock(time, "w00", "acceleration")
    np.testing.assert_array_equal(clock.time, time)
    assert clock.packets == clock.steps == []


def set_back(raw: RawRecording, at: float, by: float) -> RawRecording:
    return replace(
        raw,
        acceleration_time=np.where(raw.acceleration_time < at, raw.acceleration_time, raw.acceleration_time - by),
        joints_time=np.where(raw.joints_time < at, raw.joints_time, raw.joints_time - by),
    )


@pytest.mark.parametrize("by", [2.0, 7.0, 20.0, 3600.0, 1.5e9])
def test_a_step_back_of_the_clock_begins_a_new_stretch_after_a_hole(by: float) -> None:
    raw = recording(seconds=60.0)
    with pytest.warns(UserWarning, match=rf"acceleration: the clock steps back by {by:.1f} s at row 3091") as caught:
        out = resample([set_back(raw, 30.0, by)], rate=100, max_gap=1.0)
    assert len(caught) == 1
    hole = np.flatnonzero(out.label == HOLE)
    assert len(hole) == 100
    assert (np.diff(hole) == 1).all()
    assert hole[0] == pytest.approx(3000, abs=5)
    for part, begin in ((slice(hole[0]), 0.0), (slice(hole[-1] + 1, None), raw.acceleration_time[3091])):
        time = begin + np.arange(len(out.label[part])) / 100
        np.testing.assert_allclose(out.acceleration[part], swing(time), atol=0.3)
        np.testing.assert_allclose(out.joints[part], BODY + swing(time)[:, None], atol=0.3)
        np.testing.assert_array_equal(out.label[part][10:-10], (time >= 10)[10:-10])


def test_a_step_back_of_one_stream_alone_is_refused() -> None:
    raw = recording(seconds=60.0)
    stepped = replace(raw, acceleration_time=set_back(raw, 30.0, 20.0).acceleration_time)
    with pytest.raises(InputError, match="w00: the clock steps back 1 times in acceleration and 0 times in joints"):
        resample([stepped], rate=100, max_gap=1.0)


def test_a_clock_that_is_set_back_in_packets_is_mended_in_both_ways() -> None:
    raw = recording(seconds=60.0)
    stepped = set_back(replace(raw, acceleration_time=np.floor(raw.acceleration_time)), 30.0, 20.0)
    with pytest.warns(UserWarning, match=r"acceleration: 6181 rows share 60 times.*by 20\.0 s at row 3091"):
        out = resample([stepped], rate=100, max_gap=1.0)
    assert (out.label == HOLE).sum() == 100


def test_rows_that_come_late_are_sorted_as_ever() -> None:
    """By seconds even: a radio that sends again what it could not."""
    raw = recording()
    order = np.concatenate([np.arange(500), np.arange(900, 1300), np.arange(500, 900), np.arange(1300, 2060)])
    late = replace(
        raw,
        acceleration_time=raw.acceleration_time[order],
        acceleration=raw.acceleration[order],
        label=raw.label[order],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        out, expected = (resample([each], rate=100, max_gap=1.0) for each in (late, raw))
    np.testing.assert_array_equal(out.acceleration, expected.acceleration)
    np.testing.assert_array_equal(out.label, expected.label)


@pytest.mark.parametrize(("factor", "rate"), [(1e6, "0.000103"), (1e3, "0.103"), (1e-3, r"1\.03e\+05")])
@pytest.mark.parametrize("stream", ["acceleration", "joints"])
def test_a_clock_in_another_unit_is_refused_with_its_rate(factor: float, rate: str, stream: str) -> None:
    raw = recording()
    field = f"{stream}_time"
    found = rate if stream == "acceleration" else r"[\d.e+-]+"
    with pytest.raises(InputError, match=f"w00: {stream}: {found} rows a second by their times; expected 1 to 2000"):
        resample([replace(raw, **{field: getattr(raw, field) * factor})], rate=100, max_gap=1.0)


def test_parts_in_the_wrong_order_are_sorted_as_ever() -> None:
    raw = recording()
    order = np.concatenate([np.arange(1030, 2060), np.arange(1030)])
    swapped = replace(
        raw,
        acceleration_time=raw.acceleration_time[order],
        acceleration=raw.acceleration[order],
        label=raw.label[order],
    )
    out, expected = (resample([each], rate=100, max_gap=1.0) for each in (swapped, raw))
    np.testing.assert_array_equal(out.acceleration, expected.acceleration)


def test_a_stamp_far_away_is_refused_and_not_filled_up_to() -> None:
    raw = recording()
    raw.acceleration_time[-1] = raw.joints_time[-1] = 1.5e9
    with pytest.raises(InputError, match=r"w00: 2060 rows over 1\.5e\+09 s, .*; expected at most 5000000"):
        resample([raw], rate=100, max_gap=1.0)


@pytest.mark.parametrize("apart", [131.072, 1e5])
def test_a_clock_without_precision_is_refused_for_what_it_is(apart: float) -> None:
    """float32 holds Unix time in ms to 131 s."""
    stamps = np.floor(np.arange(0, 600, 1 / RATE) / apart) * apart
    with pytest.raises(InputError, match=r"w00: times: 61801 rows share \d times.*float32") as caught:
        read_clock(stamps, "w00", "times")
    assert not re.search(r"\n", str(caught.value))
