"""Files that are no poses: each is refused in one line that names the file, what was found and what was expected."""

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pose2imu.errors import InputError
from pose2imu.formats.poses import read_poses
from pose2imu.formats.streams import Poses
from pose2imu.synthesis import synthesize
from tests.formats import walk as walks
from tests.formats.walk import RATE, WRITERS, listed, named_table, walk

WALK = walk(seconds=1.0)
TABLE = named_table(WALK)
ARRAY = listed(WALK, "ntu")


def text(content: str, encoding: str = "utf-8") -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content.encode(encoding))


def table(changed: pd.DataFrame) -> Callable[[Path], None]:
    return lambda path: changed.to_csv(path, index=False)


def array(changed: np.ndarray) -> Callable[[Path], None]:
    return lambda path: np.save(path, changed)


def cut(write: Callable[[Poses, Path], None], share: float) -> Callable[[Path], None]:
    """Write a file of which the end is missing."""

    def half(path: Path) -> None:
        write(WALK, path)
        content = path.read_bytes()
        path.write_bytes(content[: int(share * len(content))])

    return half


def edited(write: Callable[[Poses, Path], None], old: str, new: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        write(WALK, path)
        content = path.read_text()
        assert old in content
        path.write_text(content.replace(old, new, 1))

    return change


def with_time(time: np.ndarray) -> pd.DataFrame:
    return TABLE.assign(time=time)


BACK = TABLE.time.to_numpy().copy()
BACK[30:] -= 0.2
LANDMARKS = [{"pose_landmarks": [{"x": 0.5, "y": 0.5, "z": 0.1}] * 33, "timestamp_ms": 33 * k} for k in range(20)]
FLAT = [{"landmarks": [{"x": 0.5, "y": 0.5}] * 33, "time": k / 30} for k in range(20)]

BARE = (
    "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nCHANNELS 3 Xposition Yposition Zposition\nEnd Site\n{\nOFFSET 0 0 0\n}\n}\n"
    "MOTION\nFrames: 2\nFrame Time: 0.1\n1 2 3\n1 2 3\n"
)

BAD: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "an empty file": ("x.csv", text(""), "an empty file"),
    "blank lines": ("x.csv", text("\n\n  \n"), "an empty file"),
    "a header alone": ("x.csv", text(",".join(TABLE.columns) + "\n"), "0 rows"),
    "one frame": ("x.csv", table(TABLE[:1]), "1 rows; expected at least 2 frames"),
    "wrong columns": ("x.csv", text("time,ax,ay,az\n0,1,2,3\n1,2,3,4\n"), "expected three for each joint"),
    "columns without z": ("x.csv", text("time,wrist_x,wrist_y\n0,1,2\n1,2,3\n"), "lift the poses to 3-D"),
    "words in cells": (
        "x.csv",
        table(TABLE.astype({"right_wrist_x": object}).replace({"right_wrist_x": {TABLE.right_wrist_x[3]: "lost!"}})),
        "right_wrist_x",
    ),
    "lines of other lengths": ("x.csv", text("time,right_wrist_x\n0,1\n1,2,3,4,5\n"), "expected"),
    "no text": ("x.csv", lambda path: path.write_bytes(bytes(range(128, 256)) * 10), "no text in UTF-8"),
    "UTF-16": ("x.csv", text(TABLE.to_csv(index=False), "utf-16"), "no text in UTF-8"),
    "time that steps back": ("x.csv", table(with_time(BACK)), "steps back at frame 30"),
    "time that stands still": ("x.csv", table(with_time(np.zeros(len(TABLE)))), "repeats itself"),
    "time that is no time": ("x.csv", table(with_time(np.full(len(TABLE), np.nan))), "0 frames with a time"),
    "time in no unit": ("x.csv", table(with_time(np.arange(len(TABLE)) * 5e-6)), "in none of s, ms, us, ns"),
    "no time": ("x.csv", table(TABLE.drop(columns="time")), "no times of frames; expected --pose-rate"),
    "frame numbers alone": ("x.csv", table(TABLE.rename(columns={"time": "frame"})), "expected --pose-rate"),
    "all joints NaN": ("x.csv", table(TABLE[["time"]].reindex(columns=TABLE.columns)), "all joints are NaN"),
    "an unknown unit": ("x.csv", table(TABLE.set_index("time").mul(1e9).reset_index()), "expected --pose-unit"),
    "points of a picture": ("x.json", text(json.dumps(LANDMARKS)), "shares of a picture"),
    "two coordinates": ("x.json", text(json.dumps(FLAT)), "x and y without z"),
    "no JSON": ("x.json", text("{[}"), "expected JSON"),
    "JSON of another kind": ("x.json", text('{"a": 1}'), "no list of frames"),
    "JSON without joints": ("x.json", text("[{}, {}, {}]"), "frames without joints"),
    "frames of other lengths": (
        "x.json",
        text(json.dumps([[[0, 0, 0]] * 33, [[0, 0, 0]] * 32])),
        "frame 1 has 96 numbers",
    ),
    "JSON of words": ("x.json", text(json.dumps([["a", "b"], ["c", "d"]])), "expected numbers"),
    "JSON that is deep": ("x.json", text("[" * 100_000), "expected JSON"),
    "another number of joints": ("x.npy", array(np.zeros((50, 19, 3))), "expected (frames, joints, 3)"),
    "two axes": ("x.npy", array(np.zeros((50, 25, 2))), "lift the poses to 3-D"),
    "no frames": ("x.npy", array(np.zeros((0, 25, 3))), "expected (frames, joints, 3)"),
    "one frame of an array": ("x.npy", array(ARRAY[:1]), "1 frame; expected at least 2"),
    "text in an array": ("x.npy", array(np.full((50, 25, 3), "a")), "expected numbers"),
    "complex numbers": ("x.npy", array(ARRAY.astype(complex)), "expected numbers"),
    "a pickle in an npy": (
        "x.npy",
        lambda path: np.save(path, np.array([{}, {}]), allow_pickle=True),
        "expected an array",
    ),
    "a pickle with the name of an npy": (
        "x.npy",
        lambda path: path.write_bytes(pickle.dumps([1, 2])),
        "expected an array",
    ),
    "an npy cut off": ("x.npy", cut(lambda poses, path: np.save(path, ARRAY), 0.5), "expected an array"),
    "an npz with the name of an npy": ("x.npy", lambda path: np.savez(path.open("wb"), a=ARRAY), "is it an .npz?"),
    "an npz cut off": ("x.npz", cut(walks.write_smpl, 0.5), "expected arrays"),
    "parameters of SMPL": (
        "x.npz",
        lambda path: np.savez(path, poses=np.zeros((9, 156)), betas=np.zeros(16)),
        "body model",
    ),
    "an npz of other things": ("x.npz", lambda path: np.savez(path, a=np.zeros(3)), "expected joints"),
    "a pickle in an npz": ("x.npz", lambda path: np.savez(path, a=np.array([{}])), "expected arrays"),
    "times of another length": (
        "x.npz",
        lambda path: np.savez(path, joints=ARRAY, time=np.zeros(3)),
        "3 times and 61 frames",
    ),
    "no Parquet": ("x.parquet", text("time,right_wrist_x"), "expected a Parquet file"),
    "a BVH cut off": ("x.bvh", cut(walks.write_bvh, 0.7), "expected"),
    "a BVH whose skeleton is cut off": ("x.bvh", cut(walks.write_bvh, 0.02), "no MOTION"),
    "a BVH without motion": ("x.bvh", edited(walks.write_bvh, "MOTION", "MOTIONS"), "no MOTION"),
    "a BVH whose braces do not close": ("x.bvh", edited(walks.write_bvh, "}", ""), "its skeleton"),
    "a BVH of no time": ("x.bvh", edited(walks.write_bvh, f"Frame Time: {1 / RATE:.9f}", "Frame Time: 0"), "rate"),
    "a BVH of other names": (
        "x.bvh",
        text(BARE),
        "expected names such as",
    ),
    "no C3D": ("x.c3d", text("c3d"), "expected a C3D file"),
    "a C3D cut off": ("x.c3d", cut(walks.write_c3d, 0.2), "expected"),
    "no TRC": ("x.trc", text("a\tb\n1\t2\n"), "expected a TRC file"),
    "a TRC of words": ("x.trc", edited(walks.write_trc, "\t0.016667\t", "\tsoon\t"), "expected 41 numbers a frame"),
    "a skeleton cut off": ("x.skeleton", cut(walks.write_ntu, 0.5), "cut off"),
    "a file of another kind": ("x.docx", text("poses"), "poses in a file .docx"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_pose_is_refused_in_one_line(case: str, tmp_path: Path) -> None:
    name, write, expected = BAD[case]
    path = tmp_path / f"Größe 1 {name}"
    write(path)
    with pytest.raises(InputError) as raised:
        read_poses(path)
    message = str(raised.value)
    assert message.startswith(f"{path}: ")
    assert expected in message
    assert "expected" in message or "cut off" in message
    assert len(message.splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"format": "openpose"}, "format openpose; expected one of named, mediapipe"),
        ({"format": "coco"}, "expected (frames, joints, 3) with 17 joints"),
        ({"up": "w"}, "up axis w; expected one of x, y, z"),
        ({"unit": "furlong"}, "unit of length furlong; expected one of m, cm"),
        ({"unit": -1}, "unit of length -1"),
        ({"rate": 0}, "--pose-rate is 0"),
        ({"rate": float("nan")}, "--pose-rate is nan"),
        ({"person": 3}, "person 3 was asked for"),
    ],
)
def test_options_that_do_not_fit_are_refused(options: dict, expected: str, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", ARRAY)
    with pytest.raises(InputError, match=r"x\.npy: ") as raised:
        read_poses(tmp_path / "x.npy", **({"rate": RATE} | options))
    assert expected in str(raised.value)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not there"):
        read_poses(tmp_path / "no.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match="a folder"):
        read_poses(tmp_path / "folder.csv")


def changed(**joints: np.ndarray) -> Poses:
    return Poses("x", WALK.time, dict(WALK.joints) | joints)


NAN = np.full_like(WALK.joints["head"], np.nan)


@pytest.mark.parametrize(
    ("poses", "expected"),
    [
        (changed(right_elbow=NAN), "right_elbow is NaN in all 61 frames"),
        (changed(right_elbow=WALK.joints["right_wrist"]), "right_elbow and right_wrist are at one place"),
        (Poses("x", WALK.time[:2], {name: p[:2] for name, p in WALK.joints.items()}), "2 of 2 frames"),
        (Poses("x", WALK.time, {"head": WALK.joints["head"]}), "no right_shoulder, right_elbow, right_wrist"),
        (Poses("x", np.arange(61) * 1.0 + (np.arange(61) // 3) * 100.0, WALK.joints), "without a gap"),
        (Poses("x", WALK.time * 1e9, WALK.joints), "its times span"),
    ],
)
def test_poses_without_a_limb_give_no_signal(poses: Poses, expected: str) -> None:
    with pytest.raises(InputError) as raised:
        synthesize(poses, "right_wrist")
    assert str(raised.value).startswith("x: ")
    assert expected in str(raised.value)


@pytest.mark.parametrize(
    "options",
    [
        {"place": "right_ear"},
        {"rate": 0},
        {"rate": float("nan")},
        {"rate": 1e9},
        {"along": 1.5},
        {"noise": -1},
        {"smoothing": -0.1},
        {"smoothing": float("inf")},
        {"unit": "ft/s2"},
        {"rotation": [0, 0]},
        {"rotation": [0, 0, 0, 0]},
        {"rotation": [0, 0, float("nan")]},
    ],
)
def test_options_of_a_signal_that_make_no_sense_are_refused(options: dict) -> None:
    with pytest.raises(InputError, match=r"^walk: .*; expected"):
        synthesize(WALK, **options)


@pytest.mark.parametrize(("name", "write"), WRITERS, ids=[name for name, _ in WRITERS])
def test_broken_files_are_read_or_refused_and_nothing_else(
    name: str, write: Callable[[Poses, Path], None], tmp_path: Path
) -> None:
    """Bytes are changed, lost, or written twice."""
    path = tmp_path / name
    write(walk(seconds=0.3), path)
    content, random = path.read_bytes(), np.random.default_rng(0)
    for trial in range(30):
        broken = bytearray(content)
        start = int(random.integers(1, len(broken)))
        if trial % 3 == 0:
            broken[start - 1 : start + 3] = random.bytes(4)
        elif trial % 3 == 1:
            del broken[start : start + int(random.integers(1, 200))]
        else:
            broken[start:start] = broken[max(start - 40, 0) : start]
        path.write_bytes(bytes(broken))
        try:
            read_poses(path, rate=RATE)
        except InputError as error:
            assert len(str(error).splitlines()) == 1  # noqa: PT017 - what is raised is one of two right ends
