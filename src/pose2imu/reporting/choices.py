"""What the paper leaves open, on validation: the values tried beside the one in params.yaml, on the same seeds."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from pose2imu.layout import choice_file, existing, report_file
from pose2imu.params import Choice, Params

KEYS = ["benchmark", "method", "batch_size", "output_gain", "mix"]
# Per method: the validation score that early stopping looks at, and whether higher is better.
SCORES = {"regressor": ("validation_mse", False)}
F1 = ("validation_f1", True)
# The methods that have R, or a mix: for others these say nothing.
WITH_R = ("regressor", "joint", "joint_similarity")
WITH_MIX = ("augmentation",)


def choices(params: Params, root: Path = Path()) -> pd.DataFrame:
    """One row per run: its best validation score, at which epoch, of how many."""
    return pd.DataFrame(_rows(params, root)).sort_values([*KEYS, "seed"], ignore_index=True)


def _rows(params: Params, root: Path) -> Iterator[dict[str, Any]]:
    tried = {name: _values(params, choice) for name, choice in params.choices.items()}
    done: list[dict[str, Any]] = []
    for name, values in tried.items():
        yield _row(root / choice_file(name), values, kept=values == _kept(params, values))
    for values in tried.values():
        if (kept := _kept(params, values)) not in [*tried.values(), *done]:
            yield _row(root / report_file(kept["benchmark"], "curves", kept["method"], kept["seed"]), kept, kept=True)
            done.append(kept)


def _values(params: Params, choice: Choice) -> dict[str, Any]:
    """What a run was given, where nothing else is said what params.yaml has."""
    kept = _kept(params, {"benchmark": choice.benchmark, "method": choice.method, "seed": choice.seed})
    given = {"batch_size": choice.batch_size, "output_gain": choice.output_gain}
    mix = {} if choice.mix is None else {"mix": _name(choice.mix)}
    return kept | {key: value for key, value in given.items() if value is not None} | mix


def _kept(params: Params, values: dict[str, Any]) -> dict[str, Any]:
    """The same benchmark, method and seed with the values of params.yaml."""
    return {
        **{key: values[key] for key in ("benchmark", "method", "seed")},
        "batch_size": params.batch_size,
        "output_gain": params.regressor.output_gain,
        "mix": _name(params.augmentation.mix) if values["method"] in WITH_MIX else "",
    }


def _name(mix: list[Any]) -> str:
    return ", ".join(mix) or "none"


def _row(path: Path, values: dict[str, Any], *, kept: bool) -> dict[str, Any]:
    curve = pd.read_csv(existing(path))
    name, rising = SCORES.get(values["method"], F1)
    best = curve.loc[curve[name].idxmax() if rising else curve[name].idxmin()]
    found = {"score": name, "value": float(best[name]), "best_epoch": int(best["epoch"]), "epochs": len(curve)}
    return {**{key: values[key] for key in (*KEYS, "seed")}, "kept": kept, **found}


def to_markdown(table: pd.DataFrame) -> str:
    """A row per value tried: the scores of its seeds, their mean, and the mean of the epochs that were kept."""
    lines = [
        "Validation splits; no test split is read. R alone is scored by its MSE (lower is better), the others by "
        "macro-F1 of real windows (higher is better). Bold: what params.yaml has.",
        "",
        "| Validation of | Method | Batch size | Gain of R's last layer | Mix of augmentation | Seeds "
        "| Best score of each | Mean | Mean epoch of the best |",
        "| --- | --- | --: | --: | --- | --- | --- | --: | --: |",
    ]
    for (benchmark, method, batch_size, output_gain, mix), runs in table.groupby(KEYS, sort=False):
        bold = "**" if runs["kept"].all() else ""
        cells = [
            f"`{benchmark}`",
            f"{method}, {runs['score'].iloc[0].removeprefix('validation_')}",
            f"{bold}{batch_size}{bold}",
            f"{bold}{output_gain:g}{bold}" if method in WITH_R else "–",
            f"{bold}{mix.replace('_', ' ')}{bold}" if method in WITH_MIX else "–",
            ", ".join(str(seed) for seed in runs["seed"]),
            ", ".join(f"{value:.3f}" for value in runs["value"]),
            f"{runs['value'].mean():.3f}",
            f"{runs['best_epoch'].mean():.0f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
