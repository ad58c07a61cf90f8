"""How much of the real signals' high frequencies the generated ones have: what the paper reads off Fig. 3."""

import numpy as np
import pandas as pd

FROM = 3.0  # Hz; below, arms are moved on purpose


def high_frequency(signals: pd.DataFrame, rate: float) -> float:
    """Compute the share of the real signals' power from 3 Hz up that the generated ones have at the same frequencies.

    `signals` has the columns recording, start, axis, real and generated, one row per sample; `rate` is in Hz. Power
    beyond the real one at a frequency counts for nothing: between 0 and 1, summed over windows and axes.
    """
    there = covered = 0.0
    for _, window in signals.groupby(["recording", "start", "axis"], sort=False):
        high = np.fft.rfftfreq(len(window), 1 / rate) >= FROM
        real, generated = (
            np.abs(np.fft.rfft(window[name].to_numpy(dtype=np.float64)))[high] ** 2 for name in ("real", "generated")
        )
        there, covered = there + float(real.sum()), covered + float(np.minimum(real, generated).sum())
    return covered / there if there > 0 else float("nan")
