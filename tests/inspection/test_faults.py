"""Each fault that is put into a recording is found by its name, and a recording without faults has none."""

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.constants import g
from scipy.spatial.transform import Rotation

from pose2imu.formats.streams import Inertial
from pose2imu.inspection import Severity, check

Fault = Callable[[Inertial], Inertial]


def moving(rate: float = 100.0, seconds: float = 30.0, seed: int = 0, noise: float = 0.1) -> Inertial:
    """A sensor that rests for a while, then turns and shakes, as it should be."""
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * rate)) / rate
    motion = np.clip(time / seconds * 3 - 0.6, 0, 1)[:, None]  # it rests at first
    turns = motion * np.stack([np.sin(time + 1), np.sin(1.3 * time), 0.3 * np.sin(0.7 * time)], axis=1)
    mount = Rotation.random(rng=random)
    orientation = Rotation.from_rotvec(turns) * mount
    push = motion * 3 * np.sin(np.outer(time, random.uniform(3, 6, 3)))
    acceleration = orientation.inv().apply(push + np.array([0, 0, g])) + random.normal(0, noise, (len(time), 3))
    between = (orientation[:-1].inv() * orientation[1:]).as_rotvec() * rate
    turning = np.concatenate([between, between[-1:]]) + random.normal(0, 0.01, (len(time), 3))
    jitter = random.uniform(-0.1, 0.1, len(time)) / rate
    return Inertial("moving", time + jitter, acceleration, turning)


@settings(max_examples=40, deadline=None)
@given(
    st.floats(20, 200), st.floats(8, 40), st.integers(0, 1000), st.floats(0.02, 0.3), st.sampled_from([0.0, 0.001, 0.1])
)
def test_a_recording_without_faults_has_none(
    rate: float, seconds: float, seed: int, noise: float, resolution: float
) -> None:
    recording = moving(rate, seconds, seed, noise)
    if resolution:  # of a sensor of few bits
        recording = replace(recording, acceleration=np.round(recording.acceleration / resolution) * resolution)
    report = check(recording)
    assert [finding for finding in report.findings if finding.severity is not Severity.OK] == []
    assert report.verdict == "moving: nothing is wrong"


def rows(keep: Callable[[np.ndarray], np.ndarray]) -> Fault:
    """Keep some rows, by their numbers."""

    def fault(of: Inertial) -> Inertial:
        kept = keep(np.arange(len(of.time)))
        assert of.angular_velocity is not None
        return replace(
            of, time=of.time[kept], acceleration=of.acceleration[kept], angular_velocity=of.angular_velocity[kept]
        )

    return fault


def values(change: Callable[[np.ndarray], np.ndarray], of: str = "acceleration") -> Fault:
    return lambda recording: replace(recording, **{of: change(getattr(recording, of).copy())})


def times(change: Callable[[np.ndarray], np.ndarray]) -> Fault:
    return lambda recording: replace(recording, time=change(recording.time.copy()))


def put(part: slice, value: object, axis: object = slice(None)) -> Callable[[np.ndarray], np.ndarray]:
    def change(array: np.ndarray) -> np.ndarray:
        array[part, axis] = value
        return array

    return change


