"""A walk whose joints are known exactly, and writers that put it into each format that poses come in."""

import json
from collections.abc import Callable
from pathlib import Path

import ezc3d
import numpy as np
import pandas as pd
from scipy.spatial.transform import Rotation

from pose2imu.formats.joint_names import count_of, positions
from pose2imu.formats.streams import Poses

RATE = 60.0
# Parent, and offset in metres from it with the person upright: x forward, y to the left, z up.
BONES: dict[str, tuple[str, tuple[float, float, float]]] = {
    "mid_hip": ("", (0, 0, 0)),
    "spine": ("mid_hip", (0, 0, 0.25)),
    "neck": ("mid_hip", (0, 0, 0.5)),
    "head": ("mid_hip", (0.03, 0, 0.7)),
} | {
    f"{side}_{joint}": (f"{side}_{parent}" if parent != "mid_hip" else parent, (x, sign * y, z))
    for side, sign in (("right", -1), ("left", 1))
    for joint, parent, (x, y, z) in (
        ("shoulder", "mid_hip", (0, 0.18, 0.5)),
        ("elbow", "shoulder", (0, 0, -0.3)),
        ("wrist", "elbow", (0, 0, -0.26)),
        ("hand", "wrist", (0, 0, -0.08)),
        ("hip", "mid_hip", (0, 0.1, 0)),
        ("knee", "hip", (0, 0, -0.44)),
        ("ankle", "knee", (0, 0, -0.42)),
        ("foot", "ankle", (0.15, 0, -0.05)),
    )
}


def turns(time: np.ndarray) -> dict[str, Rotation]:
    """Give the rotation of each joint against its parent's, (time,); limbs are never straight."""
    phase, still = 2 * np.pi * 0.9 * time, np.zeros_like(time)
    out = {"mid_hip": Rotation.from_euler("ZY", np.stack([0.3 * np.sin(0.5 * phase), 0.05 + still], axis=1))}
    for side, sign in (("right", -1), ("left", 1)):
        swing = sign * np.sin(phase)
        out[f"{side}_shoulder"] = Rotation.from_euler("XY", np.stack([still + sign * 0.15, -0.1 - 0.5 * swing], axis=1))
        out[f"{side}_elbow"] = Rotation.from_euler("YZ", np.stack([-0.7 - 0.3 * swing, sign * 0.2 + still], axis=1))
        out[f"{side}_hip"] = Rotation.from_euler("Y", (0.4 * swing - 0.2)[:, None])
        out[f"{side}_knee"] = Rotation.from_euler("Y", (0.7 + 0.3 * np.cos(phase))[:, None])
    return out


def walk(rate: float = RATE, seconds: float = 6.0) -> Poses:
    """Walk 1.2 m/s, bobbing and swaying."""
    time = np.arange(round(rate * seconds) + 1) / rate
    phase = 2 * np.pi * 0.9 * time
    here = np.stack([1.2 * time, 0.05 * np.sin(phase), 0.95 + 0.03 * np.cos(2 * phase)], axis=1)
    local, world = turns(time), {}
    joints: dict[str, np.ndarray] = {}
    for name, (parent, offset) in BONES.items():
        before = world.get(parent, Rotation.identity(len(time)))
        joints[name] = joints[parent] + before.apply(offset) if parent else here
        world[name] = before * local[name] if name in local else before
    return Poses("walk", time, joints)


def listed(poses: Poses, format: str) -> np.ndarray:
    """Give joints (frames, joints, 3) in a format's order; what the format has beside ours lies near the head."""
    out = np.repeat(poses.joints["head"][:, None] + 0.02, count_of(format), axis=1)
    for joint, place in positions(format).items():
        out[:, place] = poses.joints[joint]
    return out


def y_up(points: np.ndarray) -> np.ndarray:
    """Turn points so that their second axis points up."""
    return points[..., [1, 2, 0]]


def y_down(points: np.ndarray) -> np.ndarray:
    """Turn points so that their second axis points down, as a camera's does."""
    return points[..., [1, 2, 0]] * np.array([1, -1, -1])


