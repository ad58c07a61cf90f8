"""The one type that every dataset's reader returns: a recording as its archive has it, cleaned of nothing yet.

And what is asked of one: that its arrays fit, that its values can be a body's and a sensor's, that its clock runs.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from pose2imu.errors import InputError

# Order of the joints axis of every joints array. In leg actions of UTD-MHAD the first three are hip, knee and ankle.
JOINTS = ("shoulder", "elbow", "wrist", "neck", "mid_hip")
LIMB, NECK, MID_HIP = slice(0, 3), 3, 4

FEWEST_ROWS = 10  # of a stream; UTD-MHAD's shortest clip has 107 samples and 41 frames
LARGEST_LABEL = 126  # labels are kept in eight bits
# Where a frame has a limb or torso outside, in metres, its joints are no pose. UTD-MHAD's are 0.011 to 0.64.
BONES, BONE_LENGTHS = ([0, 1, NECK], [1, 2, MID_HIP]), (0.001, 10.0)
# What no worn sensor gives: m/s² (UTD-MHAD reaches 105) and rad/s (17.5; a range of 2000 °/s is 35).
LARGEST = {"acceleration": 2000.0, "angular_velocity": 200.0}
# The usual magnitude of an acceleration with gravity, m/s²: its median is 9.3 to 14.2 in UTD-MHAD's clips and 10.1 to
# 10.5 in simulated workouts; in units of g it would be 1.4 at most, in m/s² times 9.8 at least 92.
USUAL = 4.0, 40.0
# Rows a second: UTD-MHAD has 50 and, of poses, 10.9 to 20.9; MM-Fit 103 and 30.
RATES = 1.0, 2000.0
# Rows that repeat a stamp are few up to this share of all, or this many: in MM-Fit they are 0.4 %.
FEW_SHARE, FEW = 0.05, 10
LONGEST_PACKET = 5.0  # seconds between stamps that many rows share
STEP_BACK = 1.0  # seconds: what is less is jitter
MOST_STEPS = 10
MINGLED = 8  # changes from rows before a step back to rows after it, in order of time; late rows make two


@dataclass(frozen=True)
class RawRecording:
    """One recording, its two streams on their own clocks.

    Times are seconds on one clock shared by both streams; they may repeat, jitter and have gaps, and values may be NaN:
    `preprocessing.resample` deals with that.
    """

    name: str  # "w00", or "a1_s1_t1"
    subject: str  # "P0", or "s1"
    acceleration_time: np.ndarray  # (samples,) seconds
    acceleration: np.ndarray  # (samples, 3) m/s², with gravity
    label: np.ndarray  # (samples,) class index at each acceleration sample
    joints_time: np.ndarray  # (frames,) seconds
    joints: np.ndarray  # (frames, 5, 3) metres, in the order of JOINTS
    angular_velocity: np.ndarray | None = None  # (samples, 3) rad/s at acceleration_time, where the sensor has it


class Clock(NamedTuple):
    """The times of a stream's rows as they are to be read."""

    time: np.ndarray  # (rows,) seconds
    stretches: list[slice]  # of rows; more than one where the clock was set back
    packets: list[str]  # a note, where rows were spread
    steps: list[str]  # a note for each step back


def check(recording: RawRecording, classes: int | None = None) -> None:
    """Refuse, by InputError, arrays that do not fit each other or the type, and labels that are no class index.

    `classes` is how many there are, where that is known.
    """
    name = recording.name
    samples, frames = (np.shape(time)[:1] for time in (recording.acceleration_time, recording.joints_time))
    expected = {
        "acceleration_time": samples or ("samples",),
        "joints_time": frames or ("frames",),
        "acceleration": (*samples, 3),
        "angular_velocity": (*samples, 3),
        "label": samples,
        "joints": (*frames, len(JOINTS), 3),
    }
    for field, shape in expected.items():
        array = getattr(recording, field)
        if array is None and field == "angular_velocity":
            continue
        found = np.asarray(array)
        if found.shape != shape or found.dtype.kind not in "fiu":
            raise InputError(
                f"{name}: {field} is {found.dtype} of shape {found.shape}; expected real numbers of shape {shape}"
            )
        if len(found) < FEWEST_ROWS:
            raise InputError(f"{name}: {field} has {len(found)} rows; expected at least {FEWEST_ROWS}")
    most = LARGEST_LABEL if classes is None else classes - 1
    label = recording.label
    wrong = np.flatnonzero(~((label >= 0) & (label <= most) & (label == np.floor(label))))
    if len(wrong):
        raise InputError(
            f"{name}: label {label[wrong[0]]} at sample {wrong[0]}; expected whole numbers from 0 to {most}, of classes"
        )


