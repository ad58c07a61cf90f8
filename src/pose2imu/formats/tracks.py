"""What a file of poses holds before its units, axes and clock are settled, and how an array of joints is read."""

import mmap
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

import numpy as np

from pose2imu.errors import InputError
from pose2imu.formats.joint_names import count_of, counts, formats, formats_with, named_joints, positions

# In COCO's order the first five joints are all on the face; in Human3.6M's they reach from hip to ankle.
FACE, OF_A_FACE = slice(0, 5), 0.35
LARGEST_PERSONS = 10
PART = 100_000  # frames copied at a time


@dataclass(frozen=True)
class Tracks:
    """Joints over time as a file has them."""

    joints: Mapping[str, np.ndarray]  # by streams.JOINT_NAMES, each (frames, 3) in the file's type, units and axes
    format: str
    time: np.ndarray | None = None  # (frames,) as the file has them: numbers in any unit, or datetime64
    time_name: str = ""  # what the file calls them
    rate: float | None = None  # frames a second, where the file says
    unit: str | None = None  # of lengths, where the file says
    notes: tuple[str, ...] = field(default=())


def tracks_of(array: np.ndarray, of: str, format: str | None, person: int) -> Tracks:
    """Read an array of joints, whose axes may come in any order; `of` names the file in errors."""
    if array.dtype.kind not in "fiu":
        raise InputError(f"{of}: an array of {array.dtype}; expected numbers")
    if 0 in array.shape:
        raise InputError(f"{of}: an array of shape {array.shape}; expected (frames, joints, 3)")
    array, notes = _of_a_person(array, of, person)
    ordered, count = _frames_joints_axes(array, of, format)
    if ordered.shape[0] < 2:
        raise InputError(f"{of}: 1 frame; expected at least 2")
    if array.dtype.itemsize == 2 and array.dtype.kind == "f":
        notes.append("values are float16, which has three digits: expect noise")
    name, evidence = (format, "as said") if format else _guessed(ordered, count, of)
    notes.append(f"format {name}: {evidence}")
    joints = {joint: ordered[:, place, :3] for joint, place in positions(name).items()}
    return Tracks(joints, name, notes=tuple(notes))


def tracks_by_name(points: Mapping[str, np.ndarray], **about: Any) -> Tracks | None:
    """Read joints (frames, 3) by a file's names for them; None where no name is one of a joint."""
    found = named_joints(points)
    if not found:
        return None
    joints = {
        joint: np.mean([points[label] for label in labels], axis=0) if len(labels) > 1 else points[labels[0]]
        for joint, labels in found.items()
    }
    renamed = ", ".join(f"{joint} is {'+'.join(labels)}" for joint, labels in found.items() if labels != (joint,))
    note = f"format named: {len(found)} joints by their names" + (f": {renamed}" if renamed else "")
    return Tracks(joints, "named", notes=(note,), **about)


def as_float64(joints: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Copy joints (frames, 3) as float64, part by part: of a file that is mapped, what was read is given back."""
    out = {name: np.empty(points.shape) for name, points in joints.items()}
    maps = {id(found): found for points in joints.values() if (found := _map_of(points)) is not None}
    frames = len(next(iter(out.values())))
    for start in range(0, frames, PART):
        part = slice(start, start + PART)
        for name, points in joints.items():
            out[name][part] = points[part]
        for mapped in maps.values():
            mapped.madvise(mmap.MADV_DONTNEED)
    return out


def _map_of(array: np.ndarray) -> mmap.mmap | None:
    base: Any = array
    while base is not None and not isinstance(base, mmap.mmap):
        base = getattr(base, "base", None)
    return base


def _of_a_person(array: np.ndarray, of: str, person: int) -> tuple[np.ndarray, list[str]]:
    """Take a person where there is an axis of persons: the first or, as ST-GCN has it, last of (3, frames, joints)."""
    if array.ndim != 4:
        if person:
            raise InputError(f"{of}: person {person} was asked for; the file has one, 0")
        return array, []
    axis = 3 if array.shape[0] == 3 and array.shape[3] <= LARGEST_PERSONS and array.shape[3] != 3 else 0
    if array.shape[axis] > LARGEST_PERSONS and array.shape[1] <= LARGEST_PERSONS:
        axis = 1
    persons = array.shape[axis]
    if not 0 <= person < persons:
        raise InputError(f"{of}: person {person} was asked for; the file has {persons}, counted from 0")
    return np.take(array, person, axis=axis), [f"person {person} of {persons}"] if persons > 1 else []


def _frames_joints_axes(array: np.ndarray, of: str, format: str | None) -> tuple[np.ndarray, int]:
    """Order an array's axes: (frames, joints, 3 or more), and say how many joints it has."""
    known = [count_of(format)] if format else counts()
    wanted = f"{known[0]} joints ({format})" if format else f"joints one of {', '.join(map(str, known))}"
    if array.ndim == 2:
        for count in known:
            for axes in (3, 4):
                if array.shape[1] == count * axes:
                    return array.reshape(len(array), count, axes), count
    elif array.ndim == 3:
        # Three coordinates come before four: the fourth is a visibility or a residual.
        for axes in (3, 4):
            for order in sorted(permutations(range(3)), key=lambda order: order != (0, 1, 2)):
                shape = [array.shape[axis] for axis in order]
                if shape[1] in known and shape[2] == axes:
                    return array.transpose(order), shape[1]
        if 2 in array.shape and set(array.shape) & set(known):
            raise InputError(
                f"{of}: shape {array.shape}, two coordinates a joint; expected three: lift the poses to 3-D"
            )
    raise InputError(f"{of}: an array of shape {array.shape}; expected (frames, joints, 3) with {wanted}")


def _guessed(array: np.ndarray, count: int, of: str) -> tuple[str, str]:
    names = formats_with(count)
    if len(names) == 1:
        return names[0], f"{count} joints"
    if set(names) != {"coco", "h36m"}:
        raise InputError(f"{of}: {count} joints; expected --pose-format, one of {', '.join(formats())}")
    some = np.asarray(array[:: max(len(array) // 200, 1), :, :3], dtype=np.float64)
    extent = [
        np.nanmedian(np.linalg.norm(part - part.mean(axis=1, keepdims=True), axis=2).max(axis=1))
        for part in (some[:, FACE], some)
    ]
    if not np.isfinite(extent).all():
        raise InputError(f"{of}: no whole frame among {count} joints; expected --pose-format, coco or h36m")
    if extent[0] < OF_A_FACE * extent[1]:
        return "coco", f"{count} joints, of which the first five are close together, a face"
    return "h36m", f"{count} joints, of which the first five are far apart, hips to ankles"
