"""What the paper leaves open, on validation: the values tried beside the one in params.yaml, on the same seeds."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from pose2imu.layout import CHOICES_OF, choice_file, existing, report_file
from pose2imu.params import Params

KEYS = ["method", "batch_size", "output_gain"]
# Per method: the validation score that early stopping looks at, and whether higher is better.
SCORES = {"regressor": ("validation_mse", False)}
F1 = ("validation_f1", True)


def choices(params: Params, root: Path = Path()) -> pd.DataFrame:
    """One row per run: its best validation score, at which epoch, of how many."""
    return pd.DataFrame(_rows(params, root)).sort_values([*KEYS, "seed"], ignore_index=True)


def _rows(params: Params, root: Path) -> Iterator[dict[str, str | int | float | bool]]:
    default = params.batch_size, params.regressor.output_gain
    for method, seed in dict.fromkeys((choice.method, choice.seed) for choice in params.choices.values()):
        yield _row(root / report_file(CHOICES_OF, "curves", method, seed), method, *default, seed, kept=True)
    for name, choice in params.choices.items():
        tried = choice.method, choice.batch_size, choice.output_gain, choice.seed
        yield _row(root / choice_file(name), *tried, kept=False)


def _row(
    path: Path, method: str, batch_size: int, output_gain: float, seed: int, kept: bool
) -> dict[str, str | int | float | bool]:
    curve = pd.read_csv(existing(path))
    name, rising = SCORES.get(method, F1)
    best = curve.loc[curve[name].idxmax() if rising else curve[name].idxmin()]
    return {
        "method": method,
        "batch_size": batch_size,
        "output_gain": output_gain,
        "seed": seed,
        "kept": kept,
        "score": name,
        "value": float(best[name]),
        "best_epoch": int(best["epoch"]),
        "epochs": len(curve),
    }


def to_markdown(table: pd.DataFrame) -> str:
    """A row per value tried: the scores of its seeds, their mean, and the mean of the epochs that were kept."""
    lines = [
        f"Validation split of `{CHOICES_OF}`; the test split is not read. R alone is scored by its MSE (lower is "
        "better), the others by macro-F1 of real windows (higher is better). Bold: what params.yaml has.",
        "",
        "| Method | Batch size | Gain of R's last layer | Seeds | Best score of each | Mean | Mean epoch of the best |",
        "| --- | --: | --: | --- | --- | --: | --: |",
    ]
    for (method, batch_size, output_gain), runs in table.groupby(KEYS, sort=False):
        bold = "**" if runs["kept"].all() else ""
        score = runs["score"].iloc[0].removeprefix("validation_")
        cells = [
            f"{method}, {score}",
            f"{bold}{batch_size}{bold}",
            f"{bold}{output_gain:g}{bold}" if method != "baseline" else "–",
            ", ".join(str(seed) for seed in runs["seed"]),
            ", ".join(f"{value:.3f}" for value in runs["value"]),
            f"{runs['value'].mean():.3f}",
            f"{runs['best_epoch'].mean():.0f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
