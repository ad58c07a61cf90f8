"""The HTML page: one self-contained file for one or several benchmarks, from their tables and figures."""

import base64
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, get_args

import pandas as pd

from pose2imu.datasets.benchmark import Benchmark, Split, published_benchmark
from pose2imu.layout import table_folder
from pose2imu.reporting import comparisons, figures, tables
from pose2imu.reporting.paper import PaperTables, paper_tables
from pose2imu.reporting.style import Figure
from pose2imu.reporting.templates import render

MEDIA_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}

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
}


class Cell(NamedTuple):
    """A cell of the results table."""

    text: str
    best: bool
    paper: bool


class Section(NamedTuple):
    """A benchmark's part of the page."""

    protocol: Benchmark
    why: str
    groups: list[tuple[str, int]]  # the table's upper heading: text and number of columns
    headings: list[str]
    given: list[str]  # headings of what runs were given
    rows: list[tuple[str, list[str], str, str, list[Cell]]]  # name, what was given, source, number of seeds, cells
    notes: list[str]
    figures: list[tuple[Figure, str]]  # with the image as a data: URI
    paper: PaperTables | None


def section(benchmark: str, root: Path = Path()) -> Section:
    """Read what stages/report.py wrote of a benchmark."""
    folder = root / table_folder(benchmark)
    protocol = published_benchmark(benchmark, root)
    frame = tables.read_csv(folder / "table.csv")
    drawn = figures.read(folder / "figures")
    headings = [tables.HEADINGS[metric] for metric in tables.shown(frame)]
    return Section(
        protocol=protocol,
        why=PROTOCOLS.get(benchmark, ""),
        groups=[(group, len(list(columns))) for group, columns in groupby(headings, key=lambda heading: heading[0])],
        headings=[name for _, name in headings],
        given=[tables.GIVEN[column] for column in tables.given(frame)],
        rows=_rows(frame),
        notes=tables.notes(frame, protocol, comparisons.read_csv(folder / "comparisons.csv")),
        figures=[(figure, _data_uri(folder / "figures" / figure.file)) for figure in drawn],
        paper=paper_tables(protocol.dataset),
    )


def render_page(sections: Sequence[Section]) -> str:
    """Write the page as HTML."""
    return render("page.html.jinja", sections=sections, splits=get_args(Split))


def _rows(frame: pd.DataFrame) -> list[tuple[str, list[str], str, str, list[Cell]]]:
    cells, bold, given = tables.formatted(frame, seeds=False), tables.best(frame), tables.given(frame)
    rows = []
    for index, row in frame.iterrows():
        values = [Cell(cells[name][index], bold[name][index], name in tables.PAPER_METRICS) for name in cells]
        seeds = "–" if pd.isna(row["n_seeds"]) else str(row["n_seeds"])
        rows.append((str(row["row"]), list(given.loc[index]), str(row["source"]), seeds, values))
    return rows


def _data_uri(image: Path) -> str:
    return f"data:{MEDIA_TYPES[image.suffix]};base64,{base64.b64encode(image.read_bytes()).decode()}"
