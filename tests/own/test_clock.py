"""Recordings of any rate at a model's rate; windows that touch no gap."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pose2imu.errors import InputError
from pose2imu.formats.streams import Inertial
from pose2imu.own.clock import all_known, signal_of, starts_of


def swing(time: np.ndarray) -> np.ndarray:
    return np.stack([np.sin(2 * time), np.cos(time), 9.81 + 0 * time], axis=1)


@pytest.mark.parametrize("rate", [25, 50, 100, 200, 400])
def test_a_slow_signal_is_the_same_from_any_rate(rate: int) -> None:
    time = 3.0 + np.arange(6 * rate) / rate
    signal = signal_of(Inertial("r", time, swing(time)), 50)
    moments = signal.start + np.arange(signal.acceleration.shape[1]) / 50
    assert signal.start == 3.0
    np.testing.assert_allclose(signal.acceleration[:, 5:-5], swing(moments).T[:, 5:-5], atol=0.03)
    assert signal.known.all()


def test_what_is_too_fast_for_the_models_rate_does_not_appear_as_something_slow() -> None:
    time = np.arange(4000) / 400
    fast = np.stack([np.sin(2 * np.pi * 51 * time)] * 3, axis=1)  # at 50 Hz, unaveraged, a wave of 1 Hz
    assert np.abs(signal_of(Inertial("r", time, fast), 50).acceleration[:, 5:-5]).max() < 0.2


def test_a_gap_is_no_signal_and_no_window_touches_it() -> None:
    time = np.arange(1000) / 100
    kept = (time < 4) | (time > 6)
    signal = signal_of(Inertial("r", time[kept], swing(time[kept])), 50)
    unknown = np.flatnonzero(~signal.known) / 50
    assert 3.98 < unknown[0] < 4.03
    assert 5.97 < unknown[-1] < 6.03
    starts = starts_of(len(signal.known), 100, 25)
    kept_starts = starts[all_known(signal.known, starts, 100)] / 50
    assert ((kept_starts + 2 <= 4.02) | (kept_starts >= 6)).all()
    assert len(kept_starts)


def test_rows_with_nan_and_repeated_times_are_no_obstacle() -> None:
    time = np.repeat(np.arange(300) / 50, 1).copy()
    time[10] = time[9]
    values = swing(time)
    values[20] = np.nan
    assert np.isfinite(signal_of(Inertial("r", time, values), 50).acceleration).all()


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        (np.arange(20) / 50, "0.38 s long; expected at least 0.5 s"),
        (np.concatenate([np.arange(100), np.arange(100)]) / 50, "steps back"),
        (np.arange(200) * 20.0, "rows a second by their times"),
        (np.concatenate([np.arange(200) / 50, [1e9]]), "is a time far off"),
        (np.full(200, np.nan), "r: "),
    ],
)
def test_a_clock_that_is_none_is_one_line(time: np.ndarray, expected: str) -> None:
    with pytest.raises(InputError, match=expected) as caught:
        signal_of(Inertial("r", time, np.ones((len(time), 3))), 50)
    assert "\n" not in str(caught.value)


@given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 100))
def test_windows_lie_within_and_leave_less_than_half_a_step(more: int, size: int, step: int) -> None:
    samples = size + more
    starts = starts_of(samples, size, step)
    assert starts[0] == 0
    assert (np.diff(starts) > 0).all()
    assert 0 <= samples - size - starts[-1] < max(step / 2, 1)
