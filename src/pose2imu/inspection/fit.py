"""How well poses and a sensor fit: which limb, and at what lag."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import gaussian_filter1d

from pose2imu.errors import InputError
from pose2imu.formats.sensor_units import magnitude_of
from pose2imu.formats.streams import PLACES, Inertial, Poses
from pose2imu.inspection.report import Finding, Severity
from pose2imu.interpolation import interpolate
from pose2imu.preprocessing.alignment import SMOOTH, FitOfStreams, fit_of_streams, implied_magnitude

OK, ODD, WRONG = Severity.OK, Severity.ODD, Severity.WRONG
RATE = 50.0  # Hz of the clock that both are brought to: limbs move slower than 10 Hz
KNOTS = 0.1  # seconds between knots of the spline through poses (params.yaml, imutube)
LONGEST = 600.0  # seconds that are compared, the liveliest of a recording: they tell enough
SHORTEST = 1.0
OVERLAP = 0.5  # of the shorter stream that both must have in common, to be on one clock
# Correlations of magnitudes: of UTD-MHAD's clips half have 0.80 or more at their best lag, those of another activity
# less than 0.5.
GOOD, POOR = 0.5, 0.3
BETTER, MUCH_BETTER = 0.1, 0.2  # by which another limb must fit better to be named, and to be the one
LONG = 10.0  # seconds: in less another limb may well fit better by chance
STILL = 0.3  # m/s²: the standard deviation below which there is nothing to compare
SMALL_LAG = 0.1  # seconds


@dataclass(frozen=True)
class Fit:
    """Poses and sensor on one clock."""

    place: str  # the one asked for, or the one that fits best
    time: np.ndarray  # (n,) seconds, from the beginning of what was compared
    measured: np.ndarray  # (n,) m/s²: the magnitude that the sensor measured
    implied: np.ndarray  # (n,) m/s²: the one that poses imply at that place, not moved
    lag: float  # seconds by which the sensor comes after the poses
    places: dict[str, FitOfStreams]  # all that the poses have; lags in samples of RATE
    same_clock: bool  # else both were begun at 0

    @property
    def correlation(self) -> float:
        """At the best lag."""
        return self.places[self.place].shifted


def fit_poses(recording: Inertial, poses: Poses, place: str | None = None, reach: float = 1.0) -> Fit:
    """Compare what a sensor measured with what poses imply, at lags of up to `reach` seconds.

    Raises InputError for a place that is none, that the poses lack joints of, and for streams that are too short.
    """
    require_place(place)
    time, acceleration = _clean(recording.time, recording.acceleration, recording.name)
    if not len(poses.time):
        raise InputError(f"{poses.name}: no frames; expected poses of the time of {recording.name}")
    (begin, end), same_clock = _common(time, poses.time)
    offset = 0.0 if same_clock else float(poses.time[0] - time[0])
    if end - begin < SHORTEST:
        raise InputError(
            f"{recording.name}: {max(end - begin, 0):.2g} s in common with its poses; expected {SHORTEST:.0f}"
        )
    grid = np.arange(begin, end, 1 / RATE)
    measured = magnitude_of(interpolate(grid, time, acceleration))
    part = _liveliest(measured)
    grid = grid[part]
    measured = gaussian_filter1d(measured[part], SMOOTH * RATE)
    implied = {name: _implied(poses, name, grid + offset) for name in ([place] if place else [])}
    for name in PLACES:
        if name not in implied and all(joint in poses.joints for joint in (*PLACES[name].limb, "neck", "mid_hip")):
            try:
                implied[name] = _implied(poses, name, grid + offset)
            except InputError:
                continue  # a limb that is not seen is none that fits better
    if not implied:
        raise InputError(f"{poses.name}: no limb has all its joints, neck and mid-hip; expected one at least")
    try:
        places = {name: fit_of_streams(measured, of, round(reach * RATE)) for name, of in implied.items()}
    except ValueError as error:
        raise InputError(f"{recording.name}: cannot be compared with its poses: {error}") from error
    chosen = place or max(places, key=lambda name: places[name].shifted)
    return Fit(chosen, grid - grid[0], measured, implied[chosen], places[chosen].lag / RATE, places, same_clock)


def require_place(place: str | None) -> None:
    """Raise InputError for a place where no sensor is worn; None passes."""
    if place is not None and place not in PLACES:
        raise InputError(f"a place {place!r}; expected one of {', '.join(PLACES)}")


def _clean(time: np.ndarray, values: np.ndarray, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Give rows in order of time, one a time, without those that lack a value."""
    whole = np.isfinite(values).all(axis=tuple(range(1, values.ndim)))
    time, first = np.unique(time[whole], return_index=True)
    if len(time) < 2:
        raise InputError(f"{name}: {len(time)} whole rows; expected 2 at least")
    return time, values[whole][first]


