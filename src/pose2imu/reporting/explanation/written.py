"""explanation.csv and explanation.md: why the figures are not the paper's, as far as it can be told."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pose2imu.atomic import to_csv
from pose2imu.reporting.explanation.contrasts import contrasts
from pose2imu.reporting.paper import paper_tables
from pose2imu.reporting.templates import render

ERRORS = ("training_mse", "lowest_training_mse", "validation_mse", "test_mse")
LEVELS = ("window_f1", "clip_f1", "window_accuracy", "clip_accuracy")


def written(benchmarks: Sequence[str], root: Path = Path()) -> dict[str, str]:
    """Give the texts of explanation.csv and explanation.md."""
    frame = contrasts(benchmarks, root)
    return {"explanation.csv": to_csv(frame), "explanation.md": to_markdown(frame)}


def to_markdown(frame: pd.DataFrame) -> str:
    """Write a table for each question."""
    printed = paper_tables("utd_mhad")
    rows = printed.rows if printed else {}
    return render(
        "explanation/explanation.md.jinja",
        levels=_wide(frame[frame.question == "level and people"], LEVELS),
        gains=[
            [f"`{line['benchmark']}`", *_interval(line)] for line in frame[frame.question == "gain"].to_dict("records")
        ],
        fewer=_wide(frame[frame.question == "fewer activities"], ("all", "fewer")),
        errors=_wide(frame[frame.question == "R's MSE"], ERRORS),
        paper={row: rows[row].mse for row in ("regression_first", "joint") if row in rows},
        aligned=[_interval(line) for line in frame[frame.question == "poses aligned"].to_dict("records")],
        streams=[_quartiles(line) for line in frame[frame.question == "fit of streams"].to_dict("records")],
    )


def _wide(part: pd.DataFrame, measures: Sequence[str]) -> list[list[str]]:
    lines = []
    for (benchmark, row), of in part.groupby(["benchmark", "row"], sort=False):
        by = of.set_index("measure")
        cells = [
            f"{by.value[name]:.3f} ± {by.sd[name]:.3f} (n={by.n[name]:.0f})" if name in by.index else "–"
            for name in measures
        ]
        lines.append([f"`{benchmark}`", str(row), *cells])
    return lines


def _interval(line: dict[str, Any]) -> list[str]:
    interval = "–" if pd.isna(line["low"]) else f"{line['low']:+.3f} to {line['high']:+.3f}"
    return [line["row"], line["measure"], f"{line['value']:+.3f}", interval, f"{line['n']:.0f} {line['over']}"]


def _quartiles(line: dict[str, Any]) -> list[str]:
    numbers = [f"{line[name]:+.2f}" for name in ("low", "value", "high")]
    return [f"`{line['benchmark']}`", line["measure"].replace("_", " "), *numbers, f"{line['n']:.0f}"]
