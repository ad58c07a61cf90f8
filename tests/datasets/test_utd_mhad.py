"""The reader, on .mat files as the archive has them."""

from pathlib import Path

import numpy as np
import pytest
import scipy.io

from pose2imu.datasets import utd_mhad
from pose2imu.errors import InputError


def write_clip(folder: Path, name: str, samples: int = 107, frames: int = 41) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    inertial, skeleton = generator.normal(size=(samples, 6)), generator.normal(size=(20, 3, frames))
    for kind, key, matrix in (("Inertial", "d_iner", inertial), ("Skeleton", "d_skel", skeleton)):
        (folder / kind).mkdir(exist_ok=True)
        scipy.io.savemat(folder / kind / f"{name}_{kind.lower()}.mat", {key: matrix})
    return inertial, skeleton


def test_a_clip(tmp_path: Path) -> None:
    inertial, skeleton = write_clip(tmp_path, "a3_s8_t4")
    (clip,) = utd_mhad.read(tmp_path)
    assert (clip.name, clip.subject) == ("a3_s8_t4", "s8")
    np.testing.assert_allclose(clip.acceleration, inertial[:, :3] * 9.80665)
    assert clip.angular_velocity is not None
    np.testing.assert_allclose(clip.angular_velocity, inertial[:, 3:] * np.pi / 180)
    assert set(clip.label) == {2}
    # Right shoulder, elbow, wrist; shoulder centre (neck), hip centre (mid-hip).
    np.testing.assert_allclose(clip.joints[7], skeleton[[8, 9, 10, 1, 3], :, 7])


def test_the_skeleton_is_stretched_over_the_inertial_samples(tmp_path: Path) -> None:
    write_clip(tmp_path, "a1_s1_t1", samples=107, frames=41)
    (clip,) = utd_mhad.read(tmp_path)
    assert clip.acceleration_time[-1] == clip.joints_time[-1] == pytest.approx(106 / 50)
    assert clip.joints_time[1] == pytest.approx(106 / 50 / 40)


def test_leg_actions_use_the_leg_unless_told_otherwise(tmp_path: Path) -> None:
    _, skeleton = write_clip(tmp_path, "a22_s1_t1")
    (by_sensor,), (by_arm,) = utd_mhad.read(tmp_path), utd_mhad.read(tmp_path, limb="arm")
    np.testing.assert_allclose(by_sensor.joints[:, :3], skeleton[[16, 17, 18]].transpose(2, 0, 1))
    np.testing.assert_allclose(by_arm.joints[:, :3], skeleton[[8, 9, 10]].transpose(2, 0, 1))


def test_order_is_by_number_not_by_letter(tmp_path: Path) -> None:
    for name in ("a10_s1_t1", "a2_s1_t1", "a2_s1_t2"):
        write_clip(tmp_path, name)
    assert [clip.name for clip in utd_mhad.read(tmp_path)] == ["a2_s1_t1", "a2_s1_t2", "a10_s1_t1"]


def test_a_missing_skeleton_is_named(tmp_path: Path) -> None:
    write_clip(tmp_path, "a1_s1_t1")
    (tmp_path / "Skeleton/a1_s1_t1_skeleton.mat").unlink()
    with pytest.raises(InputError, match=r"a1_s1_t1_skeleton\.mat: missing; expected .* d_skel of shape \(20, 3, N\)"):
        list(utd_mhad.read(tmp_path))


def test_a_truncated_file_is_named(tmp_path: Path) -> None:
    write_clip(tmp_path, "a1_s1_t1")
    path = tmp_path / "Inertial/a1_s1_t1_inertial.mat"
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(InputError, match=r"a1_s1_t1_inertial\.mat: cannot be read"):
        list(utd_mhad.read(tmp_path))


def test_a_wrong_shape_is_named(tmp_path: Path) -> None:
    write_clip(tmp_path, "a1_s1_t1")
    scipy.io.savemat(tmp_path / "Inertial/a1_s1_t1_inertial.mat", {"d_iner": np.zeros((107, 3))})
    with pytest.raises(InputError, match=r"d_iner has shape \(107, 3\); expected .* \(N, 6\)"):
        list(utd_mhad.read(tmp_path))


def struct() -> np.ndarray:
    return np.array([[(1.0,)]], dtype=[("x", "O")])


def cells() -> np.ndarray:
    array = np.empty((107, 6), dtype=object)
    array[:] = 1.0
    return array


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ({"d_iner": np.ones((107, 6)) + 1j}, "has d_iner of complex128, not real numbers"),
        ({"d_iner": cells()}, "has d_iner of object, not real numbers"),
        ({"d_iner": struct()}, "not real numbers"),
        ({"d_iner": scipy.sparse.csc_matrix(np.eye(107, 6))}, "has d_iner of float64, not real numbers in an array"),
        ({"d_iner": ["x" * 6] * 107}, "not real numbers"),
        ({"d_skel": np.ones((107, 6))}, "has no d_iner"),
    ],
)
def test_what_is_no_array_of_real_numbers_is_named(tmp_path: Path, content: dict[str, object], found: str) -> None:
    write_clip(tmp_path, "a1_s1_t1")
    scipy.io.savemat(tmp_path / "Inertial/a1_s1_t1_inertial.mat", content)
    with pytest.raises(InputError, match=rf"a1_s1_t1_inertial\.mat: .*{found}.*; expected a \.mat file") as caught:
        list(utd_mhad.read(tmp_path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("header", [b"", b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(512)])
def test_a_file_of_version_7_3_is_named(tmp_path: Path, header: bytes) -> None:
    write_clip(tmp_path, "a1_s1_t1")
    (tmp_path / "Inertial/a1_s1_t1_inertial.mat").write_bytes(header + b"\x89HDF\r\n\x1a\n" + bytes(2000))
    with pytest.raises(InputError, match=r"a1_s1_t1_inertial\.mat: is a \.mat file of version 7\.3 \(HDF5\); expected"):
        list(utd_mhad.read(tmp_path))


@pytest.mark.parametrize("action", [0, 28])
def test_an_action_that_there_is_not(tmp_path: Path, action: int) -> None:
    write_clip(tmp_path, f"a{action}_s1_t1")
    with pytest.raises(InputError, match=rf"a{action}_s1_t1_inertial\.mat: an action {action}; expected 1 to 27"):
        list(utd_mhad.read(tmp_path))


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"Inertial: expected files such as a1_s1_t1_inertial\.mat"):
        list(utd_mhad.read(tmp_path))