FAULTS: dict[str, tuple[Fault, str, Severity, str]] = {
    "a long gap": (rows(lambda r: r[(r < 500) | (r > 750)]), "gaps", Severity.WRONG, "1 gap of 2.52 s in all"),
    "a short gap": (rows(lambda r: r[(r < 500) | (r > 520)]), "gaps", Severity.ODD, "1 gap of 0.2"),
    "many gaps": (rows(lambda r: r[r % 100 > 10]), "gaps", Severity.WRONG, "gaps of"),
    "few duplicates": (rows(lambda r: np.repeat(r, 1 + (r % 700 == 5))), "duplicates", Severity.ODD, "5 of 3005 rows"),
    "packets": (times(lambda t: np.floor(t * 5) / 5), "duplicates", Severity.WRONG, "rows come in packets"),
    "late rows": (rows(lambda r: np.where(r % 1000 == 7, r - 1, np.where(r % 1000 == 6, r + 1, r))), "steps back",
                  Severity.ODD, "time goes back 3 times"),
    "a clock set back": (times(lambda t: np.where(t > 15, t - 9, t)), "steps back", Severity.WRONG, "by 8.99 s at"),
    "decreasing time": (times(lambda t: -t), "steps back", Severity.WRONG, "time goes back 2999 times"),
    "jitter": (times(lambda t: t + 0.004 * np.sin(np.arange(len(t)) * 2)), "jitter", Severity.ODD, "nine steps in ten"),
    "ms for s": (times(lambda t: t * 1000), "rate", Severity.WRONG, "is time in another unit?"),
    "short": (rows(lambda r: r[1000:1150]), "length", Severity.ODD, "150 samples over 1.5 s"),
    "nothing": (rows(lambda r: r[:4]), "length", Severity.WRONG, "4 samples of 4 times; expected 10 at least"),
    "few NaN": (values(put(slice(100, 120), np.nan, 1)), "missing", Severity.ODD, "lacks a value in 20 of 3000 rows"),
    "many NaN": (values(put(slice(100, 900), np.nan, 1)), "missing", Severity.WRONG, "in 800 of 3000 rows"),
    "a dead axis": (values(put(slice(None), 0.5, 2)), "constant", Severity.WRONG, "z never changes from 0.5"),
    "stuck": (values(put(slice(1000, 1100), [1.0, 2.0, 9.5])), "flat lines", Severity.ODD, "first from row 1001"),
    "stuck for long": (values(put(slice(1000, 2000), [1.0, 2.0, 9.5])), "flat lines", Severity.WRONG, "33.3% of all"),
    "filled up": (values(lambda a: np.repeat(a[::4], 4, axis=0)), "repeated", Severity.ODD, "new ones come 25 a"),
    "clipped": (values(lambda a: np.clip(a * 3, -2 * g, 2 * g)), "clipped", Severity.WRONG, "(its range is ±2 g)"),
    "clipped turns": (values(lambda w: np.clip(w * 9, -4.363323, 4.363323), "angular_velocity"), "clipped",
                      Severity.WRONG, "(its range is ±250 °/s)"),
    "1e9": (values(put(slice(50, 60), 1e9)), "range", Severity.WRONG, "beyond 2000 in 10 samples"),
    "still": (values(lambda a: a[:900].mean(axis=0) + 0.01 * np.sin(np.outer(np.arange(len(a)), [1, 2, 3]))), "still",
              Severity.ODD, "nothing moves"),
    "no gravity": (values(lambda a: (a - a[:600].mean(axis=0)) * np.linspace(0, 1, len(a))[:, None] ** 3), "gravity",
                   Severity.WRONG, "gravity is not in it"),
    "g for m/s2": (values(lambda a: a / g), "gravity", Severity.WRONG, "another unit"),
    "m/s2 for g": (values(lambda a: a * g), "unit", Severity.WRONG, "the median magnitude is 9"),
    "mixed units": (values(lambda a: np.where(np.arange(len(a))[:, None] < 900, a / g, a)), "unit", Severity.WRONG,
                    "are units mixed?"),
    "out of scale": (values(lambda a: a * 1.1), "calibration", Severity.ODD, "10.78 m/s² at rest; expected 9.81"),
    "drift": (values(lambda w: w + np.eye(3)[0] * 0.3, "angular_velocity"), "gyroscope at rest", Severity.ODD, "0.3 r"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found(name: str) -> None:
    fault, what, severity, evidence = FAULTS[name]
    report = check(fault(moving()))
    found = report.of(what)
    assert found is not None
    assert found.severity is severity
    assert evidence in found.evidence
    assert report.wrong == (severity is Severity.WRONG)
    assert f"{severity}: " in report.verdict
    assert "\n" not in report.verdict


@pytest.mark.parametrize(("up", "said"), [((0, 0, g), "z points up on average, 0° off"), ((0, -g, 0), "-y points up")])
def test_the_vertical_axis(up: tuple[float, float, float], said: str) -> None:
    noise = np.random.default_rng(0).normal(0, 0.2, (500, 3))
    found = check(Inertial("a", np.arange(500) / 50, noise + up)).of("vertical axis")
    assert found is not None
    assert found.evidence.startswith(said)


def test_a_gyroscope_that_never_moved_and_an_empty_recording() -> None:
    recording = moving()
    assert check(replace(recording, angular_velocity=np.zeros_like(recording.acceleration))).wrong
    empty = Inertial("empty", np.empty(0), np.empty((0, 3)))
    assert check(empty).verdict.startswith("empty: wrong: length (0 samples of 0 times")


def test_a_report_as_a_table() -> None:
    frame = check(moving()).frame()
    assert list(frame.columns) == ["severity", "what", "evidence"]
    assert {"rate", "jitter", "gaps", "gravity", "vertical axis"} <= set(frame.what)


def test_ten_hours_take_seconds_and_little_memory() -> None:
    """As run by hand from a CSV of 240 MB: 10 s of one core and 0.9 GB in all; here without the file."""
    hour = moving(seconds=3600)
    assert hour.angular_velocity is not None
    long = Inertial(
        "ten hours",
        np.concatenate([hour.time + 3600 * number for number in range(10)]),
        np.tile(hour.acceleration, (10, 1)),
        np.tile(hour.angular_velocity, (10, 1)),
    )
    tracemalloc.start()
    begin = process_time()
    report = check(long)
    seconds, (_, peak) = process_time() - begin, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert not report.wrong
    assert seconds < 25
    assert peak < 1.5e9
