"""Three figures of one method: the paper's, the authors' later ones, and this pipeline's on the later protocol."""

from functools import cache
from importlib.resources import files
from pathlib import Path

import pandas as pd
import yaml

from pose2imu.layout import breakdown_folder
from pose2imu.method_params import Strict
from pose2imu.recipes import load_runs
from pose2imu.reporting.breakdown.people import ALL, read_people
from pose2imu.reporting.paper import paper_tables

COLUMNS = ["dataset", "row", "name", "paper", "paper_sd", "later", "later_sd", "here", "here_sd", "n"]


class LaterRow(Strict):
    """Macro-F1 of windows over seeds, and its standard deviation."""

    f1: float
    f1_sd: float


class Later(Strict):
    """What is reported of a dataset, and the benchmark that follows its protocol here."""

    protocol: str
    benchmark: str
    rows: dict[str, LaterRow]


@cache
def later_figures() -> dict[str, Later]:
    """Read later.yaml, by dataset."""
    text = files("pose2imu.reporting.verdict").joinpath("later.yaml").read_text(encoding="utf-8")
    return {dataset: Later.model_validate(raw) for dataset, raw in yaml.safe_load(text).items()}


def side_by_side(root: Path = Path()) -> pd.DataFrame:
    """Make a line for each dataset and row that one of the three has; what is not known is empty."""
    lines = []
    for dataset, later in later_figures().items():
        printed = paper_tables(dataset)
        path = root / breakdown_folder(later.benchmark) / "people.csv"
        found, names = pd.DataFrame(), dict[str, str]()
        if path.is_file():
            frame = read_people(path)
            found = frame[frame.subject == ALL].groupby("row", sort=False).window_f1.agg(["mean", "std", "count"])
            names = load_runs(later.benchmark, root).names
        for row in dict.fromkeys([*found.index, *later.rows]):
            paper = printed.rows.get(row) if printed else None
            then = later.rows.get(row)
            here = found.loc[row].tolist() if row in found.index else [None, None, None]
            name = names.get(row) or (paper.row if paper else row)
            of_paper = (paper.f1, paper.f1_sd) if paper else (None, None)
            of_later = (then.f1, then.f1_sd) if then else (None, None)
            lines.append((dataset, row, name, *of_paper, *of_later, *here))
    return pd.DataFrame(lines, columns=COLUMNS)
