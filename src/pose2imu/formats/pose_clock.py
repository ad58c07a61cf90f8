"""When the frames of a file of poses were taken: its own times in whatever unit, or so many a second."""

import re

import numpy as np

from pose2imu.errors import InputError

# Seconds of a unit of time, the likeliest first; a unit fits where it gives so many frames a second.
UNITS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
RATES = 2.0, 1000.0
NAMED = {"s": "s", "sec": "s", "secs": "s", "seconds": "s", "ms": "ms", "us": "us", "ns": "ns"}
FEW_DUPLICATES = 0.5  # share of frames


def frame_times(
    time: np.ndarray | None, name: str, file_rate: float | None, frames: int, of: str, rate: float | None
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Settle the times (kept,) s of frames, which frames are kept, and notes.

    `time`, called `name`, is what the file has, `file_rate` the rate that it states, `rate` what the user says.
    """
    for value, what in ((rate, "--pose-rate"), (file_rate, "the file's rate")):
        if value is not None and not (np.isfinite(value) and value > 0):
            raise InputError(f"{of}: {what} is {value:g}; expected frames a second, above 0")
    numbers = time is not None and "frame" in name.lower()
    if rate is not None and not numbers:
        return np.arange(frames) / rate, np.arange(frames), [f"rate {rate:g} Hz: as said"]
    if time is not None and not numbers:
        return _own_times(time, name, of)
    chosen = rate if rate is not None else file_rate
    if chosen is None:
        found = f"frame numbers in {name}, and no times" if numbers else "no times of frames"
        raise InputError(f"{of}: {found}; expected --pose-rate, frames a second")
    said = f"rate {chosen:g} Hz: " + ("as said" if rate is not None else "of the file")
    if time is None:
        return np.arange(frames) / chosen, np.arange(frames), [said]
    seconds = (time - time[np.isfinite(time)][:1].sum()) / chosen
    kept, notes = _increasing(seconds, name, of)
    return seconds[kept], kept, [said, *notes]


def _own_times(time: np.ndarray, name: str, of: str) -> tuple[np.ndarray, np.ndarray, list[str]]:
    if time.dtype.kind == "M":
        seconds = np.where(np.isnat(time), np.nan, time.astype("datetime64[ns]").astype(np.int64) / 1e9)
        kept, notes = _increasing(seconds, name, of)
        return seconds[kept], kept, [f"times are dates in {name}", *notes]
    time = np.asarray(time, dtype=np.float64)
    kept, notes = _increasing(time, name, of)
    step = float(np.median(np.diff(time[kept])))
    words = re.findall(r"[a-z]+", name.lower())
    stated = NAMED.get(words[-1]) if words else None
    fitting = [unit for unit, length in UNITS.items() if RATES[0] <= 1 / (step * length) <= RATES[1]]
    if stated:
        unit, evidence = stated, f"column {name}"
    elif fitting:
        unit, evidence = fitting[0], f"a median step of {step:.6g} in {name}"
    else:
        raise InputError(
            f"{of}: a median step of {step:.6g} in {name}, which gives {RATES[0]:.0f} to {RATES[1]:.0f} frames "
            f"a second in none of {', '.join(UNITS)}; expected times, or --pose-rate"
        )
    seconds = time[kept] * UNITS[unit]
    return seconds, kept, [f"times in {unit}, {1 / (step * UNITS[unit]):.4g} Hz: {evidence}", *notes]


def _increasing(time: np.ndarray, name: str, of: str) -> tuple[np.ndarray, list[str]]:
    """Find the frames to keep: those with a time, once each. Raises InputError where the clock steps back."""
    notes = []
    kept = np.flatnonzero(np.isfinite(time))
    if len(kept) < len(time):
        notes.append(f"{len(time) - len(kept)} frames have no time: left out")
    if len(kept) < 2:
        raise InputError(f"{of}: {len(kept)} frames with a time in {name}; expected at least 2")
    steps = np.diff(time[kept])
    if (steps < 0).any():
        row = int(kept[np.flatnonzero(steps < 0)[0] + 1])
        raise InputError(f"{of}: {name} steps back at frame {row}, to {time[row]:.10g}; expected increasing times")
    if repeated := np.count_nonzero(steps == 0):
        if repeated > FEW_DUPLICATES * len(kept):
            raise InputError(
                f"{of}: {name} repeats itself in {repeated} of {len(kept)} frames; expected a time for each frame"
            )
        notes.append(f"{repeated} frames repeat the time of the one before: left out")
        kept = kept[np.append(True, steps > 0)]
    return kept, notes
