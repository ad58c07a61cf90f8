"""Poses in the .skeleton files of NTU RGB+D: text, with the bodies of each frame one after the other."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pose2imu.errors import InputError
from pose2imu.formats.tracks import Tracks, tracks_of

RATE = 30.0  # Kinect v2's, which the files do not state


def read_skeleton(path: Path, format: str | None, person: int) -> Tracks:
    """Read the bodies in order of their appearance; `person` is one of them. Frames without it are NaN."""
    try:
        words = iter(path.read_text(encoding="utf-8-sig").split())
        frames = [_bodies(words) for _ in range(int(next(words)))]
    except (StopIteration, ValueError, RuntimeError) as error:
        raise InputError(f"{path}: cut off, or not of numbers; expected a .skeleton file of NTU RGB+D") from error
    names = list(dict.fromkeys(name for bodies in frames for name in bodies))
    if not 0 <= person < len(names):
        raise InputError(f"{path}: person {person} was asked for; the file has {len(names)}, counted from 0")
    shape = next(bodies[names[person]].shape for bodies in frames if names[person] in bodies)
    array = np.stack([bodies.get(names[person], np.full(shape, np.nan)) for bodies in frames])
    tracks = tracks_of(array, str(path), format, person=0)
    notes = (*tracks.notes, f"person {person} of {len(names)}") if len(names) > 1 else tracks.notes
    return Tracks(tracks.joints, tracks.format, rate=RATE, notes=notes)


def _bodies(words: Iterator[str]) -> dict[str, np.ndarray]:
    """Read a frame: the joints (25, 3) of its bodies by their tracking ID."""
    out = {}
    for _ in range(int(next(words))):
        name, *_about = [next(words) for _ in range(10)]
        joints = [[float(next(words)) for _ in range(12)] for _ in range(int(next(words)))]
        out[name] = np.array(joints)[:, :3]
    return out