def plausible(recording: RawRecording) -> tuple[RawRecording, list[str]]:
    """The recording with NaN where values can be no sensor's or body's, and notes of what was odd.

    Raises InputError where nothing would be left of acceleration or joints; an angular velocity may be lost whole.
    """
    changes: dict[str, Any] = {}
    notes: list[str] = []
    for field, values in (("acceleration", recording.acceleration), ("angular_velocity", recording.angular_velocity)):
        if values is None:
            continue
        try:
            kept, found = _sensible(values, field.replace("_", " "), LARGEST[field])
        except InputError as error:
            if field == "acceleration":
                raise InputError(f"{recording.name}: {error}") from error
            kept, found = np.full(values.shape, np.nan), [f"{error}: it is taken as missing"]
        changes[field] = kept
        notes += found
    magnitude = np.linalg.norm(changes["acceleration"], axis=1)
    magnitude = magnitude[np.isfinite(magnitude)]
    if len(magnitude) and not USUAL[0] <= (usual := np.median(magnitude)) <= USUAL[1]:
        notes.append(
            f"acceleration has a median magnitude of {usual:.3g}; expected about 9.8, m/s² with gravity: is it in "
            "another unit?"
        )
    changes["joints"], found = _poses(recording)
    return replace(recording, **changes), notes + found


def _sensible(values: np.ndarray, what: str, largest: float) -> tuple[np.ndarray, list[str]]:
    """A sensor's values (samples, 3) with NaN in rows that reach beyond `largest`; those without a value pass."""
    whole = np.isfinite(values).all(axis=1)
    beyond = whole & (np.abs(values) > largest).any(axis=1)
    count, of = np.count_nonzero(beyond), np.count_nonzero(whole)
    reach = f"{what} is beyond {largest:.0f} in {count} of {of} rows, which no sensor gives"
    if 2 * count > of:
        raise InputError(reach)
    kept = np.where(beyond[:, None], np.nan, values) if count else values
    for axis, channel in enumerate(kept[whole & ~beyond].T):
        if len(channel) > 1 and channel.min() == channel.max():
            raise InputError(f"{what}'s channel {axis} never changes from {channel[0]:.6g}")
    return kept, [f"{reach}: taken as missing"] if count else []


def _poses(recording: RawRecording) -> tuple[np.ndarray, list[str]]:
    """Joints with NaN in frames that are no pose: where tracking is lost, joints fall on one point."""
    joints = recording.joints
    near, far = BONES
    length = np.linalg.norm(joints[:, near] - joints[:, far], axis=2)
    whole = np.isfinite(joints).all(axis=(1, 2))
    lost = whole & ((length < BONE_LENGTHS[0]) | (length > BONE_LENGTHS[1])).any(axis=1)
    count, of = np.count_nonzero(lost), np.count_nonzero(whole)
    if not count:
        return joints, []
    found = f"{count} of {of} frames are no poses, with limbs and torso of {BONE_LENGTHS[0]} to {BONE_LENGTHS[1]:.0f} m"
    if of - count < 2:
        raise InputError(f"{recording.name}: joints: {found}")
    return np.where(lost[:, None, None], np.nan, joints), [f"joints: {found}: they are taken as missing"]