def named_table(poses: Poses) -> pd.DataFrame:
    """Give a table of time and three columns for each joint."""
    columns = {f"{name}_{axis}": points[:, k] for name, points in poses.joints.items() for k, axis in enumerate("xyz")}
    return pd.DataFrame({"time": poses.time} | columns)


def write_csv(poses: Poses, path: Path) -> None:
    named_table(poses).to_csv(path, index=False)


def write_parquet(poses: Poses, path: Path) -> None:
    named_table(poses).rename(columns=lambda name: name.replace("wrist", "Wrist")).to_parquet(path)


def write_coco(poses: Poses, path: Path) -> None:
    """As a flat list of numbers for each frame, y down."""
    array = y_down(listed(poses, "coco")).reshape(len(poses.time), -1)
    path.write_text(json.dumps({"fps": RATE, "frames": [{"keypoints": row} for row in array.tolist()]}))


def write_h36m(poses: Poses, path: Path) -> None:
    """Axes first, in millimetres."""
    np.save(path, 1000 * listed(poses, "h36m").transpose(2, 1, 0))


def write_ntu_array(poses: Poses, path: Path) -> None:
    """As ST-GCN and its like have it: axes, frames, joints, persons."""
    array = y_up(listed(poses, "ntu")).transpose(2, 0, 1)
    np.save(path, np.stack([array, np.zeros_like(array)], axis=3))


def write_ntu(poses: Poses, path: Path) -> None:
    """As NTU RGB+D's .skeleton files are: 25 lines for each body of each frame; other numbers are the camera's."""
    lines = [str(len(poses.time))]
    for frame in y_up(listed(poses, "ntu")):
        lines += ["1", "72057594037931101 0 1 1 1 1 0 0.02764709 0.05745083 2", "25"]
        lines += [
            " ".join([*map(repr, point.tolist()), "277.4 191.8 1036.8 519.7 -0.2 0.03 -0.9 -0.1 2"]) for point in frame
        ]
    path.write_text("\n".join(lines))


def write_kinect20(poses: Poses, path: Path) -> None:
    """Joints first, as UTD-MHAD has it, with a rate in an archive."""
    np.savez(path, skeleton=y_up(listed(poses, "kinect20")).transpose(1, 2, 0), fps=RATE)


def write_smpl(poses: Poses, path: Path) -> None:
    """With times in milliseconds."""
    np.savez_compressed(path, joints=y_up(listed(poses, "smpl")), timestamps=1000 * poses.time)


def write_smpl22(poses: Poses, path: Path) -> None:
    table = pd.DataFrame(100 * listed(poses, "smpl22").reshape(len(poses.time), -1))
    table.to_csv(path, header=False, index=False, sep=";")


def write_mediapipe(poses: Poses, path: Path) -> None:
    """As MediaPipe's world landmarks are dumped, y down."""
    frames = [
        {
            "timestamp_ms": 1000 * time,
            "pose_world_landmarks": [dict(zip("xyz", point, strict=True)) | {"visibility": 0.9} for point in points],
        }
        for time, points in zip(poses.time.tolist(), y_down(listed(poses, "mediapipe")).tolist(), strict=True)
    ]
    path.write_text(json.dumps(frames))


BVH_NAMES = {"mid_hip": "Hips", "spine": "Spine", "neck": "Neck", "head": "Head"} | {
    f"{side.lower()}_{joint}": side + name
    for side in ("Left", "Right")
    for joint, name in (
        *(("shoulder", "Arm"), ("elbow", "ForeArm"), ("wrist", "Hand"), ("hand", "HandThumb")),
        *(("hip", "UpLeg"), ("knee", "Leg"), ("ankle", "Foot"), ("foot", "ToeBase")),
    )
}


