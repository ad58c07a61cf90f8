"""Poses alone, and poses beside a sensor: the simulator's lag and limb are found."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pose2imu.errors import InputError
from pose2imu.formats.inertial import read_inertial
from pose2imu.formats.poses import read_poses
from pose2imu.formats.streams import Inertial, Poses
from pose2imu.inspection import Severity, check
from pose2imu.inspection.fit import fit_poses
from tests.moving import performance

UTD_MHAD = Path(__file__).parents[2] / "data" / "raw" / "utd_mhad"


def changed(poses: Poses, **joints: np.ndarray) -> Poses:
    return replace(poses, joints={**poses.joints, **joints})


def found(of: Poses, what: str) -> tuple[Severity, str]:
    finding = check(of).of(what)
    assert finding is not None
    return finding.severity, finding.evidence


def test_poses_without_faults_have_none() -> None:
    report = check(performance()[1])
    assert [finding for finding in report.findings if finding.severity is not Severity.OK] == []


def test_faults_of_poses() -> None:
    poses = performance()[1]
    millimetres = replace(poses, joints={name: 1000 * at for name, at in poses.joints.items()})
    severity, evidence = found(millimetres, "torso")
    assert severity is Severity.WRONG
    assert "are poses in another unit?" in evidence
    lying = replace(poses, joints={name: at[:, [2, 0, 1]] for name, at in poses.joints.items()})
    assert found(lying, "upright")[0] is Severity.ODD
    wrist, elbow = poses.joints["left_wrist"], poses.joints["left_elbow"]
    stretch = 1 + 0.6 * np.sin(poses.time)[:, None]
    assert found(changed(poses, left_wrist=elbow + (wrist - elbow) * stretch), "bones")[0] is Severity.WRONG
    severity, evidence = found(changed(poses, left_wrist=elbow), "bones")
    assert (severity, evidence.partition(",")[0]) == (Severity.WRONG, "lengths of no body: left forearm 0 m")
    assert found(changed(poses, left_wrist=np.full_like(wrist, np.nan)), "missing") == (
        Severity.ODD,
        "no frame has left_wrist",
    )
    lost = np.where(np.arange(len(wrist))[:, None] % 3 == 0, np.nan, wrist)
    assert found(changed(poses, left_wrist=lost), "missing")[1] == ("1 joints lack over 5% of frames, left_wrist 33%")
    jumping = wrist + (np.arange(len(wrist)) % 100 == 0)[:, None]
    assert found(changed(poses, left_wrist=jumping), "jumps")[0] is Severity.ODD


@pytest.mark.parametrize("lag", [-0.6, 0.0, 0.3])
def test_lag_and_limb_are_found(lag: float) -> None:
    recording, poses = performance(lag=lag)
    fit = fit_poses(recording, poses)
    assert fit.place == "left_wrist"
    assert fit.lag == pytest.approx(lag, abs=0.021)
    assert fit.correlation > 0.95
    report = check(recording, poses, place="left_wrist")
    finding = report.of("lag")
    assert finding is not None
    assert finding.severity is (Severity.ODD if lag else Severity.OK)
    assert not report.wrong


def test_a_sensor_said_to_be_on_another_limb() -> None:
    recording, poses = performance()
    finding = check(recording, poses, place="right_thigh").of("limb")
    assert finding is not None
    assert "fits better than right_thigh" in finding.evidence
    assert "left_wrist" in finding.evidence


def test_poses_of_another_time_fit_badly() -> None:
    recording, poses = performance()
    other = replace(poses, joints={name: np.roll(at, 300, axis=0) for name, at in poses.joints.items()})
    fit = fit_poses(recording, other, "left_wrist")
    assert fit.correlation < 0.5


def test_clocks_that_have_nothing_in_common_are_begun_together() -> None:
    recording, poses = performance()
    report = check(replace(recording, time=recording.time + 1.7e9), poses, place="left_wrist")
    assert report.fit is not None
    assert not report.fit.same_clock
    assert report.fit.correlation > 0.95
    assert report.of("clocks") is not None


def test_what_does_not_move_is_not_compared() -> None:
    poses = performance()[1]
    still = replace(poses, joints={name: np.tile(at[:1], (len(at), 1)) for name, at in poses.joints.items()})
    finding = check(performance()[0], still, place="left_wrist").of("fit")
    assert finding is not None
    assert finding.evidence.startswith("too little moves at left_wrist to tell")


def test_poses_that_cannot_be_compared_say_why() -> None:
    recording, poses = performance()
    arms = {name: at for name, at in poses.joints.items() if "knee" not in name}
    finding = check(recording, replace(poses, joints=arms), place="right_shank").of("fit")
    assert finding is not None
    assert finding.severity is Severity.WRONG
    assert "person: no right_knee" in finding.evidence
    with pytest.raises(InputError, match="a place 'nose'; expected one of right_wrist"):
        check(recording, poses, place="nose")
    short = Inertial("short", np.arange(20) / 100, recording.acceleration[:20])
    finding = check(short, poses).of("fit")
    assert finding is not None
    assert "0.19 s in common with its poses; expected 1" in finding.evidence


BAD_POSES = {
    "NaN": lambda at: at * np.nan,
    "infinite": lambda at: at * np.inf,
    "one point": lambda at: at * 0,
    "1e300": lambda at: at * 1e300,
}


@pytest.mark.parametrize("bad", BAD_POSES)
@pytest.mark.parametrize("place", [None, "left_wrist"])
@pytest.mark.filterwarnings("error")
def test_poses_of_nobody(bad: str, place: str | None) -> None:
    recording, poses = performance()
    nobody = replace(poses, joints={name: BAD_POSES[bad](at) for name, at in poses.joints.items()})
    report = check(recording, nobody, place=place)
    assert report.wrong
    assert report.of("fit").severity is Severity.WRONG  # type: ignore[union-attr]
    assert check(nobody).wrong


@pytest.mark.parametrize("frames", [0, 1, 2, 5])
@pytest.mark.filterwarnings("error")
def test_few_frames(frames: int) -> None:
    recording, poses = performance()
    few = replace(poses, time=poses.time[:frames], joints={name: at[:frames] for name, at in poses.joints.items()})
    assert check(few).wrong
    assert check(recording, few).of("fit").severity is Severity.WRONG  # type: ignore[union-attr]


@pytest.mark.skipif(not UTD_MHAD.exists(), reason="needs UTD-MHAD")
def test_a_real_clip_fits_its_own_limb() -> None:
    recording = read_inertial(UTD_MHAD / "Inertial" / "a9_s2_t1_inertial.mat", rate=50)
    poses = read_poses(UTD_MHAD / "Skeleton" / "a9_s2_t1_skeleton.mat", rate=20)
    poses = replace(poses, time=poses.time * recording.time[-1] / poses.time[-1])  # both span the clip
    report = check(recording, poses, place="right_wrist")
    assert not report.wrong
    assert report.fit is not None
    assert report.fit.correlation == pytest.approx(0.9, abs=0.02)
    assert abs(report.fit.lag) < 0.05
    wrong_arm = check(recording, poses, place="left_wrist").of("limb")
    assert wrong_arm is not None
    assert wrong_arm.severity is Severity.ODD
    assert "fits better than left_wrist" in wrong_arm.evidence
