"""A difference as numbers and as a bar: its interval, the zero line, and the paper's difference as a mark."""

import math
from collections.abc import Iterable
from typing import NamedTuple

from markupsafe import Markup

WIDTH, HEIGHT, MARGIN = 200, 20, 8  # of a bar, in units of its own


class Effect(NamedTuple):
    """A difference; what is not known is NaN."""

    value: float
    low: float
    high: float
    paper: float
    n: int
    over: str  # seeds or people

    def numbers(self) -> list[float]:
        """Give what must fit on the axis."""
        return [number for number in (self.value, self.low, self.high, self.paper) if not math.isnan(number)]


def reach(effects: Iterable[Effect]) -> float:
    """Give how far an axis that has all of these must reach on either side of zero."""
    return max((abs(number) for effect in effects for number in effect.numbers()), default=1.0) or 1.0


def bar(effect: Effect, most: float) -> Markup:
    """Draw it on an axis from -most to +most; colours come from the page's style sheet."""

    def x(value: float) -> str:
        return f"{WIDTH / 2 + value / most * (WIDTH / 2 - MARGIN):.1f}"

    middle = HEIGHT / 2
    parts = [f'<path class="zero" d="M{x(0)} 0V{HEIGHT}"/>']
    if not math.isnan(effect.paper):
        diamond = f'transform="translate({x(effect.paper)} {middle:g})" d="M-5 0L0 -6L5 0L0 6Z"'
        parts.append(f'<path class="printed" {diamond}/>')
    if not math.isnan(effect.low):
        parts.append(f'<path class="span" d="M{x(effect.low)} {middle:g}H{x(effect.high)}"/>')
    parts.append(f'<circle class="dot" cx="{x(effect.value)}" cy="{middle:g}" r="4"/>')
    label = said(effect, most)
    head = f'<svg class="effect" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">'
    return Markup(head + "".join(parts) + "</svg>")


def said(effect: Effect, most: float) -> str:
    """Write it as `+0.022 (−0.004 to +0.049)`; small axes have three decimals, others one."""
    interval = "" if math.isnan(effect.low) else f" ({signed(effect.low, most)} to {signed(effect.high, most)})"
    return signed(effect.value, most) + interval


def signed(value: float, most: float) -> str:
    """Write a number with its sign, a real minus, and as many decimals as its axis deserves."""
    return f"{value:+.{3 if most < 2 else 1}f}".replace("-", "−")
