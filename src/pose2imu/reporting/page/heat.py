"""Scores by class, and confusions, as tables whose cells are coloured: real text at any width, in either theme."""

from typing import NamedTuple

import pandas as pd

from pose2imu.reporting.tables import STARTS

DARK_FROM = 55  # percent: from here on a cell's text is white


class Heat(NamedTuple):
    """A coloured table of whole percents; None where there is no value, which is not 0."""

    title: str
    caption: str
    columns: list[str]
    rows: list[tuple[str, list[int | None]]]


def f1_heat(frame: pd.DataFrame, names: dict[str, str], level: str) -> Heat:
    """Make the heat map of all rows' F1 by class: a line a class, a column a row of the results."""
    percent = frame.assign(percent=(100 * frame["f1"]).round()).pivot_table(
        index="class", columns="method", values="percent", sort=False, dropna=False
    )
    order = list(dict.fromkeys(frame["class"]))
    methods = [method for method in names if method in percent]
    caption = (
        f"Percent, mean over seeds, of test {level}s. A class is a line, a method a column, in the tables' order; "
        "the deeper the colour, the higher. Empty: not among the test data."
    )
    rows = [(_readable(name), _whole(percent.loc[name, methods])) for name in order]
    return Heat("F1 by class and method", caption, [_without_start(names[method]) for method in methods], rows)


def confusion_heat(frame: pd.DataFrame, method: str, name: str, classes: list[str], level: str) -> Heat:
    """Make one method's confusion matrix: a line a true class, a column a predicted one, both in the same order."""
    of = frame[frame["method"] == method]
    table = of.pivot_table(index="true", columns="predicted", values="percent").reindex(index=classes, columns=classes)
    seeds = int(of["n_seeds"].iloc[0])
    caption = (
        f"Percent of each true class's test {level}s (a line), by what they were taken for (a column, numbered as the "
        f"lines are), {f'over {seeds} seeds' if seeds > 1 else 'one seed'}. Numbers under 1 are left out."
    )
    rows = [
        (f"{number} {_readable(true)}", [value or None for value in _whole(table.loc[true])])
        for number, true in enumerate(classes, 1)
    ]
    return Heat(f"Confusions of {name}", caption, [str(number + 1) for number in range(len(classes))], rows)


def _without_start(name: str) -> str:
    """Leave out of a row's name how its network started."""
    for start in STARTS.values():
        name = name.removesuffix(start)
    return name


def _whole(values: pd.Series) -> list[int | None]:
    return [None if pd.isna(value) else round(value) for value in values]


def _readable(name: str) -> str:
    return name.replace("_", " ")
