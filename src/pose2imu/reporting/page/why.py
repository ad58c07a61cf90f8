"""The page's section on what might explain the difference from the paper, from reports/explanation.csv."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd
from markupsafe import Markup

from pose2imu.layout import REPORTS, existing
from pose2imu.reporting.page.effects import Effect, bar, reach, said
from pose2imu.reporting.page.images import data_uri
from pose2imu.reporting.page.verdict import ONE
from pose2imu.reporting.paper import paper_tables
from pose2imu.reporting.reading import read_table

FILE, FIGURE = REPORTS / "explanation.csv", REPORTS / "loss_weights.svg"
TEXT = ("question", "benchmark", "row", "measure", "over")
ROW, REGRESSOR = "joint", "regressor"
ERRORS = {"lowest_training_mse": "lowest, training", "training_mse": "training", "test_mse": "test"}
FITS = {"unshifted": "as they lie", "shifted": "at the best lag", "other_shifted": "with another activity's poses"}


class Gain(NamedTuple):
    """What training together adds on a benchmark, over seeds or over people."""

    benchmark: str
    bar: Markup
    said: str
    how: str


class Why(NamedTuple):
    """What the section shows."""

    gains: list[Gain]
    errors: list[tuple[str, str, list[str]]]  # benchmark, R of what, its errors
    printed: list[str]  # the paper's errors
    fits: list[tuple[str, str]]  # how, and the median correlation
    figure: str  # curves over the loss's weights, as a data: URI


def why(root: Path = Path()) -> Why | None:
    """Read the explanation's table and figure; None where there is none yet."""
    path = root / FILE
    if not path.is_file():
        return None
    frame = read_table(path, [*TEXT, "value", "low", "high", "n"], TEXT)
    gains = frame[(frame.question == "gain") & (frame.row == ROW)]
    effects = [_effect(line) for _, line in gains.iterrows()]
    most = reach(effects)
    errors = frame[(frame.question == "R's MSE") & frame.row.isin([REGRESSOR, ROW])]
    fits = frame[frame.question == "fit of streams"].set_index("measure").value
    printed = paper_tables("utd_mhad")
    return Why(
        gains=[
            Gain(str(name), bar(effect, most), said(effect, most), f"{effect.n} {_plural(effect)}")
            for name, effect in zip(gains.benchmark, effects, strict=True)
        ],
        errors=[
            (str(name), str(row), _cells(part))
            for (name, row), part in errors.groupby(["benchmark", "row"], sort=False)
        ],
        printed=[f"{printed.rows[row].mse:.3f}" for row in ("regression_first", ROW)] if printed else [],
        fits=[(words, f"{fits[name]:.2f}") for name, words in FITS.items() if name in fits],
        figure=data_uri(existing(root / FIGURE)),
    )


def _effect(line: pd.Series) -> Effect:
    value, low, high = (float(line[name]) for name in ("value", "low", "high"))
    return Effect(value, low, high, float("nan"), int(line["n"]), str(line["over"]))


def _plural(effect: Effect) -> str:
    return effect.over if effect.n != 1 else ONE[effect.over]


def _cells(part: pd.DataFrame) -> list[str]:
    value = part.set_index("measure").value
    return [f"{value[name]:.2f}" if name in value else "–" for name in ERRORS]
