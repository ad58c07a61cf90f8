"""The page's first section: the paper's claims, each with its effect here and one word."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd
from markupsafe import Markup

from pose2imu.errors import InputError
from pose2imu.layout import REPORTS
from pose2imu.reporting.page.effects import Effect, bar, reach, said, signed
from pose2imu.reporting.reading import read_table

FILE = REPORTS / "verdict.csv"
WORDS = ("reproduced", "not reproduced", "not decidable")
ONE = {"seeds": "seed", "people": "person"}  # what an interval is over, and one of them
TEXT = ("claim", "title", "where", "benchmark", "measure", "over", "verdict")
COLUMNS = [
    *("claim", "title", "where", "benchmark", "measure", "decides"),
    *("paper_effect", "effect", "low", "high", "over", "n", "p", "verdict"),
]


class Line(NamedTuple):
    """A comparison that tests a claim."""

    benchmark: str
    measure: str
    bar: Markup
    said: str
    paper: str  # empty where the paper has no figure
    how: str  # over what, and how many
    p: str
    verdict: str


class Claim(NamedTuple):
    """A claim: the comparison that stands for it, how many of all say what, and all of them."""

    key: str
    title: str
    first: Line
    tally: str
    lines: list[Line]


def claims(root: Path = Path()) -> list[Claim]:
    """Read the claims, in the order of the file; none where there is no verdict yet."""
    path = root / FILE
    if not path.is_file():
        return []
    frame = read_table(path, COLUMNS, TEXT)
    for column in (*TEXT, "effect", "n"):
        if frame[column].isna().any():
            raise InputError(f"{path}: {column} is empty in a row; expected a value")
    for column, words in (("verdict", WORDS), ("over", tuple(ONE))):
        if unknown := set(frame[column]) - set(words):
            raise InputError(f"{path}: {column} has {sorted(unknown)[0]!r}; expected {', '.join(words)}")
    most = {name: reach(_effect(row) for _, row in part.iterrows()) for name, part in frame.groupby("measure")}
    return [_claim(str(key), part, most) for key, part in frame.groupby("claim", sort=False)]


def _claim(key: str, part: pd.DataFrame, most: dict[object, float]) -> Claim:
    lines = [_line(row, most[row["measure"]]) for _, row in part.iterrows()]
    first = int(part["decides"].to_numpy().argmax())
    counts = part["verdict"].value_counts()
    tally = ", ".join(f"{counts[word]} {word}" for word in WORDS if word in counts)
    return Claim(key, str(part["title"].iloc[0]), lines[first], tally, lines)


def _effect(row: pd.Series) -> Effect:
    value, low, high, paper = (float(row[name]) for name in ("effect", "low", "high", "paper_effect"))
    return Effect(value, low, high, paper, int(row["n"]), str(row["over"]))


def _line(row: pd.Series, most: float) -> Line:
    effect = _effect(row)
    return Line(
        benchmark=row["benchmark"],
        measure=row["measure"],
        bar=bar(effect, most),
        said=said(effect, most),
        paper="" if pd.isna(effect.paper) else signed(effect.paper, most),
        how=f"{effect.n} {effect.over if effect.n != 1 else ONE[effect.over]}",
        p="" if pd.isna(row["p"]) else ("p < 0.001" if row["p"] < 0.001 else f"p = {row['p']:.3f}"),
        verdict=row["verdict"],
    )
