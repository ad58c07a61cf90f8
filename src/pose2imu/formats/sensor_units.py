"""Units of a sensor's channels and of its clock: as they are named, and as the values tell."""

import re

import numpy as np
from scipy.constants import g
from scipy.ndimage import gaussian_filter1d

from pose2imu.errors import InputError

# How much of m/s², rad/s and seconds one is.
ACCELERATION = {"m/s2": 1.0, "g": g, "mg": g / 1000}
TURNING = {"rad/s": 1.0, "deg/s": np.pi / 180, "mdeg/s": np.pi / 180_000}
TIME = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
# Other words for them, in small letters and without spaces, as headers have them.
WORDS = {
    **dict.fromkeys(("m/s2", "m/s^2", "m/s²", "m/s/s", "ms-2", "ms^-2", "m*s^-2", "m.s-2", "mps2"), "m/s2"),
    **dict.fromkeys(("g", "gs", "gn", "g-force"), "g"),
    **dict.fromkeys(("mg", "milli-g", "millig"), "mg"),
    **dict.fromkeys(("rad/s", "rads", "rps", "rad.s-1", "rads-1", "rad/sec"), "rad/s"),
    **dict.fromkeys(("deg/s", "°/s", "dps", "degs", "deg/sec", "degrees/s"), "deg/s"),
    **dict.fromkeys(("mdps", "mdeg/s"), "mdeg/s"),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("ms", "msec", "millis", "millisecond", "milliseconds"), "ms"),
    **dict.fromkeys(("us", "µs", "μs", "usec", "micros", "microsecond", "microseconds"), "us"),
    **dict.fromkeys(("ns", "nsec", "nanos", "nanosecond", "nanoseconds"), "ns"),
}
_COUNTS = re.compile(r"(\d+(?:\.\d+)?)/(.+)")  # 16384/g: counts a unit, as a bare sensor gives

# Median magnitudes of an acceleration with gravity, which is 1 g at rest and somewhat more in motion.
MEDIANS = {"g": (0.4, 3.5), "m/s2": (4.0, 60.0), "mg": (400.0, 3500.0)}
SPAN = 0.3  # seconds; in the quietest of such spans there is little but gravity, where there is gravity
MOST_SPANS = 10_000  # are looked at, from all over a long recording
QUIETEST = 0.2  # of all spans
# Mean acceleration of the quietest spans by the median magnitude. In UTD-MHAD's clips it is 0.76 to 1 (99 %), in what
# its poses imply without gravity 0.64 at most (95 %).
LEAST_SHARE = 0.6
FAST = 15.0  # at least one in twenty samples of a limb in motion turns faster than this in deg/s, none in rad/s
FEWEST = 10
RATES = 2.0, 2000.0  # rows a second of a sensor; a factor of 1000, so that a clock's step has one unit
EPOCH = 946_684_800.0, 3_000_000_000.0  # Unix times of 2000 to 2065, in seconds


def named(word: str, of: dict[str, float], what: str) -> float:
    """Give what a unit is worth of m/s², rad/s or seconds; `16384/g` is counts a unit."""
    plain = _plain(word)
    counts = 1.0
    if match := _COUNTS.fullmatch(plain):
        counts, plain = float(match[1]), match[2]
    unit = WORDS.get(plain)
    if unit not in of or counts == 0:
        counted = "" if of is TIME else f", or counts a unit such as 16384/{list(of)[1]}"
        raise InputError(f"{what}: the unit {word!r}; expected one of {', '.join(of)}{counted}")
    return of[unit] / counts


def names_a_unit(word: str) -> bool:
    """Whether a word, with or without brackets, is a unit's name."""
    return _plain(word) in WORDS


def unit_of(word: str) -> str:
    """Give the unit that a word names."""
    return WORDS[_plain(word)]


def _plain(word: str) -> str:
    return word.strip().strip("()[]").lower().replace(" ", "")


def magnitude_of(values: np.ndarray) -> np.ndarray:
    """Give the length (samples,) of vectors (samples, 3); numpy's norm takes thrice as long on a short axis."""
    return np.sqrt(np.einsum("ij,ij->i", values, values))


def whole_rows(values: np.ndarray) -> np.ndarray:
    """Tell (samples,) which rows of (samples, channels) have all their values."""
    return np.isfinite(values.T).all(axis=0)


