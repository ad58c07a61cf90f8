"""A benchmark's section of the page, from what stages/report.py wrote of it."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd
from markupsafe import Markup

from pose2imu.datasets.benchmark import Benchmark, published_benchmark
from pose2imu.layout import table_folder
from pose2imu.reporting import classes, comparisons, figures, tables
from pose2imu.reporting.page import heat, scores
from pose2imu.reporting.page.effects import Effect, bar, reach, said, signed
from pose2imu.reporting.page.images import data_uri
from pose2imu.reporting.palette import look
from pose2imu.reporting.paper import PaperTables, paper_tables
from pose2imu.reporting.style import Figure

# Why each protocol is there (design.md, section 7).
PROTOCOLS = {
    "sample": "Data made by this project's simulator in MM-Fit's raw format. It shows that the pipeline runs end to "
    "end; it says nothing about people, and nothing about the paper's numbers.",
    "mm_fit_unseen": "MM-Fit's official unseen-subject test, the split the paper says it uses.",
    "mm_fit_committed": "The split in the authors' public code: three of its four test workouts are of people who are "
    "in the training workouts too.",
    "rehearsal_unseen": "MM-Fit's unseen-subject protocol on simulated workouts of its length, with few windows and "
    "few epochs. It shows that Tables III and V can be made; it says nothing about people, nor about the paper's "
    "numbers.",
    "rehearsal_committed": "The protocol of the authors' code on simulated workouts of MM-Fit's length, with few "
    "windows and few epochs. It shows that Tables III and V can be made; it says nothing about people, nor about the "
    "paper's numbers.",
    "utd_mhad_cross_subject": "The odd/even cross-subject protocol of Chen et al., the one under the published 0.672 "
    "and 0.7286; validation is taken from the odd side.",
    "utd_mhad_committed": "The split in the authors' public code.",
    "utd_mhad_random": "A diagnostic: clips are split by chance, so the same people are on both sides. Not a measure "
    "of generalisation to new people.",
    "utd_mhad_thesis": "The protocol under the authors' later figures (their public repository, January 2026): the 21 "
    "actions with the sensor on the wrist, other people in each split.",
    "utd_mhad_loso": "Each of the eight people in turn is left out of training and tested on; the next one validates.",
}


class Difference(NamedTuple):
    """The proposed method less another one, drawn and said."""

    other: str
    colour: str
    bar: Markup
    said: str
    paper: str
    n: int


class Section(NamedTuple):
    """A benchmark's part of the page."""

    protocol: Benchmark
    why: str
    frame: pd.DataFrame  # table.csv
    levels: list[scores.Level]
    differences: dict[str, list[Difference]]  # by metric, each on an axis of its own
    proposed: str
    figures: list[tuple[Figure, str]]  # with the image as a data: URI
    by_class: heat.Heat
    confusions: list[heat.Heat]
    paper: PaperTables | None


def section(benchmark: str, root: Path = Path()) -> Section:
    """Read what stages/report.py wrote of a benchmark."""
    folder = root / table_folder(benchmark)
    protocol = published_benchmark(benchmark, root)
    frame = tables.read_csv(folder / "table.csv")
    names = frame[frame["source"] == tables.OURS].set_index("method")["row"].to_dict()
    drawn = figures.read(folder / "figures")
    level = "clip" if protocol.clips else "window"
    mistaken = classes.read_confusions(folder / "confusions.csv")
    return Section(
        protocol=protocol,
        why=PROTOCOLS.get(benchmark, ""),
        frame=frame,
        levels=scores.levels(frame),
        differences=_differences(comparisons.read_csv(folder / "comparisons.csv"), names),
        proposed=names.get(comparisons.PROPOSED, ""),
        figures=[(figure, data_uri(folder / "figures" / figure.file)) for figure in drawn],
        by_class=heat.f1_heat(classes.read_f1(folder / "by_class.csv"), names, level),
        confusions=[
            heat.confusion_heat(mistaken, method, names[method], protocol.classes, level)
            for method in dict.fromkeys(mistaken["method"])
        ],
        paper=paper_tables(protocol.dataset),
    )


def _differences(frame: pd.DataFrame, names: dict[str, str]) -> dict[str, list[Difference]]:
    found: dict[str, list[Difference]] = {}
    for metric, part in frame.groupby("metric", sort=False):
        effects = [Effect(row.here, row.low, row.high, row.paper, row.n, "seeds") for row in part.itertuples()]
        most = reach(effects)
        found[str(metric)] = [
            Difference(
                names[row.other],
                look(row.other).colour,
                bar(effect, most),
                said(effect, most),
                "" if pd.isna(effect.paper) else signed(effect.paper, most),
                effect.n,
            )
            for row, effect in zip(part.itertuples(), effects, strict=True)
        ]
    return found
