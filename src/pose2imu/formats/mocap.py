"""Poses of motion capture: BVH (angles of a skeleton), C3D and TRC (markers or joint centres)."""

import re
import tempfile
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.spatial.transform import Rotation

from pose2imu.errors import InputError
from pose2imu.formats.tracks import Tracks, tracks_by_name

if TYPE_CHECKING:  # an extra, and a third of a second
    from bvhio import BvhJoint

MOTION = re.compile(r"\s*MOTION\s+Frames:\s*(\d+)\s+Frame\s+Time:\s*(\S+)\s*", re.IGNORECASE)
LENGTHS = {"m": "m", "meters": "m", "cm": "cm", "mm": "mm", "in": "in"}


def read_bvh(path: Path, format: str | None, person: int) -> Tracks:
    """Read a BVH file: bvhio reads the skeleton, and its angles become positions here, in double precision."""
    _one_person(path, person)
    text = _text(path)
    start = re.search(r"^\s*MOTION\s*$", text, re.MULTILINE)
    header = text[: start.start()] if start else ""
    motion = MOTION.match(text, start.start()) if start else None
    if motion is None:
        raise InputError(f"{path}: no MOTION with Frames and Frame Time; expected a BVH file")
    root = _skeleton(path, header)
    frames, step = int(motion[1]), _number(path, motion[2], "Frame Time")
    nodes = [node for node, _, _ in root.layout()]
    channels = sum(len(node.Channels) for node in nodes)
    values = _table(path, text[motion.end() :], channels, r"\s+")
    if len(values) != frames or np.isnan(values).any():
        whole = int(np.isfinite(values).all(axis=1).sum())
        raise InputError(f"{path}: {whole} whole frames of {channels} channels; expected {frames}, as it says")
    placed: dict[str, np.ndarray] = {}
    _place(root, None, None, iter(np.split(values, channels, axis=1)), placed)
    return _named(path, placed, rate=1 / step if step > 0 else 0.0)


def _skeleton(path: Path, header: str) -> "BvhJoint":
    """Parse the skeleton alone: bvhio waits for ever at a file's end, and takes minutes for a day of frames."""
    try:
        import bvhio  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise InputError(f"{path}: BVH needs the package bvhio; expected pose2imu[formats] to be installed") from error
    with tempfile.NamedTemporaryFile("w", suffix=".bvh", encoding="utf-8") as file:
        file.write(f"{header.strip()}\nMOTION\nFrames: 0\nFrame Time: 1\n")
        file.flush()
        try:
            return bvhio.readAsBvh(file.name).Root
        except (SyntaxError, ValueError, IndexError, RecursionError) as error:
            raise InputError(f"{path}: its skeleton: {error.args[0]}; expected a BVH file's HIERARCHY") from error


def _place(
    node: "BvhJoint",
    parent: np.ndarray | None,
    orientation: Rotation | None,
    channels: Any,
    placed: dict[str, np.ndarray],
) -> None:
    """Put a joint, and those below it, where its channels say: positions (frames, 3) by name."""
    named = {channel.lower(): next(channels)[:, 0] for channel in node.Channels}
    offset = np.array(node.Offset.to_tuple(), dtype=np.float64)
    moved = [named.get(f"{axis}position", offset[place]) for place, axis in enumerate("xyz")]
    frames = max((np.size(values) for values in named.values()), default=1 if parent is None else len(parent))
    local = np.stack([np.broadcast_to(value, frames) for value in moved], axis=1)
    position = local if parent is None or orientation is None else parent + orientation.apply(local)
    turns = [name for name in named if name.endswith("rotation")]
    turn = None
    if turns:
        axes = "".join(name[0].upper() for name in turns)
        turn = Rotation.from_euler(axes, np.stack([named[name] for name in turns], axis=1), degrees=True)
    below = turn if orientation is None else orientation if turn is None else orientation * turn
    placed[node.Name] = position
    for child in node.Children:
        _place(child, position, below if below is not None else Rotation.identity(frames), channels, placed)


