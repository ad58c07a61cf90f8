"""The table of the experiment with scarce sensor data: means over seeds, and differences from real clips alone."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from pose2imu.loading.scarce import SHARES
from pose2imu.reporting.scarce.results import FIRST, ORACLE, Results
from pose2imu.reporting.templates import render

LEVELS = dict(zip(SHARES, ("one_a_class", "1/8", "1/4", "1/2", "all"), strict=True))  # as they are printed
SCENARIOS = {
    "clips": "Sensor data of a share of the clips",
    "people": "Sensor data of so many of the four people",
    "new_activity": "No sensor data of three activities: their recall among all",
}
COLUMNS = [
    *("row", "scenario", "level", "labelled_clips", "n", "accuracy", "accuracy_sd", "f1", "f1_sd"),
    *("difference", "low", "high", "people_low", "people_high", "p"),
]
NAN = float("nan")
SAME = 1e-9  # differences that differ by less have no spread


def table(results: Results) -> pd.DataFrame:
    """Make a line for each row, scenario and level: differences are paired, by seed and by test person."""
    return pd.DataFrame(_lines(results), columns=COLUMNS)


def _lines(results: Results) -> Iterator[dict[str, Any]]:
    runs = results.runs
    order = [*results.about.names, ORACLE]
    for scenario in SCENARIOS:
        of_scenario = runs[runs.scenario == scenario]
        for level in sorted(of_scenario.level.unique(), key=_rank):
            at_level = of_scenario[of_scenario.level == level]
            for row in sorted(at_level.row.unique(), key=order.index):
                chosen = at_level[at_level.row == row]
                line = {"row": row, "scenario": scenario, "level": LEVELS.get(level, level), "n": len(chosen)}
                line["labelled_clips"] = round(chosen.labelled_clips.mean(), 1)
                for score in ("accuracy", "f1"):
                    line |= {score: chosen[score].mean(), f"{score}_sd": chosen[score].std()}
                yield line | (compared(results, scenario, level, row) if row not in (FIRST, ORACLE) else {})


def compared(results: Results, scenario: str, level: str, row: str, other: str = FIRST) -> dict[str, float]:
    """Compare two rows' accuracy: the mean of differences, intervals over seeds and over people, and p over seeds."""
    by_seed = differences(results.runs, scenario, level, row, other, "seed")
    by_person = differences(results.people, scenario, level, row, other, "subject")
    low, high, p = interval(by_seed)
    people_low, people_high, _ = interval(by_person)
    mean = float(by_seed.mean()) if len(by_seed) else NAN
    return {
        "difference": mean,
        "low": low,
        "high": high,
        "people_low": people_low,
        "people_high": people_high,
        "p": p,
    }


def differences(frame: pd.DataFrame, scenario: str, level: str, row: str, other: str, by: str) -> np.ndarray:
    """Give the mean difference of two rows for each seed, or test person, over the seeds that both have."""
    at = frame[(frame.scenario == scenario) & (frame.level == level)]
    keys = ["seed", "subject"] if "subject" in at else ["seed"]
    ours, theirs = (at[at.row == name].set_index(keys).accuracy for name in (row, other))
    return (ours - theirs).dropna().groupby(level=by).mean().to_numpy()


def interval(values: np.ndarray) -> tuple[float, float, float]:
    """Give the 95 % t-interval of a mean, and the p of its being 0; NaN for fewer than two values."""
    if len(values) < 2:
        return NAN, NAN, NAN
    if np.ptp(values) < SAME:
        return float(values[0]), float(values[0]), float(abs(values[0]) < SAME)
    found = stats.ttest_1samp(values, 0)
    low, high = found.confidence_interval(0.95)
    return float(low), float(high), float(found.pvalue)


def to_markdown(frame: pd.DataFrame, names: dict[str, str], sentence: str) -> str:
    """Write a table for each scenario."""
    names = {**names, ORACLE: "Oracle: all sensor data"}
    parts = [
        {
            "title": title,
            "lines": [_cells(line, names) for line in frame[frame.scenario == scenario].to_dict("records")],
        }
        for scenario, title in SCENARIOS.items()
        if (frame.scenario == scenario).any()
    ]
    return render("scarce/table.md.jinja", parts=parts, sentence=sentence)


def _cells(line: dict[str, Any], names: dict[str, str]) -> list[str]:
    return [
        str(line["level"]).replace("_", " "),
        f"{line['labelled_clips']:g}",
        names[line["row"]],
        str(line["n"]),
        *(f"{line[score]:.3f}" + _plus_minus(line[f"{score}_sd"]) for score in ("accuracy", "f1")),
        _signed(line["difference"]),
        _range(line["low"], line["high"]),
        _range(line["people_low"], line["people_high"]),
    ]


def _plus_minus(deviation: float) -> str:
    return "" if np.isnan(deviation) else f" ± {deviation:.3f}"


def _signed(value: float) -> str:
    return "" if np.isnan(value) else f"{value:+.3f}"


def _range(low: float, high: float) -> str:
    return "" if np.isnan(low) else f"{low:+.3f} to {high:+.3f}"


def _rank(level: str) -> tuple[int, str]:
    """Sort levels by how much they have; groups of new activities before their mean."""
    names = list(SHARES)
    return (names.index(level), "") if level in names else (int(level) if level.isdecimal() else 99, level)
