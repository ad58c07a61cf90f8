"""verdict.csv and verdict.md: what holds of the paper, in one table and in words."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pose2imu.atomic import to_csv
from pose2imu.reporting.templates import render
from pose2imu.reporting.verdict.claims import load_claims
from pose2imu.reporting.verdict.later import later_figures, side_by_side
from pose2imu.reporting.verdict.table import SCARCE, table

WORDS = ("reproduced", "not reproduced", "not decidable")
HEADLINE = ("joint_over_baseline", "scarce_synthetic_clips")  # the paper's main claim, and its promise


def written(benchmarks: Sequence[str], root: Path = Path()) -> dict[str, str]:
    """Give the texts of verdict.csv and verdict.md."""
    frame = table(benchmarks, root)
    return {"verdict.csv": to_csv(frame), "verdict.md": to_markdown(frame, side_by_side(root))}


def to_markdown(frame: pd.DataFrame, later: pd.DataFrame) -> str:
    """Write the headline, the claims with one word each, all intervals, the rule, and the authors' later figures."""
    deciding = frame[frame.decides]
    return render(
        "verdict/verdict.md.jinja",
        headline=headline(frame),
        deciding=[_cells(line) for line in deciding.to_dict("records")],
        everything=[_cells(line) for line in frame.to_dict("records")],
        rule=load_claims().rule,
        later=[_later(line) for line in later.to_dict("records")],
        protocols={dataset: of.protocol for dataset, of in later_figures().items()},
    )


def headline(frame: pd.DataFrame) -> str:
    """Say in three sentences what holds: counts of words, the main claim, and the promise on scarce labels."""
    deciding = frame[frame.decides]
    paper = deciding[deciding.benchmark != SCARCE]
    counts = [f"{int((paper.verdict == word).sum())} {word}" for word in WORDS]
    first = f"Of the paper's {len(paper)} claims that can be judged here, {', '.join(counts[:-1])} and {counts[-1]}."
    return " ".join([first, *(_sentence(line) for line in deciding[deciding.claim.isin(HEADLINE)].to_dict("records"))])


def _sentence(line: dict[str, Any]) -> str:
    where = "" if line["benchmark"] == SCARCE else f", `{line['benchmark']}`"
    paper = "" if pd.isna(line["paper_effect"]) else f"; the paper: {line['paper_effect']:+.3f}"
    return (
        f"{line['title']}: {line['verdict']} ({line['measure']} {line['effect']:+.3f}, 95 % interval over "
        f"{line['n']} {line['over']} {line['low']:+.3f} to {line['high']:+.3f}{paper}{where})."
    )


def _cells(line: dict[str, Any]) -> dict[str, str]:
    interval = "" if pd.isna(line["low"]) else f"{line['low']:+.3f} to {line['high']:+.3f}"
    return {
        **{key: str(line[key]) for key in ("title", "where", "benchmark", "measure", "verdict")},
        "paper": "–" if pd.isna(line["paper_effect"]) else f"{line['paper_effect']:+.3f}",
        "effect": f"{line['effect']:+.3f}",
        "interval": interval,
        "over": f"{line['n']} {line['over']}",
        "p": "–" if pd.isna(line["p"]) else f"{line['p']:.2g}",
    }


def _later(line: dict[str, Any]) -> dict[str, str]:
    def value(key: str, decimals: int) -> str:
        mean, spread = line[key], line[f"{key}_sd"]
        if pd.isna(mean):
            return "–"
        return f"{mean:.{decimals}f}" + ("" if pd.isna(spread) else f" ± {spread:.{decimals}f}")

    seeds = "" if pd.isna(line["n"]) else f" (n={line['n']:.0f})"
    numbers = {"paper": value("paper", 4), "later": value("later", 3), "here": value("here", 3) + seeds}
    return {"dataset": line["dataset"], "name": line["name"], **numbers}
