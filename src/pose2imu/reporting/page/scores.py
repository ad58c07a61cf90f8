"""A benchmark's table.csv as narrow tables, one a level, each with the rows that have a score of it."""

from typing import NamedTuple

import pandas as pd

from pose2imu.reporting import tables
from pose2imu.reporting.palette import look


class Cell(NamedTuple):
    """A cell: mean, standard deviation, whether it is the best of ours, whether the paper prints it."""

    mean: str
    sd: str
    best: bool
    paper: bool


class Line(NamedTuple):
    """A row: its key in params.yaml, its name, what it was given, its colour and its cells."""

    key: str
    name: str
    given: str
    colour: str
    ours: bool
    cells: list[Cell]


class Level(NamedTuple):
    """A table."""

    title: str
    headings: list[tuple[str, bool]]  # with whether the column is the paper's
    lines: list[Line]


# Title, our columns, the paper's columns, and the level at which the paper's rows must be.
LEVELS = [
    ("Windows", ["window_f1", "window_accuracy"], ["paper_f1", "paper_accuracy"], "window"),
    ("Whole clips", ["clip_f1", "clip_accuracy"], ["paper_f1", "paper_accuracy"], "clip"),
    ("Generated acceleration", ["mse"], ["paper_mse"], "window"),
]


def levels(frame: pd.DataFrame) -> list[Level]:
    """Split a table; a level that no row of ours has is left out, and so is a column without a value."""
    return [level for about in LEVELS if (level := _level(frame, *about))]


def _level(frame: pd.DataFrame, title: str, ours: list[str], paper: list[str], level: str) -> Level | None:
    printed = frame[paper].where(frame["paper_level"] == level)
    there = frame[ours].notna().any(axis=1) | printed.notna().any(axis=1)
    if not frame[ours].notna().any(axis=None):
        return None
    columns = [*ours, *(column for column in paper if printed[column].notna().any())]
    bold = tables.best(frame)
    lines = []
    for index, row in frame[there].iterrows():
        cells = [
            Cell("–", "", best=False, paper=column in paper)
            if column in paper and pd.isna(printed.loc[index, column])
            else _cell(row, column, bool(bold.loc[index, column]), column in paper)
            for column in columns
        ]
        is_ours = row["source"] == tables.OURS
        given = _given(row, frame) if is_ours else str(row["source"])
        lines.append(Line(str(row["method"]), str(row["row"]), given, look(row["method"]).colour, is_ours, cells))
    headings = [(tables.HEADINGS[column][1], column in paper) for column in columns]
    return Level(title, headings, lines)


def _cell(row: pd.Series, column: str, best: bool, paper: bool) -> Cell:
    if pd.isna(row[column]):
        return Cell("–", "", best=False, paper=paper)
    mark = "*" if paper and row["paper_source"] == tables.SOURCES["quoted"] else ""
    decimals, sd = 4 if paper else 3, row[f"{column}_sd"]
    return Cell(f"{row[column]:.{decimals}f}{mark}", "" if pd.isna(sd) else f"± {sd:.{decimals}f}", best, paper)


def _given(row: pd.Series, frame: pd.DataFrame) -> str:
    """Say how many seeds it had, and what it had that is not the same for all rows: other axes, more people."""
    parts = [f"n = {row['n_seeds']}"]
    if row["axes"] != frame["axes"].mode()[0]:
        parts.append(f"{row['axes']} axes")
    if more := more_people(row, frame):
        parts.append(f"trained on {' '.join(more)} too")
    return " · ".join(parts)


def more_people(row: pd.Series, frame: pd.DataFrame) -> list[str]:
    """Name the people that a row was trained on, and those of the row with the fewest were not."""
    of_all = [str(people).split() for people in frame["trained_on"].dropna()]
    fewest = min(of_all, key=len, default=[])
    return [person for person in str(row["trained_on"]).split() if person not in fewest]
