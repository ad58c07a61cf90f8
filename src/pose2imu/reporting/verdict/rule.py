"""The rule of claims.yaml: one word of an interval."""

from typing import Literal

from pose2imu.reporting.verdict.effects import Effect

Word = Literal["reproduced", "not reproduced", "not decidable"]


def word(effect: Effect, higher: bool, paper: float | None, margin: float | None = None) -> Word:
    """Judge an interval; `paper`: its effect, None where it prints none; `higher`: the side that is claimed."""
    if effect.low != effect.low:  # no interval
        return "not decidable"
    # Turned so that what is claimed is above 0.
    low, high = (effect.low, effect.high) if higher else (-effect.high, -effect.low)
    if margin is not None:
        return "reproduced" if low > -margin else "not reproduced" if high < -margin else "not decidable"
    claimed = 0.0 if paper is None else (paper if higher else -paper)
    if high < max(claimed, 0.0):
        return "not reproduced"
    return "reproduced" if low > 0 else "not decidable"
