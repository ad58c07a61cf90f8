"""Joints by the names that files have for them."""

import pytest

from pose2imu.formats.joint_names import count_of, formats, named_joints, positions
from pose2imu.formats.streams import JOINT_NAMES

MIXAMO = "Hips Spine Neck Head RightShoulder RightArm RightForeArm RightHand RightUpLeg RightLeg RightFoot RightToeBase"


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        # In a skeleton the shoulder is the collar bone, and bones have the names of their near joints.
        (
            ["mixamorig:" + name for name in MIXAMO.split()],
            {"right_shoulder": "RightArm", "right_wrist": "RightHand", "right_knee": "RightLeg", "mid_hip": "Hips"},
        ),
        (["RCollar", "RShoulder", "RElbow", "RWrist", "RHand"], {"right_shoulder": "RShoulder", "right_hand": "RHand"}),
        (["SpineShoulder", "WristLeft", "HandTipLeft"], {"neck": "SpineShoulder", "left_hand": "HandTipLeft"}),
        (
            ["rShldr", "rForeArm", "rHand", "rThigh", "rShin", "rFoot", "hip"],
            {"right_elbow": "rForeArm", "mid_hip": "hip"},
        ),
        (["LEFT_WRIST", "left-ankle", "l.knee"], {"left_wrist": "LEFT_WRIST", "left_knee": "l.knee"}),
        (["RSHO", "LASI", "LPSI", "RWRA", "RWRB"], {"right_shoulder": "RSHO", "left_hip": "LASI+LPSI"}),
        (["CHip", "RHip", "LHip"], {"mid_hip": "CHip", "right_hip": "RHip"}),
    ],
)
def test_a_label_is_a_joint(labels: list[str], expected: dict[str, str]) -> None:
    found = {joint: "+".join(names).replace("mixamorig:", "") for joint, names in named_joints(labels).items()}
    assert expected.items() <= found.items()
    used = [name for names in named_joints(labels).values() for name in names]
    assert len(used) == len(set(used))


def test_what_names_no_joint_is_none() -> None:
    assert named_joints(["time", "ax", "label", "lamp", "RightSide", "root2", "legend"]) == {}


@pytest.mark.parametrize("format", formats())
def test_a_format_has_our_joints_once_each(format: str) -> None:
    places = positions(format)
    assert set(places) <= set(JOINT_NAMES)
    assert len(set(places.values())) == len(places)
    assert max(places.values()) < count_of(format)
    for side in ("right", "left"):
        assert {f"{side}_{joint}" for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")} <= set(places)
