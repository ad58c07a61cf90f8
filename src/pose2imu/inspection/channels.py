"""What is wrong with a sensor's values: missing, held, constant, clipped, without gravity, in another unit."""

import numpy as np
from scipy.constants import g

from pose2imu.datasets.recording import LARGEST, USUAL
from pose2imu.formats.sensor_units import LEAST_SHARE, magnitude_of, share_of_gravity, whole_rows
from pose2imu.inspection.report import Finding, Severity

OK, ODD, WRONG = Severity.OK, Severity.ODD, Severity.WRONG
MOST_MISSING = 0.05
STILL = 0.05  # m/s²: the standard deviation of a magnitude in which nothing moves
HELD = 0.5  # seconds for which no sensor repeats one value on all axes, unless it is stuck
# Steps between a sensor's values, m/s² and rad/s, from which on its noise at rest may be less than one.
COARSE = {"acceleration": 0.01, "angular velocity": 0.002}
MOST_HELD = 0.1  # of all samples
REPEATED = 0.3  # of all samples are as the one before: a lower rate was filled up
# A sensor's range ends beyond these, m/s² and rad/s: ±1.5 g and ±250 °/s are the least that there are.
RANGES_FROM = {"acceleration": 13.0, "angular velocity": 4.0}
RANGES = {"acceleration": (g * np.array([1.5, 2, 3, 4, 6, 8, 16, 32]), g, "g")}
RANGES["angular velocity"] = (np.deg2rad([250, 500, 1000, 2000, 4000]), np.pi / 180, "°/s")
BAND = 0.05  # of the range: in it below a limit there are more samples than at it, unless it is one
FEWEST_CLIPPED, FEW_CLIPPED = 5, 0.001  # samples; a share
OFF = 0.5  # m/s² by which gravity may differ from g where the sensor is at rest
DRIFT = 0.1  # rad/s that a gyroscope at rest may show
MIXED = 6.5, 15.0  # times, about 9.8; or a hundred times that, where the other unit is mg
PART, PARTS = 2.0, 20  # seconds at least and how many at most, to look for units that change on the way


def check_channels(acceleration: np.ndarray, turning: np.ndarray | None, rate: float) -> list[Finding]:
    """Look at acceleration (samples, 3) in m/s² and angular velocity (samples, 3) in rad/s, if any."""
    findings = []
    for values, what in ((acceleration, "acceleration"), (turning, "angular velocity")):
        if values is None:
            continue
        findings += _missing(values, what)
        whole = values[whole_rows(values)]
        if len(whole) < FEWEST_CLIPPED:
            continue
        beyond = (np.abs(whole.T) > LARGEST[what.replace(" ", "_")]).any(axis=0)
        if beyond.any():
            limit = LARGEST[what.replace(" ", "_")]
            evidence = f"{what} is beyond {limit:.0f} in {np.count_nonzero(beyond)} samples, which no sensor gives"
            findings.append(Finding(WRONG, "range", evidence))
            whole = whole[~beyond]
        if len(whole) < FEWEST_CLIPPED:
            continue
        findings += [*_constant(whole, what), *_held(whole, what, rate), *_clipped(whole, what)]
        findings += _gravity(whole, rate) if what == "acceleration" else []
    if turning is not None:
        findings += _drift(acceleration, turning, rate)
    return findings


def _missing(values: np.ndarray, what: str) -> list[Finding]:
    lost = ~whole_rows(values)
    if not lost.any():
        return []
    count = np.count_nonzero(lost)
    evidence = f"{what} lacks a value in {count} of {len(lost)} rows"
    return [Finding(WRONG if count > MOST_MISSING * len(lost) else ODD, "missing", evidence)]


def _constant(values: np.ndarray, what: str) -> list[Finding]:
    findings = [
        Finding(WRONG, "constant", f"{what}'s {axis} never changes from {channel[0]:.4g}")
        for axis, channel in zip("xyz", values.T, strict=True)
        if channel.min() == channel.max()
    ]
    if what == "acceleration" and not findings and (spread := magnitude_of(values).std()) < STILL:
        findings = [Finding(ODD, "still", f"nothing moves: the magnitude's standard deviation is {spread:.2g} m/s²")]
    return findings


def _held(values: np.ndarray, what: str, rate: float) -> list[Finding]:
    """Samples that repeat the one before on all axes: a sensor that is stuck, or a lower rate filled up."""
    same = np.concatenate([[False], (np.diff(values.T, axis=1) == 0).all(axis=0)])
    if np.count_nonzero(same) == len(same) - 1:
        return []  # constant, which is said elsewhere
    same &= ~_rests(values, what)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
    begin, length = edges[::2], edges[1::2] - edges[::2]
    stuck = length >= max(HELD * rate, 10)
    if stuck.any():
        share = length[stuck].sum() / len(same)
        evidence = (
            f"{what} keeps one value {np.count_nonzero(stuck)} times for {HELD} s or more, {share:.1%} of all; first "
            f"from row {begin[stuck][0]}"
        )
        return [Finding(WRONG if share > MOST_HELD else ODD, "flat lines", evidence)]
    if (share := np.count_nonzero(same) / len(same)) > REPEATED:
        evidence = (
            f"{what} repeats the value before in {share:.0%} of rows: new ones come {rate * (1 - share):.3g} a second"
        )
        return [Finding(ODD, "repeated", evidence)]
    return []


