"""Poses in JSON, a list of frames: as MediaPipe's landmarks are dumped, or as plain lists of coordinates."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from pose2imu.errors import InputError
from pose2imu.formats.tracks import Tracks, tracks_by_name, tracks_of

# Under which of its keys a file has its frames, a frame its joints and its time: the first that is there. MediaPipe's
# world landmarks are metres; its other ones are shares of the picture.
FRAMES = ("frames", "poses", "data", "results", "annotations", "landmarks", "keypoints", "joints")
JOINTS = (
    "pose_world_landmarks",
    "poseWorldLandmarks",
    "worldLandmarks",
    "world_landmarks",
    "keypoints_3d",
    "keypoints3d",
    "keypoints3D",
    "joints",
    "landmarks",
    "landmark",
    "keypoints",
    "pose_landmarks",
    "poseLandmarks",
    "pose",
)
OF_THE_PICTURE = ("pose_landmarks", "poseLandmarks")
TIMES = ("time", "timestamp_ms", "timestamp_us", "timestamp", "timestampMs", "t")
NUMBERS = ("frame", "frame_id", "frame_number", "frame_index", "image_id")
PERSONS = ("persons", "people", "instances", "bodies")
RATES = ("rate", "fps", "frame_rate")


def read_json(path: Path, format: str | None, person: int) -> Tracks:
    """Read a file of frames, each a list of joints, a flat list of numbers, or a dict that has one of these."""
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        raise InputError(f"{path}: {str(error).splitlines()[0]}; expected JSON, a list of frames") from error
    rate = next((content[key] for key in RATES if key in content), None) if isinstance(content, dict) else None
    frames = next((content[key] for key in FRAMES if key in content), None) if isinstance(content, dict) else content
    if not isinstance(frames, list) or len(frames) < 2:
        found = f"{len(frames)} frames" if isinstance(frames, list) else "no list of frames"
        raise InputError(f"{path}: {found}; expected a list of at least 2")
    time, name = _times(path, frames)
    found_joints = [_joints_of(frame, person) for frame in frames]
    if all(joints is None for joints in found_joints):
        raise InputError(f"{path}: frames without joints; expected a list of landmarks in each, x, y, z")
    names = _names(found_joints)
    points = [_points(path, number, joints) for number, joints in enumerate(found_joints)]
    count = max(len(one) for one in points)
    if wrong := [number for number, one in enumerate(points) if len(one) not in (0, count)]:
        raise InputError(
            f"{path}: frame {wrong[0]} has {len(points[wrong[0]])} numbers; expected {count} as the others"
        )
    array = np.array([one or [np.nan] * count for one in points])
    _refuse_a_picture(path, array, format, frames)
    stated = float(rate) if isinstance(rate, int | float) else None
    if names and format in (None, "named"):
        whole = array.reshape(len(array), len(names), -1)[..., :3]
        by_name = {label: whole[:, place] for place, label in enumerate(names)}
        if tracks := tracks_by_name(by_name, time=time, time_name=name, rate=stated):
            return tracks
    tracks = tracks_of(array, str(path), format, person=0)
    return Tracks(tracks.joints, tracks.format, time, name, stated, notes=tracks.notes)


def _joints_of(frame: Any, person: int) -> Any:
    """Find a frame's joints; None where it has none, as one in which nobody was found."""
    if isinstance(frame, dict):
        if key := next((key for key in PERSONS if key in frame), None):
            people = frame[key]
            return _joints_of(people[person], person) if isinstance(people, list) and person < len(people) else None
        key = next((key for key in JOINTS if frame.get(key)), None)
        if key is None:
            named = {name: point for name, point in frame.items() if isinstance(point, list | dict)}
            return named or None
        frame = frame[key]
        if isinstance(frame, dict) and "landmark" in frame:
            frame = frame["landmark"]
    if not isinstance(frame, list | dict) or not frame:
        return None
    first = frame[0] if isinstance(frame, list) else None
    # A list of persons, each a list of joints: as MediaPipe's tasks give them.
    if isinstance(first, list) and first and isinstance(first[0], list | dict):
        return frame[person] if person < len(frame) else None
    return frame


def _names(frames: list[Any]) -> list[str]:
    """Give the names of the joints, where frames have them."""
    first = next(joints for joints in frames if joints is not None)
    if isinstance(first, dict):
        return list(first)
    if all(isinstance(point, dict) and isinstance(point.get("name"), str) for point in first):
        return [point["name"] for point in first]
    return []


def _points(path: Path, number: int, joints: Any) -> list[float]:
    """Give a frame's coordinates one after the other; none where it has no joints."""
    if joints is None:
        return []
    points = list(joints.values()) if isinstance(joints, dict) else joints
    out: list[Any] = []
    for point in points:
        if isinstance(point, dict):
            if "x" in point and "y" in point and "z" not in point:
                raise InputError(f"{path}: frame {number}: x and y without z; expected 3-D poses: lift them first")
            out += [point.get(axis) for axis in "xyz"]
        else:
            out += point if isinstance(point, list) else [point]
    try:
        return [np.nan if value is None else float(value) for value in out]
    except (TypeError, ValueError) as error:
        raise InputError(f"{path}: frame {number}: {error}; expected numbers, x, y, z of each joint") from error


def _times(path: Path, frames: list[Any]) -> tuple[np.ndarray | None, str]:
    if not isinstance(frames[0], dict):
        return None, ""
    name = next((key for key in (*TIMES, *NUMBERS) if key in frames[0]), None)
    if name is None:
        return None, ""
    try:
        time = np.array([float(frame[name]) for frame in frames])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path}: not all frames have a number as their {name}; expected one in each") from error
    return time, name if name in TIMES else "frame"


def _refuse_a_picture(path: Path, array: np.ndarray, format: str | None, frames: list[Any]) -> None:
    """Raise InputError for landmarks as shares of a picture: they are no lengths, and the body's depth is a guess."""
    first = frames[0] if isinstance(frames[0], dict) else {}
    key = next((key for key in JOINTS if first.get(key)), None)
    if format is None and key in OF_THE_PICTURE:
        raise InputError(
            f"{path}: {key} are shares of a picture; expected pose_world_landmarks, in metres, or --pose-format"
        )