def share_of_gravity(acceleration: np.ndarray, rate: float) -> float:
    """Give how much of an acceleration (samples, 3) remains where it is quiet, of its median magnitude."""
    finite = acceleration[whole_rows(acceleration)]
    median = np.median(magnitude_of(finite)) if len(finite) else 0.0
    if median == 0:
        return 0.0
    width = int(min(max(round(SPAN * rate), 3), len(finite)))
    spans = finite[: len(finite) // width * width].reshape(-1, width, 3)
    spans = spans[:: max(len(spans) // MOST_SPANS, 1)]
    unrest = spans.var(axis=1).sum(axis=1)
    quietest = np.argsort(unrest)[: max(1, int(QUIETEST * len(spans)))]
    return float(np.linalg.norm(spans[quietest].mean(axis=1), axis=1).mean() / median)


def guess_acceleration(values: np.ndarray, rate: float) -> tuple[str, str]:
    """Guess the unit of an acceleration (samples, 3) and say by what; raises InputError where it can be none."""
    magnitude = magnitude_of(values)
    magnitude = magnitude[np.isfinite(magnitude)]
    if not len(magnitude):
        raise InputError("acceleration has no sample with all three axes; expected numbers")
    median = float(np.median(magnitude))
    share = share_of_gravity(values, rate)
    if share < LEAST_SHARE or median < MEDIANS["g"][0]:
        return "m/s2", (
            f"acceleration has no gravity in it (its median magnitude is {median:.3g}, and {share:.0%} of that "
            "where it is quietest), so that its unit cannot be told: taken to be m/s2"
        )
    for unit, (least, most) in MEDIANS.items():
        if least <= median < most:
            return unit, f"acceleration is in {unit}: its median magnitude is {median:.3g}, {_at_rest(unit)} at rest"
    raise InputError(
        f"acceleration has a median magnitude of {median:.3g}; expected about {_at_rest('m/s2')} (m/s2), 1 (g) or 1000 "
        "(mg): give its unit, or counts a unit such as 16384/g"
    )


def _at_rest(unit: str) -> str:
    return f"{g / ACCELERATION[unit]:.3g}"


def guess_turning(turning: np.ndarray, acceleration: np.ndarray, rate: float) -> tuple[str, str]:
    """Guess the unit of an angular velocity (samples, 3), beside an acceleration in m/s², and say by what.

    Where a sensor turns slowly, gravity turns in its axes by -ω x g; how much, in radians, is seen in the acceleration.
    """
    finite = whole_rows(turning) & whole_rows(acceleration)
    if np.count_nonzero(finite) < FEWEST:
        return "rad/s", "angular velocity has no samples to tell its unit by: taken to be rad/s"
    slope, correlation = _turn_of_gravity(turning[finite], acceleration[finite], rate)
    if correlation > 0.4 and slope > 0:
        unit = "rad/s" if slope > np.sqrt(TURNING["deg/s"]) else "deg/s"
        turn = slope / TURNING[unit]
        return unit, (
            f"angular velocity is in {unit}: gravity turns in the sensor by {turn:.2g} of what it says "
            f"(correlation {correlation:.2f})"
        )
    speed = float(np.percentile(magnitude_of(turning[finite]), 95))
    if speed > FAST:
        return "deg/s", f"angular velocity is in deg/s: one sample in twenty is above {speed:.3g}"
    return "rad/s", f"angular velocity is in rad/s: 95 % of samples are below {speed:.3g}"


def _turn_of_gravity(turning: np.ndarray, acceleration: np.ndarray, rate: float) -> tuple[float, float]:
    """Give slope and correlation of gravity's turn, as the acceleration shows it, over what the gyroscope says."""
    part = slice(0, round(600 * rate) + FEWEST)  # ten minutes tell enough
    width = 0.2 * rate
    slow, turn = (gaussian_filter1d(values[part], width, axis=0) for values in (acceleration, turning))
    length = np.linalg.norm(slow, axis=1, keepdims=True)
    direction = slow / np.where(length > 0, length, 1)
    seen = np.gradient(direction, 1 / rate, axis=0)
    said = -np.cross(turn, direction)
    still = (np.abs(length[:, 0] - g) < 0.15 * g)[:, None]  # little else than gravity
    seen, said = seen * still, said * still
    of_said, of_seen, both = (said * said).sum(), (seen * seen).sum(), (said * seen).sum()
    if of_said == 0 or of_seen == 0:
        return 0.0, 0.0
    return float(both / of_said), float(both / np.sqrt(of_said * of_seen))


def guess_time(time: np.ndarray) -> tuple[str, str]:
    """Guess the unit of a clock (samples,) and say by what; raises InputError where it can be none."""
    stamps = np.unique(time[np.isfinite(time)])
    step = float(np.median(np.diff(stamps))) if len(stamps) > 1 else np.nan
    if not step > 0:
        raise InputError("all rows have the same time; expected times that go on")
    for unit, size in TIME.items():
        if EPOCH[0] <= stamps[0] * size <= EPOCH[1] and 1 / (step * size) > RATES[0] / 10:
            return unit, f"time is in {unit} since 1970: it begins at {stamps[0]:.0f}"
    whole = np.flatnonzero(np.diff(stamps) != 1)
    if step == 1 and len(whole) <= len(stamps) / 10:
        raise InputError(
            "time goes up by 1 a row, as numbers of samples do; expected times: give their unit, or a rate"
        )
    for unit, size in TIME.items():
        if RATES[0] <= (rate := 1 / (step * size)) < RATES[1]:
            return unit, f"time is in {unit}: its median step is {step:.6g}, {rate:.4g} rows a second"
    raise InputError(
        f"time has a median step of {step:.3g}; expected s, ms, us or ns of {RATES[0]:.0f} to {RATES[1]:.0f} rows a "
        "second: give its unit, or a rate"
    )