def _rests(values: np.ndarray, what: str) -> np.ndarray:
    """Tell (samples,) where a sensor of few bits may repeat a value because it does not move."""
    steps = [np.diff(np.unique(channel)) for channel in values.T]
    step = max((float(of[of > 1e-9].min(initial=np.inf)) for of in steps), default=np.inf)
    if not COARSE[what] <= step < np.inf:
        return np.zeros(len(values), bool)
    at_rest, off = (g, OFF) if what == "acceleration" else (0.0, DRIFT)
    return np.abs(magnitude_of(values) - at_rest) < off + 2 * step


def _clipped(values: np.ndarray, what: str) -> list[Finding]:
    found = []
    for axis, channel in zip("xyz", values.T, strict=True):
        levels = np.unique(channel)
        if len(levels) < 3:
            continue
        band = max(BAND * (levels[-1] - levels[0]), 3 * np.diff(levels).min())
        for limit, sign in ((levels[-1], 1), (levels[0], -1)):
            if sign * limit < RANGES_FROM[what]:
                continue
            at = np.count_nonzero(channel == limit)
            below = np.count_nonzero(sign * channel > sign * limit - band) - at
            if at >= FEWEST_CLIPPED and at > below:
                found.append((at, axis, limit))
    if not found:
        return []
    at, axis, limit = max(found)
    ends, unit, name = RANGES[what]
    nearest = ends[np.argmin(np.abs(ends - abs(limit)))]
    likely = f" (its range is ±{nearest / unit:.3g} {name})" if abs(abs(limit) - nearest) < 0.03 * nearest else ""
    evidence = f"{what}'s {axis} is {limit:.4g}, its extreme, in {at} samples{likely}"
    if len(found) > 1:
        evidence += f", and {len(found) - 1} more such"
    return [Finding(WRONG if at > FEW_CLIPPED * len(values) else ODD, "clipped", evidence)]


def _gravity(values: np.ndarray, rate: float) -> list[Finding]:
    magnitude = magnitude_of(values)
    median, share = float(np.median(magnitude)), share_of_gravity(values, rate)
    evidence = f"the median magnitude is {median:.3g} m/s², {share:.0%} of it where it is quietest"
    if mixed := _changing(values, magnitude, rate):
        return mixed
    if median < USUAL[0] or share < LEAST_SHARE:
        return [Finding(WRONG, "gravity", f"{evidence}: gravity is not in it, or it is in another unit")]
    if median > USUAL[1]:
        return [Finding(WRONG, "unit", f"the median magnitude is {median:.3g}; expected about 9.8 m/s²")]
    return [Finding(OK, "gravity", evidence), *_at_rest(values, rate), _vertical(values)]


def _changing(values: np.ndarray, magnitude: np.ndarray, rate: float) -> list[Finding]:
    """A unit that changes on the way, as where files in g and in m/s² were joined."""
    parts = int(np.clip(len(magnitude) / rate / PART, 1, PARTS))
    of_part = np.arange(len(magnitude)) * parts // len(magnitude)
    medians = np.array([np.median(magnitude[of_part == part]) for part in range(parts)])
    usual = np.median(medians)
    ratio = np.maximum(medians, usual) / np.maximum(np.minimum(medians, usual), 1e-9)
    other = ((ratio > MIXED[0]) & (ratio < MIXED[1])) | ((ratio > 100 * MIXED[0]) & (ratio < 100 * MIXED[1]))
    # Without gravity, rest and motion may differ as much.
    if not other.any() or min(share_of_gravity(values[other[of_part] == of], rate) for of in (0, 1)) < LEAST_SHARE:
        return []
    evidence = (
        f"the median magnitude is {usual:.3g} m/s² but {np.median(medians[other]):.3g} in {other.mean():.0%} of the "
        "recording: are units mixed?"
    )
    return [Finding(WRONG, "unit", evidence)]


def _at_rest(values: np.ndarray, rate: float) -> list[Finding]:
    rest = _resting(values, rate)
    if rest is None:
        return []
    length = float(np.median(magnitude_of(values[rest])))
    evidence = f"{length:.2f} m/s² at rest; expected {g:.2f}"
    return [Finding(ODD if abs(length - g) > OFF else OK, "calibration", evidence)]


def _resting(values: np.ndarray, rate: float) -> np.ndarray | None:
    """Give the rows of spans of half a second in which an acceleration (samples, 3) hardly changes; None for none."""
    width = max(round(rate / 2), 5)
    count = len(values) // width
    spans = values[: count * width].reshape(count, width, 3)
    still = np.flatnonzero(spans.std(axis=1).max(axis=1) < 4 * STILL) if count else np.empty(0, int)
    return (still[:, None] * width + np.arange(width)).ravel() if len(still) else None


def _vertical(values: np.ndarray) -> Finding:
    mean = values.mean(axis=0)
    length = float(np.linalg.norm(mean))
    axis = int(np.argmax(np.abs(mean)))
    if length < 0.5 * magnitude_of(values).mean():
        return Finding(OK, "vertical axis", "none: the sensor turns too much for a mean direction of gravity")
    angle = np.degrees(np.arccos(min(abs(mean[axis]) / length, 1.0)))
    direction = f"{'-' if mean[axis] < 0 else ''}{'xyz'[axis]}"
    return Finding(OK, "vertical axis", f"{direction} points up on average, {angle:.0f}° off")


def _drift(acceleration: np.ndarray, turning: np.ndarray, rate: float) -> list[Finding]:
    whole = whole_rows(acceleration) & whole_rows(turning)
    rest = _resting(acceleration[whole], rate)
    if rest is None:
        return []
    offset = np.abs(np.median(turning[whole][rest], axis=0)).max()
    evidence = f"angular velocity is {offset:.2g} rad/s at rest; expected 0"
    return [Finding(ODD if offset > DRIFT else OK, "gyroscope at rest", evidence)]