def read_clock(time: np.ndarray, of: str, what: str) -> Clock:
    """Read the clock of a stream's rows (rows,), in seconds and in the order recorded; a row of NaN has no time.

    Rows are in stretches between steps back of the clock. Where they come in packets that share a stamp, they are
    spread evenly over the time to the next stamp; few duplicates are left as they are. Raises InputError for a clock
    that gives no believable rate, as one in another unit does.
    """
    time, packets, steps = np.array(time, dtype=np.float64), [], []
    try:
        stretches = _stretches(time)
        packed, shared = 0, 0
        for rows in stretches:
            finite = rows.start + np.flatnonzero(np.isfinite(time[rows]))
            stamps = len(np.unique(time[finite]))
            if len(finite) - stamps > max(FEW_SHARE * len(finite), FEW):
                time[finite] = _spread(time[finite])
                packed, shared = packed + len(finite), shared + stamps
        if packed:
            packets.append(f"{what}: {packed} rows share {shared} times: they are spread evenly between these")
        between = np.concatenate([np.diff(np.unique(time[rows][np.isfinite(time[rows])])) for rows in stretches])
        if len(between) and not RATES[0] <= (rate := 1 / np.median(between)) <= RATES[1]:
            expected = f"{RATES[0]:.0f} to {RATES[1]:.0f}: are the times in another unit?"
            raise InputError(f"{rate:.3g} rows a second by their times; expected {expected}")
    except InputError as error:
        raise InputError(f"{of}: {what}: {error}") from error
    for before, rows in pairwise(stretches):
        back = np.nanmax(time[before]) - time[rows.start]
        steps.append(f"{what}: the clock steps back by {back:.1f} s at row {rows.start}: a new stretch begins there")
    return Clock(time, stretches, packets, steps)


def _stretches(time: np.ndarray) -> list[slice]:
    """The rows between steps back of the clock.

    These are told from late rows, which fill a gap: after a step the clock gives times that rows before have too, or
    none that adjoin them.
    """
    starts = [0]
    known = np.flatnonzero(np.isfinite(time))
    for row in known[1:][np.diff(time[known]) < -STEP_BACK]:
        before, after = time[starts[-1] : row], time[row:]
        apart = np.nanmax(after) < np.nanmin(before) - STEP_BACK
        before, after = before[before >= time[row]], after[after <= np.nanmax(before)]
        order = np.argsort(np.concatenate([before, after]), kind="stable")
        if apart or np.count_nonzero(np.diff(order >= len(before))) > MINGLED:
            starts.append(int(row))
        if len(starts) > MOST_STEPS + 1:
            raise InputError(f"the clock steps back over {MOST_STEPS} times; expected rows in order of time")
    return [slice(start, stop) for start, stop in zip(starts, [*starts[1:], len(time)], strict=True)]


def _spread(time: np.ndarray) -> np.ndarray:
    """Times (rows,) of packets that share a stamp, spread evenly over the time to the next stamp.

    A packet with too few rows for that keeps to the usual rate: before a gap it begins at its stamp; at the beginning
    and after a gap it ends at the next one.
    """
    stamp, packet, count = np.unique(time, return_inverse=True, return_counts=True)
    step = np.diff(stamp)
    if not len(step) or np.median(step) > LONGEST_PACKET:
        apart = f", {np.median(step):.0f} s apart" if len(step) else ""
        raise InputError(
            f"{len(time)} rows share {len(stamp)} times{apart}; expected finer times: are they of float32?"
        )
    width = np.median(step / count[:-1]) * count
    short = np.append(step > 1.5 * width[:-1], True)
    late = short & (count > 1) & np.append(True, short[:-1])
    late[-1] = False
    begin = stamp + np.where(late, np.append(step, 0.0) - width, 0.0)
    width = np.where(short, width, np.append(step, 0.0))
    order = np.argsort(packet, kind="stable")
    place = np.empty(len(time))
    place[order] = np.arange(len(time)) - np.repeat(np.cumsum(count) - count, count)
    return begin[packet] + place / count[packet] * width[packet]