def write_bvh(poses: Poses, path: Path) -> None:
    """Y up, in centimetres, as angles: the walk's own turns."""
    local = turns(poses.time)
    axes = Rotation.from_matrix(np.eye(3)[[1, 2, 0]])  # z up → y up
    lines, values = ["HIERARCHY"], []

    def add(name: str, depth: int) -> None:
        indent = "  " * depth
        offset = " ".join(f"{part:.6f}" for part in 100 * y_up(np.array(BONES[name][1], dtype=float)))
        places = "Xposition Yposition Zposition " if depth == 0 else ""
        lines.extend(
            [f"{indent}{'JOINT' if depth else 'ROOT'} {BVH_NAMES[name]}", indent + "{", f"{indent}  OFFSET {offset}"]
        )
        lines.append(f"{indent}  CHANNELS {6 if depth == 0 else 3} {places}Zrotation Xrotation Yrotation")
        if depth == 0:
            values.append(100 * y_up(poses.joints[name]))
        turn = axes * local[name] * axes.inv() if name in local else Rotation.identity(len(poses.time))
        values.append(turn.as_euler("ZXY", degrees=True))
        children = [child for child, (parent, _) in BONES.items() if parent == name]
        for child in children:
            add(child, depth + 1)
        if not children:
            lines.extend([f"{indent}  End Site", indent + "  {", f"{indent}    OFFSET 0 5 0", indent + "  }"])
        lines.append(indent + "}")

    add("mid_hip", 0)
    lines += ["MOTION", f"Frames: {len(poses.time)}", f"Frame Time: {1 / RATE:.9f}"]
    lines += [" ".join(f"{value:.9f}" for value in row) for row in np.hstack(values)]
    path.write_text("\n".join(lines) + "\n")


def write_c3d(poses: Poses, path: Path) -> None:
    """Joint centres in millimetres, with names as marker sets have them."""
    names = {name: name for name in ("neck", "mid_hip")}
    names |= {
        f"{side}_{joint}": f"walker:{side[0].upper()}{joint.title()}"
        for side in ("right", "left")
        for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    }
    file = ezc3d.c3d()
    file["parameters"]["POINT"]["RATE"]["value"] = [RATE]
    file["parameters"]["POINT"]["LABELS"]["value"] = list(names.values())
    file["parameters"]["POINT"]["UNITS"]["value"] = ["mm"]
    points = 1000 * np.stack([poses.joints[name].T for name in names], axis=1)
    file["data"]["points"] = np.concatenate([points, np.ones((1, *points.shape[1:]))])
    file.write(str(path))


def write_trc(poses: Poses, path: Path) -> None:
    """As OpenSim's, in metres and y up."""
    names = {
        f"{side}_{joint}": f"{side[0].upper()}{joint.title()}"
        for side in ("right", "left")
        for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    } | {"neck": "Neck"}
    head = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{RATE}\t{RATE}\t{len(poses.time)}\t{len(names)}\tm\t{RATE}\t1\t{len(poses.time)}",
        "Frame#\tTime\t" + "\t".join(f"{name}\t\t" for name in names.values()),
        "\t\t" + "\t".join(f"X{k}\tY{k}\tZ{k}" for k in range(1, len(names) + 1)) + "\n",
    ]
    numbers = y_up(np.stack([poses.joints[name] for name in names], axis=1)).reshape(len(poses.time), -1)
    rows = [
        f"{k + 1}\t{time:.6f}\t" + "\t".join(f"{v:.9f}" for v in row) + "\t"
        for k, (time, row) in enumerate(zip(poses.time, numbers, strict=True))
    ]
    path.write_text("\n".join(head + rows) + "\n")


WRITERS: list[tuple[str, Callable[[Poses, Path], None]]] = [
    ("walk.csv", write_csv),
    ("walk.parquet", write_parquet),
    ("coco.json", write_coco),
    ("h36m.npy", write_h36m),
    ("ntu.npy", write_ntu_array),
    ("S001C001P001R001A001.skeleton", write_ntu),
    ("kinect20.npz", write_kinect20),
    ("smpl.npz", write_smpl),
    ("smpl22.csv", write_smpl22),
    ("mediapipe.json", write_mediapipe),
    ("walk.bvh", write_bvh),
    ("walk.c3d", write_c3d),
    ("walk.trc", write_trc),
]
