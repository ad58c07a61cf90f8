"""The paper's printed values: paper.yaml, validated."""

from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

from pose2imu.method_params import Strict


class PaperRow(Strict):
    """A row of Tables III-VI; what the paper leaves empty is None."""

    row: str
    f1: float | None = None
    f1_sd: float | None = None
    accuracy: float | None = None
    accuracy_sd: float | None = None
    mse: float | None = None
    mse_sd: float | None = None
    source: Literal["paper", "quoted"] = "paper"
    level: Literal["window", "clip"] = "window"


class PaperTables(Strict):
    """The numbers of the two tables (scores, mse), their rows by method, and what else is known of them."""

    tables: dict[Literal["scores", "mse"], str]
    rows: dict[str, PaperRow]
    facts: list[str]


@cache
def paper_tables(dataset: str) -> PaperTables | None:
    """Read what the paper prints for a dataset; None for one it does not have, such as the synthetic sample."""
    text = files("pose2imu.reporting").joinpath("paper.yaml").read_text(encoding="utf-8")
    raw = yaml.safe_load(text).get(dataset)
    return None if raw is None else PaperTables.model_validate(raw)
