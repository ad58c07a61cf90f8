"""The verdict: a line for each claim, benchmark, and what the interval is over."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pose2imu.layout import breakdown_folder
from pose2imu.reporting.breakdown.people import read_people
from pose2imu.reporting.paper import PaperRow, paper_tables
from pose2imu.reporting.scarce import results as scarce_results
from pose2imu.reporting.scarce.table import differences
from pose2imu.reporting.verdict.claims import Claim, Claims, load_claims
from pose2imu.reporting.verdict.effects import Effect, of_differences, over_people, over_seeds, spread_over_seeds
from pose2imu.reporting.verdict.rule import word

SCARCE = "scarce"
# What the paper prints of a measure.
PRINTED = {"window_f1": "f1", "clip_accuracy": "accuracy", "mse": "mse", "mse_spread": "mse_sd"}
MEASURES = {
    "window_f1": "macro-F1 of windows",
    "clip_accuracy": "accuracy of clips",
    "mse": "MSE of test windows",
    "mse_spread": "log ratio of standard deviations of the MSE",
    "high_frequency": "share of the real power from 3 Hz up",
}
COLUMNS = [
    *("claim", "title", "where", "benchmark", "measure", "decides"),
    *("paper_effect", "effect", "low", "high", "over", "n", "p", "verdict"),
]


def table(benchmarks: Sequence[str], root: Path = Path()) -> pd.DataFrame:
    """Judge all claims on benchmarks, of which some may be made of folds, and on the runs with scarce labels."""
    claims = load_claims()
    people = {
        benchmark: [
            read_people(root / breakdown_folder(fold) / "people.csv")
            for fold in claims.folds.get(benchmark, [benchmark])
        ]
        for benchmark in benchmarks
    }
    lines = [*_lines(claims, people), *_scarce_lines(claims, root)]
    return pd.DataFrame(lines, columns=COLUMNS)


def _lines(claims: Claims, people: dict[str, list[pd.DataFrame]]) -> Iterator[dict[str, Any]]:
    for name, claim in claims.claims.items():
        for benchmark, folds in people.items():
            if claim.benchmarks is not None and benchmark not in claim.benchmarks:
                continue
            paper = _paper_effect(claim, "mm_fit" if benchmark.startswith("mm_fit") else "utd_mhad")
            higher = claim.better == "higher" if paper is None else paper > 0
            about: dict[str, Any] = {"claim": name, "title": claim.title, "where": claim.where, "benchmark": benchmark}
            about |= {"measure": MEASURES[claim.measure], "paper_effect": paper}
            found = _effects(claim, folds)
            decisive = "people" if "people" in found else "seeds"
            for over, effect in found.items():
                judged = word(effect, higher, paper, claim.margin)
                decides = benchmark == claim.decides and over == decisive
                yield {**about, "decides": decides, **effect._asdict(), "over": over, "verdict": judged}


def _effects(claim: Claim, folds: list[pd.DataFrame]) -> dict[str, Effect]:
    """Compare over seeds and over people, as far as both rows have the measure."""
    rows = (claim.first, claim.second)
    if claim.measure == "mse_spread":
        found = {"seeds": spread_over_seeds(pd.concat(folds), *rows, "mse")} if len(folds) == 1 else {}
    else:
        found = {
            "seeds": over_seeds(folds, *rows, claim.measure),
            "people": over_people(folds, *rows, claim.measure),
        }
    return {over: effect for over, effect in found.items() if effect.n}


def _paper_effect(claim: Claim, dataset: str) -> float | None:
    printed = paper_tables(dataset)
    if printed is None or (key := PRINTED.get(claim.measure)) is None:
        return None
    first, second = (_value(printed.rows.get(row), key) for row in (claim.first, claim.second))
    if first is None or second is None:
        return None
    return math.log(first / second) if claim.measure == "mse_spread" else first - second


def _scarce_lines(claims: Claims, root: Path) -> Iterator[dict[str, Any]]:
    loaded = scarce_results.load(root)
    for name, claim in claims.scarce.items():
        about: dict[str, Any] = {"claim": name, "title": claim.title, "where": claim.where, "benchmark": SCARCE}
        about |= {"measure": MEASURES["clip_accuracy"], "paper_effect": None}
        for over, frame, by in (("seeds", loaded.runs, "seed"), ("people", loaded.people, "subject")):
            effect = of_differences(differences(frame, "clips", claim.level, claim.first, claim.second, by))
            judged = word(effect, claim.better == "higher", None)
            yield {**about, "decides": over == "people", **effect._asdict(), "over": over, "verdict": judged}


def _value(row: PaperRow | None, key: str) -> float | None:
    value = None if row is None else getattr(row, key)
    return None if value is None else float(value)
