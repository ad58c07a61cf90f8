"""The page's section on the best methods: whole clips, over all benchmarks of real clips."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from pose2imu.reporting import tables
from pose2imu.reporting.comparisons import PROPOSED
from pose2imu.reporting.page.benchmark import Section
from pose2imu.reporting.page.scores import more_people
from pose2imu.reporting.palette import look

METRIC = "clip_accuracy"


class Best(NamedTuple):
    """A method: its name and colour, whether it is the proposed one, and its accuracy by benchmark, marked."""

    name: str
    colour: str
    proposed: bool
    cells: list[str]


def best(sections: Sequence[Section]) -> tuple[list[str], list[Best]]:
    """Rank the methods by accuracy of whole clips, the mean over benchmarks; those that not every benchmark has, last.

    Returns the benchmarks and the methods. A `+` marks a row that had more people to train on than others.
    """
    real = [section for section in sections if not section.protocol.synthetic and section.frame[METRIC].notna().any()]
    of = {section.protocol.benchmark: section.frame.set_index("method") for section in real}
    if not of:
        return [], []
    ours = {name: frame[frame["source"] == tables.OURS] for name, frame in of.items()}
    accuracy = pd.DataFrame({name: frame[METRIC] for name, frame in ours.items()}).dropna(how="all")
    accuracy = accuracy.assign(missing=accuracy.isna().sum(axis=1), mean=accuracy.mean(axis=1))
    ranked = accuracy.sort_values(["missing", "mean"], ascending=[True, False], kind="stable")
    names = {method: row for frame in reversed(ours.values()) for method, row in frame["row"].items()}
    return list(of), [
        Best(
            str(names[method]),
            look(str(method)).colour,
            method == PROPOSED,
            [_cell(ours[name], str(method)) for name in of],
        )
        for method in ranked.index
    ]


def _cell(frame: pd.DataFrame, method: str) -> str:
    if method not in frame.index or pd.isna(frame.loc[method, METRIC]):
        return "–"
    row = frame.loc[method]
    return f"{row[METRIC]:.3f}" + ("+" if more_people(row, frame) else "")
