"""Persons, activities and places from names of files."""

from pathlib import PurePosixPath

import pytest

from pose2imu.inspection.names import key_of, place_of, who, words_of


def told(*paths: str) -> list[tuple[str | None, str | None]]:
    return [tuple(one) for one in who([key_of(words_of(PurePosixPath(path))) for path in paths])[0]]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (
            ["Inertial/a1_s1_t1_inertial.mat", "Inertial/a2_s1_t1_inertial.mat", "Inertial/a1_s2_t1_inertial.mat"],
            [("s1", "a1"), ("s1", "a2"), ("s2", "a1")],
        ),
        (
            ["anna_bicep_curls_1.csv", "anna_squats_1.csv", "ben_bicep_curls_1.csv", "ben_squats_2.csv"],
            [("anna", "bicep_curls"), ("anna", "squats"), ("ben", "bicep_curls"), ("ben", "squats")],
        ),
        (["anna/walk/1.csv", "ben/walk/1.csv", "ben/run/2.csv"], [("anna", "walk"), ("ben", "walk"), ("ben", "run")]),
        (["walk-anna.csv", "walk-ben.csv", "run-ben.csv"], [("anna", "walk"), ("ben", "walk"), ("ben", "run")]),
        (["Subject 1/Walk 01.csv", "Subject 2/Sit 01.csv"], [("Subject1", "walk"), ("Subject2", "sit")]),
        (["01_walk_1.csv", "02_walk_2.csv", "02_sit_1.csv"], [("01", "walk"), ("02", "walk"), ("02", "sit")]),
        (["p1/swipe_left.csv", "p1/swipe_right.csv"], [("p1", "swipe_left"), ("p1", "swipe_right")]),
        (["study/p1/walk1.csv", "study/p1/run2.csv"], [("p1", "walk"), ("p1", "run")]),
        (["anna/walk.csv", "anna/run.csv"], [("anna", "walk"), ("anna", "run")]),
        (["walk.csv", "run.csv"], [(None, "walk"), (None, "run")]),
        (["s1_1.csv", "s2_2.csv"], [("s1", None), ("s2", None)]),
    ],
)
def test_who_does_what(paths: list[str], expected: list[tuple[str, str]]) -> None:
    assert told(*paths) == expected


def test_what_is_in_a_file_does_not_tell_recordings_apart() -> None:
    files = [
        "watch/anna_walk_1.csv",
        "poses/anna_walk_1.npy",
        "anna walk 1 - skeleton.json",
        "anna-walk-1_left_wrist.csv",
    ]
    assert {key_of(words_of(PurePosixPath(file))) for file in files} == {("anna", "walk", "1")}


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("s1_left_wrist", "left_wrist"),
        ("RIGHT-UPPER-ARM 3", "right_upper_arm"),
        ("r_ankle_x", "right_shank"),
        ("swipe_left", None),
        ("wrist", None),
        ("left_hand_wave", None),
    ],
)
def test_places(name: str, place: str | None) -> None:
    assert place_of(words_of(PurePosixPath(name))) == place
