"""What is wrong with a stream's clock: rate, jitter, rows of one time, steps back, gaps."""

import numpy as np

from pose2imu.datasets.recording import FEW, FEW_SHARE, FEWEST_ROWS, RATES, STEP_BACK
from pose2imu.inspection.report import Finding, Severity

OK, ODD, WRONG = Severity.OK, Severity.ODD, Severity.WRONG
SHORTEST = 2.0  # seconds: UTD-MHAD's shortest clip has 2.14
MOST_JITTER = 0.25  # of a step: half of what nine steps in ten differ by
GAP_STEPS = 3.5  # of these no row is a gap
LONGEST_GAP = 1.0  # seconds: what resampling bridges (params.yaml, max_gap)
MOST_LOST = 0.05  # of the time


def usual_step(time: np.ndarray) -> float:
    """Give the median step, in seconds, between times (samples,) that differ; NaN where none do."""
    stamps = np.unique(time)
    return float(np.median(np.diff(stamps))) if len(stamps) > 1 else float("nan")


def gaps(time: np.ndarray) -> np.ndarray:
    """Give beginnings and ends (gaps, 2), seconds, of stretches without a row."""
    stamps = np.unique(time)
    steps = np.diff(stamps)
    if not len(steps):
        return np.empty((0, 2))
    at = np.flatnonzero(steps > GAP_STEPS * np.median(steps))
    return np.stack([stamps[at], stamps[at + 1]], axis=1)


def check_clock(time: np.ndarray, what: str = "rows") -> list[Finding]:
    """Look at a stream's times (samples,) in seconds."""
    stamps = np.unique(time)
    if len(stamps) < FEWEST_ROWS:
        return [Finding(WRONG, "length", f"{len(time)} {what} of {len(stamps)} times; expected {FEWEST_ROWS} at least")]
    span, steps = float(stamps[-1] - stamps[0]), np.diff(stamps)
    step = float(np.median(steps))
    findings = [
        Finding(ODD if span < SHORTEST else OK, "length", f"{len(time)} {what} over {span:.1f} s"),
        _rate(1 / step, len(time), span),
    ]
    near = steps[steps <= GAP_STEPS * step]
    low, high = np.percentile(near, [5, 95])
    jitter = float(high - low) / 2 / step
    findings.append(
        Finding(
            ODD if jitter > MOST_JITTER else OK,
            "jitter",
            f"nine steps in ten are of {1000 * low:.3g} to {1000 * high:.3g} ms",
        )
    )
    return [*findings, *_repeated(time, len(stamps)), *_back(time), *_lost(time, span)]


def _rate(rate: float, rows: int, span: float) -> Finding:
    evidence = f"{rate:.4g} a second by the median step, {(rows - 1) / span:.4g} over the whole"
    if not RATES[0] <= rate <= RATES[1]:
        return Finding(
            WRONG, "rate", f"{evidence}; expected {RATES[0]:.0f} to {RATES[1]:.0f}: is time in another unit?"
        )
    return Finding(OK, "rate", evidence)


def _repeated(time: np.ndarray, stamps: int) -> list[Finding]:
    repeated = len(time) - stamps
    if not repeated:
        return []
    packets = repeated > max(FEW_SHARE * len(time), FEW)
    evidence = f"{repeated} of {len(time)} rows have the time of another"
    return [
        Finding(WRONG if packets else ODD, "duplicates", f"{evidence}: rows come in packets" if packets else evidence)
    ]


def _back(time: np.ndarray) -> list[Finding]:
    steps = np.diff(time)
    back = steps < 0
    if not back.any():
        return []
    furthest = -float(steps.min())
    row = int(np.argmin(steps)) + 1
    bad = furthest > STEP_BACK or np.count_nonzero(back) > max(FEW_SHARE * len(time), FEW)
    evidence = f"time goes back {np.count_nonzero(back)} times, by {furthest:.3g} s at most, in row {row + 1}"
    return [Finding(WRONG if bad else ODD, "steps back", evidence)]


def _lost(time: np.ndarray, span: float) -> list[Finding]:
    found = gaps(time)
    if not len(found):
        return [Finding(OK, "gaps", "none")]
    length = found[:, 1] - found[:, 0]
    longest = int(np.argmax(length))
    bad = length[longest] > LONGEST_GAP or length.sum() > MOST_LOST * span
    evidence = (
        f"{len(length)} gap{'s' if len(length) > 1 else ''} of {length.sum():.3g} s in all, "
        f"{length[longest]:.3g} s the longest, {found[longest, 0] - time.min():.3g} s after the beginning"
    )
    return [Finding(WRONG if bad else ODD, "gaps", evidence)]
