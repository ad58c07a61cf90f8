"""MM-Fit's reader and windows on the real label and heart-rate files, where these are at hand."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from pose2imu.checking.full_size import frame_time_errors, summary
from pose2imu.datasets import mm_fit
from pose2imu.datasets.protocol import split_recordings
from pose2imu.datasets.recording import RawRecording
from pose2imu.params import load_params
from pose2imu.preprocessing.resample import resample
from pose2imu.preprocessing.window import window_index

REAL = Path(__file__).parents[3] / "shared/data/mm-fit/mm-fit"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="no real label files here")

RATE, WINDOW, STRIDE, WATCH_RATE = 100, 300, 20, 103.0


def test_real_label_files() -> None:
    sets = {path.parent.name: mm_fit.read_labels(path) for path in REAL.glob("w*/w*_labels.csv")}
    assert set(sets) == set(mm_fit.PARTICIPANTS)
    assert sets["w00"][0] == (4040, 4500, mm_fit.CLASSES.index("squats"))
    assert sum(map(len, sets.values())) == 616
    assert {row.label for rows in sets.values() for row in rows} == set(range(10))


def test_the_frame_to_time_map_is_right_to_a_frame_where_frame_over_30_is_seconds_off() -> None:
    errors = frame_time_errors(REAL)
    assert len(errors) == 18
    of_all = summary(list(errors.values()))
    # In ms; a frame has 33. In the worst, w13, the counter stalls for up to half a second between two rows of the map,
    # which are a second apart; the accelerometer's rows, which the pipeline has, are 10 ms apart.
    assert of_all["median"] <= 10
    assert of_all["percentile_95"] <= 33
    assert of_all["max"] <= 600
    assert all(np.median(np.abs(error)) < 15 for error in errors.values())
    assert np.abs(np.median(np.concatenate(list(errors.values())))) < 1  # no bias
    drift = []
    for workout in errors:
        rows = np.load(REAL / workout / f"{workout}_sw_l_hr.npy")
        drift.append(np.ptp((rows[:, 1] - rows[0, 1]) / 1000 - rows[:, 0] / 30))
    assert min(drift) > 0.5
    assert max(drift) > 300


def watch_clock(workout: str, sets: list[mm_fit.Set]) -> tuple[np.ndarray, np.ndarray]:
    """Frames and seconds of rows at the watch's rate, from before the first set to after the last."""
    files = sorted((REAL / workout).glob("*_hr.npy"))
    wanted = np.array([sets[0].first - 600, sets[-1].last + 600])
    if files:
        known = max((np.load(path) for path in files), key=len)
        frame, time = known[:, 0], (known[:, 1] - known[0, 1]) / 1000
    else:  # w05, w10 and w18 have no heart rate
        frame, time = np.array([0.0, 200_000.0]), np.array([0.0, 200_000 / 29.8])
    slope = (time[-1] - time[0]) / (frame[-1] - frame[0])
    ends = np.interp(wanted, frame, time) + slope * (wanted - np.clip(wanted, frame[0], frame[-1]))
    known_frame, known_time = np.r_[wanted[0], frame, wanted[1]], np.r_[ends[0], time, ends[1]]
    inside = np.r_[True, (frame > wanted[0]) & (frame < wanted[1]), True]
    seconds = np.arange(ends[0], ends[1], 1 / WATCH_RATE)
    return np.round(np.interp(seconds, known_time[inside], known_frame[inside])), seconds - seconds[0]


def independent_count(frame: np.ndarray, seconds: np.ndarray, sets: list[mm_fit.Set]) -> np.ndarray:
    """Windows per class, by arithmetic on intervals: no sample has a label here.

    A set holds the grid's samples between the moments half-way from the last watch row before it to its first one, and
    likewise at its end.
    """
    starts = np.arange(0, int(seconds[-1] * RATE + 1e-6) + 1 - WINDOW + 1, STRIDE)
    held = np.zeros((len(mm_fit.CLASSES), len(starts)))
    for row in sets:
        first, after = np.searchsorted(frame, [row.first, row.last + 1])
        begin, end = ((seconds[i - 1] + seconds[i]) / 2 * RATE for i in (first, after))
        # A sample at the very middle of two rows goes to the earlier one.
        begin, end = np.floor(begin + 1e-9) + 1, np.floor(end + 1e-9) + 1
        held[row.label] += np.clip(np.minimum(end, starts + WINDOW) - np.maximum(begin, starts), 0, None)
    held[-1] = WINDOW - held[:-1].sum(axis=0)
    return np.bincount(held.argmax(axis=0), minlength=len(mm_fit.CLASSES))


@pytest.mark.parametrize("benchmark", ["mm_fit_unseen", "mm_fit_committed"])
def test_windows_of_real_timelines_are_counted_as_an_independent_count_has_them(benchmark: str) -> None:
    recordings, expected = [], {}
    for name, subject in sorted(mm_fit.PARTICIPANTS.items()):
        sets = mm_fit.read_labels(REAL / name / f"{name}_labels.csv")
        frame, seconds = watch_clock(name, sets)
        still = np.random.default_rng(0).normal([0, 0, 9.8], 0.1, (len(frame), 3))
        camera, label = np.linspace(seconds[0], seconds[-1], round(2 * seconds[-1])), mm_fit.label_frames(frame, sets)
        pose = np.broadcast_to(0.2 * np.arange(15.0).reshape(5, 3), (len(camera), 5, 3))
        recordings.append(RawRecording(name, subject, seconds, still, label, camera, pose))
        expected[name] = independent_count(frame, seconds, sets)
        assert all(earlier.last < later.first for earlier, later in pairwise(sets))
    resampled = resample(recordings, RATE, max_gap=1e9)
    protocol = load_params().protocols[benchmark]
    resampled.table["split"] = split_recordings(resampled.table, protocol)
    index = window_index(resampled, WINDOW, STRIDE, "majority")
    for split in ("train", "validation", "test"):
        found = np.bincount(index.label[index.split == split], minlength=len(mm_fit.CLASSES))
        names = getattr(protocol, split)
        assert found.tolist() == sum(expected[name] for name in names).tolist()
