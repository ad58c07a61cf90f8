"""The rehearsal of MM-Fit: what it copies from the real archive, on sets of a few seconds."""

import zipfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from pose2imu.datasets import mm_fit
from pose2imu.simulation.rehearsal import WITHOUT_HEART_RATE, draw_timeline, simulate_workout, write_archive

LABELS = "5000,5200,10,squats\n5300,5450,10,jumping_jacks\n"


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("labels")
    for name in mm_fit.PARTICIPANTS:
        (folder / name).mkdir()
        (folder / name / f"{name}_labels.csv").write_text(LABELS)
    return folder


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, labels: Path) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    write_archive(folder / "mm-fit.zip", seed=0, labels=labels)
    with zipfile.ZipFile(folder / "mm-fit.zip") as file:
        file.extractall(folder)
    return folder


def test_all_workouts_are_there_with_the_sets_of_the_label_files(archive: Path) -> None:
    workouts = {path.name: path for path in (archive / "mm-fit").iterdir()}
    assert set(workouts) == set(mm_fit.PARTICIPANTS)
    for name, folder in workouts.items():
        sets = mm_fit.read_labels(folder / f"{name}_labels.csv")
        assert [row[:2] for row in sets] == [(5000, 5200), (5300, 5450)]


@pytest.mark.parametrize(("workout", "rate", "spread"), [("w13", 25.9, 2.0), ("w18", 30.04, 0.1), ("w00", 29.75, 0.6)])
def test_the_frame_counter_runs_as_slow_as_the_real_one(
    archive: Path, workout: str, rate: float, spread: float
) -> None:
    watch = np.load(archive / f"mm-fit/{workout}/{workout}_sw_l_acc.npy")
    counted = (watch[-1, 0] - watch[0, 0]) / (watch[-1, 1] - watch[0, 1]) * 1000
    # Frames are lost in bursts: over a minute the rate varies the more, the more there are.
    assert counted == pytest.approx(rate, abs=spread)


def test_modalities_that_nothing_reads_come_and_go(archive: Path) -> None:
    files = {path.name[4:] for path in (archive / "mm-fit").rglob("*.*")}
    with_heart_rate = {path.parent.name for path in (archive / "mm-fit").rglob("*_sw_l_hr.npy")}
    with_phone = {path.parent.name for path in (archive / "mm-fit").rglob("*_sp_l_acc.npy")}
    assert {"pose_2d.npy", "pose_3d.npy", "sw_l_acc.npy", "sw_r_acc.npy", "labels.csv"} <= files
    assert with_heart_rate == set(mm_fit.PARTICIPANTS) - WITHOUT_HEART_RATE
    assert 0 < len(with_phone) < 21


def test_the_reader_takes_it_for_mm_fit(archive: Path) -> None:
    recordings = list(mm_fit.read(archive))
    assert {recording.name: recording.subject for recording in recordings} == dict(mm_fit.PARTICIPANTS)
    for recording in recordings:
        assert set(recording.label) == {
            mm_fit.CLASSES.index(name) for name in ("squats", "jumping_jacks", "non_activity")
        }
        # 450 frames and a margin of 20 s on both sides, less what each stream misses at its ends.
        assert 48 < recording.acceleration_time[-1] - recording.acceleration_time[0] < 62


def test_one_person_is_one_person_in_all_workouts(archive: Path) -> None:
    """Bones are as long in w01 as in w03, both of P0, and not as in w02, of P1."""

    def forearm(name: str) -> float:
        pose = np.load(archive / f"mm-fit/{name}/{name}_pose_3d.npy")
        return float(np.median(np.linalg.norm(pose[:, :, 16] - pose[:, :, 17], axis=0)))

    assert forearm("w01") == pytest.approx(forearm("w03"), abs=0.5)
    assert forearm("w01") != pytest.approx(forearm("w02"), abs=1.0)


def test_the_same_arguments_give_the_same_bytes(archive: Path, labels: Path, tmp_path: Path) -> None:
    simulate_workout(tmp_path, "w05", 0, labels, True)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (archive / "mm-fit/w05" / path.name).read_bytes()


def test_sets_that_are_drawn_make_a_workout_of_mm_fits_length() -> None:
    for seed in range(5):
        timeline = draw_timeline(np.random.default_rng(seed))
        assert {name for _, _, name in timeline} == set(mm_fit.CLASSES) - {"non_activity"}
        assert all(earlier[1] < later[0] for earlier, later in pairwise(timeline))
        assert 25 < timeline[-1][1] / 60 < 62  # the real ones: 27 to 68 minutes
