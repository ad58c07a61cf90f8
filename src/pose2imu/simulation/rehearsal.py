"""A rehearsal of MM-Fit (synthetic): its 21 workouts at full length, in its raw format, performed by simulated people.

What is known of the real archive is copied: who does which workout, how fast its frame counter runs and, where the real
label files are at hand, when each set begins and ends.
"""

import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tqdm import tqdm

from pose2imu.atomic import replacing
from pose2imu.datasets.mm_fit import CLASSES, NON_ACTIVITY, PARTICIPANTS, read_labels
from pose2imu.errors import InputError
from pose2imu.simulation.exercises import EXERCISES, draw_subject, perform
from pose2imu.simulation.simulator import Camera, Timeline, draw_camera, write_workout

CAMERA_RATE = 30.05  # Hz; lost frames make the counters slower
# Frames counted per second, from the heart-rate files, which carry frames and times.
COUNTER_RATES = {"w13": 25.9, "w16": 30.04, "w17": 30.04, "w18": 30.04, "w19": 30.04, "w20": 30.04}
COUNTER_RATE = 29.6, 29.9  # of the other workouts
MARGIN = 20.0  # seconds recorded before the first and after the last set
# Without label files: sets of each exercise, and the range of a workout's mean rest in seconds.
SETS, REPETITIONS, MEAN_REST = 3, 10, (35.0, 80.0)
WITHOUT_HEART_RATE = {"w05", "w10", "w18"}
UNIX = 1_550_000_000_000  # ms
# Modalities that no stage reads, as (name, samples per second, columns): noise, for their volume. None stands for a row
# per frame. Phones are not in every workout.
UNREAD = [("sw_l_gyr", 103.0, 3), ("sw_r_acc", 103.0, 3), ("sw_r_gyr", 103.0, 3), ("eb_l_acc", 50.0, 3)]
PHONE = [("sp_l_acc", 210.0, 3), ("sp_l_gyr", 210.0, 3), ("sp_l_mag", 100.0, 3)]


def simulate(folder: Path, seed: int, labels: Path | None = None, *, unread: bool = False) -> None:
    """Write `folder`/wNN for all 21 workouts; the same arguments give the same bytes.

    Sets are those of the label files `labels`/wNN/wNN_labels.csv, or else drawn. `unread` adds what the archive has
    besides: heart rate and other sensors.
    """
    for workout in tqdm(sorted(PARTICIPANTS), desc="simulate MM-Fit", unit="workout", disable=None):
        with replacing(folder / workout) as temporary:
            temporary.mkdir()
            simulate_workout(temporary, workout, seed, labels, unread)


def write_archive(path: Path, seed: int, labels: Path | None = None) -> None:
    """Write the rehearsal as an archive like MM-Fit's, with all modalities, under its top folder `mm-fit`."""
    with replacing(path) as temporary, tempfile.TemporaryDirectory(dir=path.parent) as folder:
        simulate(Path(folder) / "mm-fit", seed, labels, unread=True)
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for file in tqdm(sorted(Path(folder).rglob("*.*")), desc=f"Zipping {path.name}", unit="file", disable=None):
                archive.write(file, file.relative_to(folder))


def simulate_workout(folder: Path, workout: str, seed: int, labels: Path | None, unread: bool) -> None:
    """Write one workout's files into `folder`; see `simulate`."""
    person = sorted(set(PARTICIPANTS.values())).index(PARTICIPANTS[workout])
    subject = draw_subject(np.random.default_rng([seed, 0, person]))
    rng = np.random.default_rng([seed, 1, sorted(PARTICIPANTS).index(workout)])
    counted = COUNTER_RATES.get(workout) or rng.uniform(*COUNTER_RATE)
    lost = 1 - counted / CAMERA_RATE
    if labels is None:
        timeline = draw_timeline(rng)
        camera = draw_camera(rng, timeline[-1][1] + MARGIN, CAMERA_RATE, lost)
    else:
        camera, timeline = _follow(labels / workout / f"{workout}_labels.csv", rng, counted, lost)
    truth = perform(timeline, camera.time[-1], subject, rng)
    write_workout(folder, workout, truth, camera, timeline, subject, rng)
    if unread:
        for name, rows in _unread(workout, camera, rng):
            np.save(folder / f"{workout}_{name}.npy", rows)


def draw_timeline(rng: np.random.Generator) -> Timeline:
    """Draw sets of one exercise after each other, as in most of MM-Fit's workouts, with a rest before each."""
    mean_rest = rng.uniform(*MEAN_REST)
    timeline, now = [], MARGIN
    for exercise in rng.permutation([name for name in CLASSES if name != NON_ACTIVITY]):
        for _ in range(SETS):
            duration = REPETITIONS * EXERCISES[exercise].seconds * rng.uniform(0.9, 1.1)
            timeline.append((now, now + duration, str(exercise)))
            now += duration + mean_rest * rng.uniform(0.5, 1.5)
    return timeline


def _follow(path: Path, rng: np.random.Generator, counted: float, lost: float) -> tuple[Camera, Timeline]:
    """Make a video whose counter covers the sets of a label file, and these sets in seconds."""
    sets = read_labels(path)
    if not sets:
        raise InputError(f"{path}: expected sets, found none")
    margin = round(MARGIN * counted)
    frames = np.arange(sets[0].first - margin, sets[-1].last + margin + 1)
    video = draw_camera(rng, len(frames) / counted * 1.05, CAMERA_RATE, lost)
    if len(video.time) < len(frames):
        raise InputError(f"{path}: the simulated camera lost too many frames")
    camera = Camera(frames, video.time[: len(frames)])
    seconds = np.interp([(row.first, row.last) for row in sets], camera.frame, camera.time)
    return camera, [(start, end, CLASSES[row.label]) for (start, end), row in zip(seconds, sets, strict=True)]


def _unread(workout: str, camera: Camera, rng: np.random.Generator) -> Iterator[tuple[str, np.ndarray]]:
    """Tell what the archive holds besides, by the ending of its file's name."""
    yield "pose_2d", _noise(rng, 2, len(camera.frame), 19)
    sensors = UNREAD + PHONE * (rng.random() < 0.7)
    for name, rate, columns in sensors:
        yield name, _rows(camera, rng, rate, columns)
    if workout not in WITHOUT_HEART_RATE:
        yield "sw_l_hr", _rows(camera, rng, 1 / 0.97, 1)


def _rows(camera: Camera, rng: np.random.Generator, rate: float, columns: int) -> np.ndarray:
    """Give (N, 2 + columns): frame, Unix time in ms, and noise."""
    time = np.arange(0, camera.time[-1], 1 / rate)
    frame = np.round(np.interp(time, camera.time, camera.frame))
    return np.column_stack([frame, UNIX + np.round(time * 1000), _noise(rng, len(time), columns)])


def _noise(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Draw float64 that were float32 once, as in the archive."""
    return rng.standard_normal(shape, dtype=np.float32).astype(np.float64)