def read_c3d(path: Path, format: str | None, person: int) -> Tracks:
    """Read a C3D file's points; occluded ones are NaN."""
    _one_person(path, person)
    try:
        import ezc3d  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise InputError(f"{path}: C3D needs the package ezc3d; expected pose2imu[formats] to be installed") from error
    try:
        file = ezc3d.c3d(str(path))
        points, about = file["data"]["points"], file["parameters"]["POINT"]
        labels, rate = about["LABELS"]["value"], float(about["RATE"]["value"][0])
        unit = next(iter(about.get("UNITS", {}).get("value", [])), None)
    except (ValueError, RuntimeError, OSError, KeyError, IndexError) as error:
        raise InputError(f"{path}: {str(error).splitlines()[0]}; expected a C3D file with points") from error
    stated = _frames_of_c3d(path)
    if points.shape[2] < stated:  # ezc3d takes what there is
        raise InputError(f"{path}: {points.shape[2]} frames; expected {stated}, as it says: is it cut off?")
    placed = {label: points[:3, number].T for number, label in enumerate(labels[: points.shape[1]])}
    return _named(path, placed, rate, LENGTHS.get(str(unit).lower()))


def _frames_of_c3d(path: Path) -> int:
    """Give the number of frames that a header states in 16 bits; 0 where it does not, or in another byte order."""
    content = path.read_bytes()
    first, last = np.frombuffer(content[6:10], "<u2").tolist()
    intel = content[512 * (content[0] - 1) + 3] == 84
    return last - first + 1 if intel and last < 65535 else 0


def read_trc(path: Path, format: str | None, person: int) -> Tracks:
    """Read a TRC file: five lines of header, then a frame's number, its time and three columns for each marker."""
    _one_person(path, person)
    lines = _text(path).splitlines()
    start = next((number for number, line in enumerate(lines) if line.split("\t")[0].strip() == "Frame#"), None)
    if start is None or start < 2:
        raise InputError(f"{path}: no line that begins with Frame#; expected a TRC file's header")
    about = dict(zip(lines[start - 2].split("\t"), lines[start - 1].split("\t"), strict=False))
    about = {key.strip(): value.strip() for key, value in about.items()}
    labels = [label.strip() for label in lines[start].split("\t")[2:] if label.strip()]
    # Empty cells are lost markers; what is empty behind them is a tab at a line's end.
    body = "\n".join(line.rstrip("\t") for line in lines[start + 2 :])
    values = _table(path, body, 2 + 3 * len(labels), "\t")
    placed = {label: values[:, 2 + 3 * number : 5 + 3 * number] for number, label in enumerate(labels)}
    unit = LENGTHS.get(about.get("Units", "").lower())
    rate = _number(path, about["DataRate"], "DataRate") if about.get("DataRate") else None
    return _named(path, placed, rate, unit, values[:, 1] if len(values) > 1 else None)


def _named(
    path: Path,
    placed: dict[str, np.ndarray],
    rate: float | None,
    unit: str | None = None,
    time: np.ndarray | None = None,
) -> Tracks:
    tracks = tracks_by_name(placed, time=time, time_name="" if time is None else "Time in s", rate=rate, unit=unit)
    if tracks is None:
        some = ", ".join(list(placed)[:6])
        raise InputError(f"{path}: joints {some}; expected names such as RightWrist, RWrist, RightHand or RWRA")
    return tracks


def _table(path: Path, text: str, columns: int, separator: str) -> np.ndarray:
    """Read the numbers of a file's body (frames, columns); what is missing is NaN."""
    try:
        table = pd.read_csv(StringIO(text), sep=separator, header=None, names=range(columns), dtype=np.float64)
    except (ValueError, pd.errors.ParserError) as error:
        raise InputError(f"{path}: {str(error).splitlines()[0].strip()}; expected {columns} numbers a frame") from error
    return table.to_numpy()


def _number(path: Path, text: str, what: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise InputError(f"{path}: {what} is {text}; expected a number") from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: no text in UTF-8; expected a file of {path.suffix[1:].upper()}") from error


def _one_person(path: Path, person: int) -> None:
    if person:
        raise InputError(f"{path}: person {person} was asked for; a file of {path.suffix[1:].upper()} has one, 0")
