"""One walk in every format that poses come in gives one signal; and what is no pose is refused in one line."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pose2imu.errors import InputError
from pose2imu.formats.joint_names import count_of, formats
from pose2imu.formats.poses import poses_of, read_poses
from pose2imu.formats.streams import Poses
from pose2imu.synthesis import synthesize
from tests.formats import walk as walks
from tests.formats.walk import RATE, WRITERS, listed, named_table, walk, y_up


@pytest.fixture(scope="module")
def poses() -> Poses:
    return walk()


@pytest.mark.parametrize(("name", "write"), WRITERS, ids=[name for name, _ in WRITERS])
@pytest.mark.parametrize("place", ["right_wrist", "left_thigh"])
def test_a_walk_gives_the_same_signal_in_every_format(
    name: str, write: Callable[[Poses, Path], None], place: str, poses: Poses, tmp_path: Path
) -> None:
    write(poses, tmp_path / name)
    timed = name not in ("h36m.npy", "ntu.npy", "smpl22.csv") and not name.endswith(".skeleton")
    found = read_poses(tmp_path / name, rate=None if timed else RATE)
    expected = synthesize(poses, place).drop(columns="time").to_numpy()
    signal = synthesize(found, place).drop(columns="time").to_numpy()
    length = min(len(signal), len(expected))  # a rounded frame time may cost the last sample
    assert length >= len(expected) - 1
    np.testing.assert_allclose(signal[:length, :3], expected[:length, :3], atol=0.01)
    np.testing.assert_allclose(signal[:length, 3:], expected[:length, 3:], atol=0.003)


def test_what_is_read_is_the_walk(poses: Poses, tmp_path: Path) -> None:
    """Metres, z up, left on the left."""
    walks.write_bvh(poses, tmp_path / "walk.bvh")
    found = read_poses(tmp_path / "walk.bvh")
    for name in ("right_wrist", "left_wrist", "left_foot", "neck"):
        # Turned about the vertical alone: cyclic permutations of axes may turn the heading.
        np.testing.assert_allclose(found.joints[name], poses.joints[name], atol=1e-6)
    assert "unit cm" in " ".join(found.notes)
    assert "up y" in " ".join(found.notes)
    assert "right_shoulder is RightArm" in " ".join(found.notes)


@pytest.mark.parametrize("format", formats())
def test_joints_go_by_number_in_any_order_of_axes_and_type(format: str, poses: Poses, tmp_path: Path) -> None:
    array = y_up(listed(poses, format))
    versions = [
        array.transpose(0, 2, 1),
        array.transpose(2, 0, 1),
        np.asfortranarray(array),
        array.astype(">f8"),
        array.reshape(len(array), -1),
        (1000 * array).round().astype(np.int32),
        np.concatenate([array, np.ones((*array.shape[:2], 1))], axis=2),  # visibility
        array[None],  # one person
        array.astype(np.float16),
    ]
    for number, version in enumerate(versions):
        np.save(tmp_path / "x.npy", version)
        found = read_poses(tmp_path / "x.npy", rate=RATE)
        assert f"format {format}: {count_of(format)} joints" in found.notes[-4] + " ".join(found.notes)
        tolerance = 0.005 if version.dtype == np.float16 else 0.001
        np.testing.assert_allclose(
            found.joints["left_knee"], poses.joints["left_knee"], atol=tolerance, err_msg=str(number)
        )
    assert any("float16" in note for note in found.notes)


def test_tables_are_read_however_they_are_written(poses: Poses, tmp_path: Path) -> None:
    """Windows line ends, a byte-order mark, decimal commas, semicolons, other names, times of all kinds."""
    table = named_table(poses)
    path = tmp_path / "Übung 1, zweite.csv"
    stamps = pd.Timestamp("2024-03-01T12:00:00") + pd.to_timedelta(table.time, unit="s")
    camel = {name: "".join(part.title() for part in name.split("_")) for name in table.columns[1:]}
    variants: list[tuple[pd.DataFrame, dict]] = [
        (table, {"lineterminator": "\r\n", "encoding": "utf-8-sig"}),
        (table, {"sep": ";", "decimal": ","}),
        (table, {"sep": "\t"}),
        (table.assign(time=stamps.dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ")), {}),
        (
            table.assign(time=(1e9 * table.time).round().astype(np.int64) + 10**18).rename(
                columns={"time": "timestamp"}
            ),
            {},
        ),
        (table.assign(time=1000 * table.time).rename(columns={"time": "Time (ms)"}), {}),
        (table.rename(columns=camel), {}),
        (table.rename(columns=lambda name: name.replace("right_", "r_").replace("left_", "l_")), {}),
    ]
    for version, options in variants:
        version.to_csv(path, index=False, **options)
        found = read_poses(path)
        assert len(found.joints) == len(poses.joints)
        np.testing.assert_allclose(found.time - found.time[0], poses.time, atol=1e-6)
        np.testing.assert_allclose(found.joints["left_elbow"], poses.joints["left_elbow"], atol=1e-9)
    (table.assign(time=np.arange(len(table)) + 100).rename(columns={"time": "frame"})).to_csv(path, index=False)
    np.testing.assert_allclose(read_poses(path, rate=RATE).time, poses.time)


def test_neck_and_mid_hip_are_derived_and_what_is_not_needed_may_lack(poses: Poses, tmp_path: Path) -> None:
    table = named_table(poses)
    kept = [name for name in table if name == "time" or name.startswith(("right_", "left_shoulder", "left_hip"))]
    table[kept].drop(columns=["right_foot_x", "right_hand_z"]).to_csv(tmp_path / "few.csv", index=False)
    found = read_poses(tmp_path / "few.csv")
    middle = (poses.joints["right_hip"] + poses.joints["left_hip"]) / 2
    np.testing.assert_allclose(found.joints["mid_hip"], middle)
    assert "right_hand" not in found.joints
    assert np.isfinite(synthesize(found, "right_thigh")).all(axis=None)
    with pytest.raises(InputError, match="no left_elbow, left_wrist among its joints"):
        synthesize(found, "left_wrist")


def test_the_user_knows_better(poses: Poses, tmp_path: Path) -> None:
    lying = {name: points[:, [2, 0, 1]] for name, points in poses.joints.items()}  # x is where z was
    named_table(Poses("x", poses.time, lying)).to_csv(tmp_path / "x.csv", index=False)
    guessed, said = read_poses(tmp_path / "x.csv"), read_poses(tmp_path / "x.csv", up="z", unit=0.5, rate=10)
    np.testing.assert_allclose(guessed.joints["head"], poses.joints["head"])
    np.testing.assert_allclose(said.joints["head"], 0.5 * lying["head"])
    assert said.time[1] == pytest.approx(0.1)
    down = {name: -points for name, points in poses.joints.items()}
    named_table(Poses("x", poses.time, down)).to_csv(tmp_path / "x.csv", index=False)
    assert "up -z" in " ".join(read_poses(tmp_path / "x.csv").notes)


def test_lost_joints_and_outliers_are_missing(poses: Poses, tmp_path: Path) -> None:
    array = listed(poses, "ntu")
    array[5:8, 6] = 0  # left wrist: as trackers write what they have lost
    array[20, 10] = 1e9  # right wrist
    array[30] = np.nan
    np.save(tmp_path / "x.npy", array)
    found = read_poses(tmp_path / "x.npy", rate=RATE)
    assert np.flatnonzero(np.isnan(found.joints["left_wrist"][:, 0])).tolist() == [5, 6, 7, 30]
    assert np.flatnonzero(np.isnan(found.joints["right_wrist"][:, 0])).tolist() == [20, 30]
    assert "exactly 0, 0, 0" in " ".join(found.notes)
    assert "over 5 m from their body" in " ".join(found.notes)


def test_one_of_several_persons_is_taken(poses: Poses, tmp_path: Path) -> None:
    array = y_up(listed(poses, "ntu"))
    np.save(tmp_path / "x.npy", np.stack([array + 1, array], axis=0))
    np.testing.assert_allclose(read_poses(tmp_path / "x.npy", rate=RATE, person=1).joints["head"], poses.joints["head"])
    with pytest.raises(InputError, match=r"x.npy: person 2 was asked for; the file has 2"):
        read_poses(tmp_path / "x.npy", rate=RATE, person=2)


def test_a_left_handed_frame_is_noticed(poses: Poses) -> None:
    array = listed(poses, "smpl")
    assert "feet point backwards" in " ".join(poses_of(array * [1, -1, 1], rate=RATE).notes)
    assert "feet point backwards" not in " ".join(poses_of(array, rate=RATE).notes)


def test_arrays_and_tables_in_memory_are_read_as_files_are(poses: Poses) -> None:
    for found in (poses_of(named_table(poses)), poses_of(listed(poses, "kinect20"), rate=RATE, name="mine")):
        np.testing.assert_allclose(found.time, poses.time)
        np.testing.assert_allclose(found.joints["right_knee"], poses.joints["right_knee"])
    with pytest.raises(InputError, match=r"^mine: no times of frames"):
        poses_of(listed(poses, "kinect20"), name="mine")


def test_positions_about_the_mid_hip_are_said_to_be_so(poses: Poses, tmp_path: Path) -> None:
    array = listed(poses, "h36m")
    np.save(tmp_path / "x.npy", array - array[:, :1])
    assert "mid-hip never moves" in read_poses(tmp_path / "x.npy", rate=RATE).notes[-1]
