"""Joints as functions of time: splines through the frames of a limb, whose derivatives are exact for smooth motion."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.interpolate import BSpline, make_interp_spline, make_lsq_spline

from pose2imu.errors import InputError
from pose2imu.formats.streams import Place, Poses

DEGREE = 5  # so that the second derivative is smooth
FEWEST = DEGREE + 1  # frames
LONGEST_GAP = 0.5  # seconds without a frame that are interpolated, and at least so many frames
LONGEST_GAP_FRAMES = 2.5
SHORTEST_BONE = 0.001  # metres: where tracking is lost, joints fall on one point
PIECE, OVERLAP = 20_000, 60  # frames fitted at a time; and knots on either side, beyond which a spline feels nothing


class Stretch(NamedTuple):
    """Frames of a limb without a long gap."""

    frames: np.ndarray  # (frames,) which of the poses they are
    time: np.ndarray  # (frames,) seconds


class Piece(NamedTuple):
    """A part of a stretch, frames `start` to `stop`, as a spline (…, 3, 3) that is good from the one to the other."""

    start: int
    stop: int
    spline: BSpline


def stretches(poses: Poses, place: Place) -> tuple[list[Stretch], list[str]]:
    """Part a limb's frames at gaps too long to be interpolated; returns them and notes.

    Raises InputError for a limb that is not there, has no length, or too few frames.
    """
    if missing := [name for name in place.limb if name not in poses.joints]:
        raise InputError(
            f"{poses.name}: no {', '.join(missing)} among its joints; a sensor at {place.name} needs "
            f"{', '.join(place.limb)}"
        )
    for name in place.limb:
        if not np.isfinite(poses.joints[name]).all(axis=1).any():
            raise InputError(f"{poses.name}: {name} is NaN in all {len(poses.time)} frames; expected positions")
    good = np.ones(len(poses.time), dtype=bool)
    for near, far in pairwise(place.limb):
        length = np.linalg.norm(poses.joints[far] - poses.joints[near], axis=1)
        known = np.isfinite(length)
        if known.any() and not np.median(length[known]) > SHORTEST_BONE:
            raise InputError(f"{poses.name}: {near} and {far} are at one place; expected a bone between them")
        good &= known & (length > SHORTEST_BONE)
    good = np.flatnonzero(good)
    if len(good) < FEWEST:
        raise InputError(
            f"{poses.name}: {len(good)} of {len(poses.time)} frames have all of {', '.join(place.limb)}; expected at "
            f"least {FEWEST}"
        )
    return _parted(poses, good)


def _parted(poses: Poses, good: np.ndarray) -> tuple[list[Stretch], list[str]]:
    time = poses.time[good]
    step = float(np.median(np.diff(time)))
    longest = max(LONGEST_GAP, LONGEST_GAP_FRAMES * step)
    parts = np.split(good, np.flatnonzero(np.diff(time) > longest) + 1)
    kept = [part for part in parts if len(part) >= FEWEST]
    notes = []
    if missing := len(poses.time) - len(good):
        notes.append(f"{missing} of {len(poses.time)} frames lack a joint of the limb")
    if gaps := int((np.diff(time) > 1.5 * step).sum()) - (len(parts) - 1):
        notes.append(f"{gaps} gaps of up to {longest:.2g} s: interpolated")
    if len(parts) > 1:
        notes.append(f"{len(parts) - 1} gaps of over {longest:.2g} s: NaN there")
    if not kept:
        raise InputError(f"{poses.name}: no {FEWEST} frames without a gap of {longest:.2g} s; expected longer poses")
    return [Stretch(part, poses.time[part]) for part in kept], notes


def pieces(poses: Poses, place: Place, stretch: Stretch, smoothing: float) -> Iterator[Piece]:
    """Fit splines to a limb, piece by piece: with a knot every `smoothing` seconds, or through every frame.

    Knots are frames, so that gaps have none. Pieces overlap, and are where they are good as one spline would be.
    """
    frames, time = stretch
    every = max(round(smoothing / float(np.median(np.diff(time)))), 1) if smoothing > 0 else 1
    size, overlap = PIECE // every * every, OVERLAP * every
    for start in range(0, len(time), size):
        stop = min(start + size, len(time))
        if len(time) - stop < overlap:  # a short rest goes with the piece before it
            stop = len(time)
        low, high = max(start - overlap, 0), min(stop + overlap, len(time))
        yield Piece(start, stop, _fitted(time[low:high], _joints(poses, place, frames[low:high]), every))
        if stop == len(time):
            return


def _joints(poses: Poses, place: Place, frames: np.ndarray) -> np.ndarray:
    """Give a limb (frames, 3, 3) in some frames: near joint, middle, far one."""
    return np.stack([poses.joints[name][frames] for name in place.limb], axis=1)


def _fitted(time: np.ndarray, joints: np.ndarray, every: int) -> BSpline:
    # At the ends a spline is held from one side alone, and noise is worst: the first knots are twice as far.
    knots = time[2 * every : len(time) - 2 * every : every]
    # About the beginning and the middle: what is far from zero is rounded more.
    start, middle = time[0], joints.mean(axis=(0, 1))
    if every == 1 or len(knots) + FEWEST > len(time):
        spline = make_interp_spline(time - start, joints - middle, k=DEGREE)
    else:
        ends = [np.zeros(FEWEST), np.full(FEWEST, time[-1] - start)]
        all_knots = np.concatenate([ends[0], knots - start, ends[1]])
        # The normal equations are well conditioned here, and many times as fast as QR.
        spline = make_lsq_spline(time - start, joints - middle, all_knots, k=DEGREE, method="norm-eq")
    return BSpline(spline.t + start, spline.c + middle, DEGREE)