def _common(sensor: np.ndarray, camera: np.ndarray) -> tuple[tuple[float, float], bool]:
    """Give the span that both have, on the sensor's clock; where clocks differ, both begin together."""
    begin, end = max(sensor[0], camera[0]), min(sensor[-1], camera[-1])
    shorter = min(sensor[-1] - sensor[0], camera[-1] - camera[0])
    if end - begin >= OVERLAP * shorter:
        return (float(begin), float(end)), True
    return (float(sensor[0]), float(sensor[0] + shorter)), False


def _liveliest(magnitude: np.ndarray) -> slice:
    """The part of a recording that moves most, LONGEST seconds of it."""
    length = int(LONGEST * RATE)
    if len(magnitude) <= length:
        return slice(None)
    parts = magnitude[: len(magnitude) // length * length].reshape(-1, length)
    start = int(np.argmax(parts.std(axis=1))) * length
    return slice(start, start + length)


def _implied(poses: Poses, name: str, moments: np.ndarray) -> np.ndarray:
    """Give the magnitude (moments,) in m/s² that poses imply at a place, smoothed as the measured one."""
    place = PLACES[name]
    near = slice(*np.searchsorted(poses.time, [moments[0] - 1, moments[-1] + 1]))
    part = replace(poses, time=poses.time[near], joints={joint: at[near] for joint, at in poses.joints.items()})
    time, joints = _clean(part.time, part.limb(place), f"{poses.name}: {name}")
    joints = interpolate(moments, time, joints)
    try:
        with np.errstate(invalid="ignore", over="ignore"):
            magnitude = implied_magnitude(joints, place.near_bone, 2, place.along, RATE, KNOTS)
    except ValueError as error:
        raise InputError(f"{poses.name}: no acceleration can be told from it: {error}") from error
    if not np.isfinite(magnitude).all():
        raise InputError(f"{poses.name}: the limb of {name} has no length; expected joints of a body")
    return gaussian_filter1d(magnitude, SMOOTH * RATE)


def findings_of(fit: Fit, place: str | None, reach: float) -> list[Finding]:
    """Say how well poses and sensor fit at `place`, or at the best one where none was asked for."""
    findings = []
    if not fit.same_clock:
        findings.append(Finding(ODD, "clocks", "sensor and poses have no time in common: both are begun at 0"))
    measured, implied = float(fit.measured.std()), float(fit.implied.std())
    if min(measured, implied) < STILL:
        evidence = f"too little moves at {fit.place} to tell: standard deviations are {measured:.2g} m/s² measured"
        findings.append(Finding(ODD, "fit", f"{evidence} and {implied:.2g} implied"))
        # A limb that is still while the sensor moves is not the one that wears it.
        return [*findings, _limb(fit, place)] if place and measured >= STILL else findings
    found = fit.places[fit.place]
    severity = OK if found.shifted >= GOOD else ODD if found.shifted >= POOR else WRONG
    evidence = f"magnitudes at {fit.place} correlate at {found.unshifted:.2f}, {found.shifted:.2f} at the best lag"
    findings.append(Finding(severity, "fit", evidence))
    if found.shifted >= POOR:
        at_end = abs(fit.lag) > reach - 1.5 / RATE
        evidence = f"the sensor is {abs(fit.lag):.2f} s {'behind' if fit.lag >= 0 else 'ahead of'} the poses"
        evidence += f", as far as was looked ({reach:g} s)" if at_end else ""
        findings.append(Finding(ODD if abs(fit.lag) > SMALL_LAG else OK, "lag", evidence))
    findings.append(_limb(fit, place))
    return findings


def _limb(fit: Fit, place: str | None) -> Finding:
    order = sorted(fit.places, key=lambda name: -fit.places[name].shifted)
    said = ", ".join(f"{name} {fit.places[name].shifted:.2f}" for name in order[:4])
    if place is None:
        return Finding(OK, "limb", f"the best fit is at {order[0]}: {said}")
    others = [name for name in order if PLACES[name].limb != PLACES[place].limb]
    best = others[0] if others else place
    if fit.places[best].shifted < fit.places[place].shifted + BETTER or fit.places[best].shifted < GOOD:
        return Finding(OK, "limb", f"no other fits better: {said}")
    ahead = fit.places[best].shifted - fit.places[place].shifted
    severity = WRONG if ahead > MUCH_BETTER and len(fit.time) > LONG * RATE else ODD
    return Finding(severity, "limb", f"{best} fits better than {place}: {said}; {place} {fit.correlation:.2f}")
