"""The page's section on scarce labels: what poses are worth, from the tables of reports/scarce."""

import json
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from markupsafe import Markup

from pose2imu.errors import InputError
from pose2imu.layout import REPORTS, SCARCE, existing
from pose2imu.recipes import load_scarce_runs
from pose2imu.reporting.page.effects import Effect, bar, reach, said
from pose2imu.reporting.page.images import data_uri
from pose2imu.reporting.palette import look
from pose2imu.reporting.reading import read_table

FOLDER = REPORTS / SCARCE
NUMBERS = ["labelled_clips", "n", "accuracy", "accuracy_sd", "difference", "low", "high", "people_low", "people_high"]
TEXT = ("row", "scenario", "level")
REAL, OURS, FEWEST = "strong_cnn", "synthetic_clips", "one_a_class"


class Line(NamedTuple):
    """A row or a level of a table: what it is, accuracies, and the difference that poses make, drawn and said."""

    name: str
    colour: str
    n: int
    accuracies: list[str]
    bar: Markup
    said: str


class Scarce(NamedTuple):
    """What the section shows."""

    sentence: str
    figure: str  # as a data: URI
    fewest: str  # how many labelled clips there are at the lowest level
    levels: list[Line]  # real clips alone and with synthetic ones, by level
    rows: list[Line]  # all rows at the lowest level
    names: dict[str, str]


def scarce(root: Path = Path()) -> Scarce | None:
    """Read the experiment's table and figure; None where it was never run."""
    path = root / FOLDER / "table.csv"
    if not path.is_file():
        return None
    frame = read_table(path, [*TEXT, *NUMBERS], TEXT)
    frame = frame[frame["scenario"] == "clips"]
    names = load_scarce_runs(root).names
    if unknown := set(frame["row"]) - {*names, "oracle"}:
        raise InputError(f"{path}: row has {sorted(unknown)[0]!r}; expected a row of params.yaml's scarce.rows")
    accuracy = frame.set_index(["level", "row"])["accuracy"]
    ours, least = frame[frame["row"] == OURS], frame[(frame["level"] == FEWEST) & frame["row"].isin(names)]
    most_levels, most_rows = (reach(_effect(row) for _, row in part.iterrows()) for part in (ours, least))
    return Scarce(
        sentence=_sentence(root / FOLDER / "worth.json"),
        figure=data_uri(existing(root / FOLDER / "figures" / "curve.svg")),
        fewest=f"{least['labelled_clips'].iloc[0]:g}" if len(least) else "",
        levels=[
            _line(f"{row['labelled_clips']:g} clips", row, most_levels, accuracy[row["level"], REAL])
            for _, row in ours.iterrows()
        ],
        rows=[_line(names[row["row"]], row, most_rows) for _, row in least.iterrows()],
        names=names,
    )


def _sentence(path: Path) -> str:
    try:
        return str(json.loads(existing(path).read_text(encoding="utf-8"))["sentence"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: expected the scarce stage's sentence ({error})") from error


def _effect(row: pd.Series) -> Effect:
    value, low, high = (float(row[name]) for name in ("difference", "low", "high"))
    return Effect(value, low, high, float("nan"), int(row["n"]), "seeds")


def _line(name: str, row: pd.Series, most: float, *before: float) -> Line:
    effect, accuracies = _effect(row), [f"{value:.3f}" for value in (*before, row["accuracy"])]
    compared = not pd.isna(effect.value)
    drawn, text = (bar(effect, most), said(effect, most)) if compared else (Markup(), "")
    return Line(name, look(row["row"]).colour, effect.n, accuracies, drawn, text)
