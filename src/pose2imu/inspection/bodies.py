"""What is wrong with poses alone: frames without joints, bones that change, a body of no size, one that lies."""

import numpy as np

from pose2imu.datasets.recording import BONE_LENGTHS
from pose2imu.formats.streams import ARM, LEG, SIDES, Poses
from pose2imu.inspection.clock import check_clock
from pose2imu.inspection.report import Finding, Severity

OK, ODD, WRONG = Severity.OK, Severity.ODD, Severity.WRONG
BONES = {
    f"{side} {name}": (f"{side}_{near}", f"{side}_{far}")
    for side in SIDES
    for name, near, far in (
        ("upper arm", *ARM[:2]),
        ("forearm", *ARM[1:]),
        ("thigh", *LEG[:2]),
        ("shank", *LEG[1:]),
    )
}
TORSO = 0.25, 0.9  # metres from mid-hip to neck, of a child and of a tall person
MOST_MISSING = 0.05
# Half of what 90 % of a bone's lengths differ by, by their median: it is 0.15 to 0.25 in Kinect's skeletons.
VARIES, VARIES_MUCH = 0.25, 0.5
FASTEST, MOST_JUMPS = 15.0, 0.05  # metres a second, of no joint but in sport; a share of frames
UPRIGHT = 0.5  # cosine


def check_poses(poses: Poses) -> list[Finding]:
    """Look at poses: their clock, missing joints, the torso, bones and jumps."""
    findings = [Finding(OK, "read as", note) for note in poses.notes]
    findings += check_clock(poses.time, "frames")
    if not len(poses.time):
        return findings
    with np.errstate(over="ignore", invalid="ignore"):  # of joints that no body has, which is found
        return [*findings, *_missing(poses), *_torso(poses), *_bones(poses), *_jumps(poses)]


def _missing(poses: Poses) -> list[Finding]:
    share = {joint: float(np.mean(~np.isfinite(at).all(axis=1))) for joint, at in poses.joints.items()}
    never = sorted(joint for joint, lost in share.items() if lost == 1)
    often = {joint: lost for joint, lost in share.items() if MOST_MISSING < lost < 1}
    if len(never) == len(share):
        return [Finding(WRONG, "missing", "no frame has a joint")]
    findings = [Finding(ODD, "missing", f"no frame has {', '.join(never)}")] if never else []
    if often:
        worst = max(often, key=lambda joint: often[joint])
        evidence = f"{len(often)} joints lack over {MOST_MISSING:.0%} of frames, {worst} {often[worst]:.0%}"
        findings.append(Finding(WRONG if often[worst] > 0.5 else ODD, "missing", evidence))
    if not findings:
        lost = max(share.values(), default=0.0)
        findings.append(Finding(OK, "missing", f"{lost:.1%} of frames at most lack a joint"))
    return findings


def _length(poses: Poses, near: str, far: str) -> np.ndarray:
    """Give a bone's length (frames,) in metres where both joints are there."""
    if near not in poses.joints or far not in poses.joints:
        return np.empty(0)
    length = np.linalg.norm(poses.joints[far] - poses.joints[near], axis=1)
    return length[np.isfinite(length)]


def _torso(poses: Poses) -> list[Finding]:
    length = _length(poses, "mid_hip", "neck")
    if not len(length):
        return [Finding(ODD, "torso", "no neck or mid-hip: size and direction of the body are unknown")]
    median = float(np.median(length))
    torso = poses.joints["neck"] - poses.joints["mid_hip"]
    torso = torso[np.isfinite(torso).all(axis=1)]
    upright = float(np.median(torso[:, 2] / np.maximum(np.linalg.norm(torso, axis=1), 1e-9)))
    fits = TORSO[0] <= median <= TORSO[1]
    findings = [
        Finding(
            OK if fits else WRONG,
            "torso",
            f"{median:.3g} m from hips to neck"
            + ("" if fits else f"; expected {TORSO[0]} to {TORSO[1]}: are poses in another unit?"),
        )
    ]
    angle = np.degrees(np.arccos(np.clip(upright, -1, 1)))
    evidence = f"the torso is {angle:.0f}° off the vertical in the median"
    if upright < UPRIGHT:
        evidence += ": lies the person, or does another axis point up?"
    return [*findings, Finding(OK if upright >= UPRIGHT else ODD, "upright", evidence)]


def _bones(poses: Poses) -> list[Finding]:
    varying, zero = {}, []
    for bone, (near, far) in BONES.items():
        length = _length(poses, near, far)
        if not len(length):
            continue
        median = float(np.median(length))
        if not BONE_LENGTHS[0] <= median <= BONE_LENGTHS[1]:
            zero.append(f"{bone} {median:.3g} m")
            continue
        low, high = np.percentile(length, [5, 95])
        varying[bone] = float(high - low) / 2 / median
    findings = [Finding(WRONG, "bones", f"lengths of no body: {', '.join(zero)}")] if zero else []
    if varying:
        worst = max(varying, key=lambda bone: varying[bone])
        much = varying[worst]
        severity = WRONG if much > VARIES_MUCH else ODD if much > VARIES else OK
        findings.append(Finding(severity, "bones", f"lengths vary by {much:.0%} at most (90 % of frames), {worst}"))
    return findings


def _jumps(poses: Poses) -> list[Finding]:
    step = np.diff(poses.time)
    step = np.where(step > 0, step, np.nan)
    jumps = np.zeros(len(step), bool)
    for at in poses.joints.values():
        jumps |= np.linalg.norm(np.diff(at, axis=0), axis=1) / step > FASTEST
    share = float(jumps.mean()) if len(jumps) else 0.0
    if not share:
        return []
    evidence = f"a joint moves faster than {FASTEST:.0f} m/s in {share:.1%} of frames"
    return [Finding(ODD if share <= MOST_JUMPS else WRONG, "jumps", evidence)]
