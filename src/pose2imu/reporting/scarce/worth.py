"""What poses are worth: how many labelled clips, or people, real clips alone need for what a row with poses has."""

import json
from typing import Any

import numpy as np
import pandas as pd

from pose2imu.reporting.scarce.results import FIRST, ORACLE, Results
from pose2imu.reporting.scarce.table import LEVELS

ROWS = ("synthetic_clips", "synthetic_clips_distilled", "synthetic_clips_ensemble")
DRAWS = 10_000  # of the bootstrap
UNITS = {"clips": "labelled_clips", "people": "people"}


def worth(results: Results) -> list[dict[str, Any]]:
    """Make an entry for each scenario, row and level but the last, where there is nothing left to need."""
    found = []
    for scenario, unit in UNITS.items():
        runs = results.runs[(results.runs.scenario == scenario) & (results.runs.row != ORACLE)]
        runs = runs.assign(people=pd.to_numeric(runs.level, errors="coerce"))
        amounts = runs.groupby("level")[unit].mean().sort_values()
        first = _scores(runs, FIRST, list(amounts.index))
        for row in ROWS:
            ours = _scores(runs, row, list(amounts.index))
            for level in amounts.index[:-1]:
                if ours[level].notna().any() and (both := ours.index.intersection(first.dropna().index)).size:
                    needs = needed(ours.loc[both, level].to_numpy(), first.loc[both].to_numpy(), amounts.to_numpy())
                    has = {unit: float(amounts[level]), "accuracy": float(ours.loc[both, level].mean())}
                    name = LEVELS.get(level, level)
                    found.append({"scenario": scenario, "row": row, "level": name, **has, **needs})
    return found


def needed(ours: np.ndarray, first: np.ndarray, amounts: np.ndarray) -> dict[str, Any]:
    """Read off the curve `first` (seeds, levels) the amount at which it has the accuracy `ours` (seeds,).

    Between levels (of `amounts`) the curve is straight over the logarithm. The interval is of a bootstrap over seeds,
    95 %. Where the curve never gets there, the largest amount is given, as a bound: `more`.
    """
    draws = np.random.default_rng(0).integers(len(ours), size=(DRAWS, len(ours)))
    values = np.array([_read_off(ours[draw].mean(), first[draw].mean(axis=0), amounts) for draw in draws])
    value = _read_off(ours.mean(), first.mean(axis=0), amounts)
    low, high = np.quantile(values, [0.025, 0.975])
    most = float(amounts[-1])
    return {
        "needed": value,
        "low": float(low),
        "high": float(high),
        "more": value >= most,
        "high_more": bool(high >= most),
    }


def to_json(found: list[dict[str, Any]]) -> str:
    """Write the entries, and the sentence."""
    rounded = [
        {key: round(value, 4) if isinstance(value, float) else value for key, value in one.items()} for one in found
    ]
    return json.dumps({"sentence": sentence(found), "worth": rounded}, indent=2, ensure_ascii=False) + "\n"


def sentence(found: list[dict[str, Any]]) -> str:
    """Say it of the fewest labelled clips, and of the fewest people."""
    parts = []
    for scenario, what in (("clips", "labelled clips"), ("people", "people's sensor data")):
        of = [one for one in found if one["scenario"] == scenario and one["row"] == ROWS[0]]
        if of:
            one = of[0]
            amount, needs, low, high = (one[key] for key in (UNITS[scenario], "needed", "low", "high"))
            digits = 0 if scenario == "clips" else 1
            at_least, up_to = ("at least " if one["more"] else ""), ("more than " if one["high_more"] else "")
            interval = f"95 % interval {low:.{digits}f} to {up_to}{high:.{digits}f}"
            parts.append(
                f"{amount:.0f} {what if amount > 1 else what.replace('people', 'person')} and video do the work of "
                f"{at_least}{needs:.{digits}f} ({interval})"
            )
    return "; ".join(parts) + "." if parts else "There are not enough runs yet to say what poses are worth."


def _scores(runs: pd.DataFrame, row: str, levels: list[str]) -> pd.DataFrame:
    """Accuracy by seed and level of a row."""
    return runs[runs.row == row].pivot_table(index="seed", columns="level", values="accuracy").reindex(columns=levels)


def _read_off(accuracy: float, curve: np.ndarray, amounts: np.ndarray) -> float:
    rising = np.maximum.accumulate(curve)
    return float(np.exp(np.interp(accuracy, rising, np.log(amounts))))
