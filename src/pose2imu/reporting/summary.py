"""The answer in a few sentences, each from a table: no verdict is typed."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from pose2imu.datasets.benchmark import published_benchmark
from pose2imu.layout import table_folder
from pose2imu.reporting import comparisons, tables


def summary(benchmarks: Sequence[str], root: Path = Path()) -> str:
    """Write a line a benchmark of real data that the paper has figures for: the proposed method against the others."""
    return "\n".join(f"- {line}" for name in benchmarks for line in _of(name, root)) + "\n"


def _of(name: str, root: Path) -> Iterator[str]:
    folder = root / table_folder(name)
    compared = comparisons.read_csv(folder / "comparisons.csv")
    compared = compared.dropna(subset=["low", "high"])  # one seed has no interval
    if published_benchmark(name, root).synthetic or compared.empty:
        return
    frame = tables.read_csv(folder / "table.csv")
    names = frame.set_index("method")["row"]
    parts = [
        f"{_relation(row)} *{names[row.other]}* ({row.here:+.3f}, {row.low:+.3f} to {row.high:+.3f}; "
        f"{'the paper: ' + format(row.paper, '+.3f') if pd.notna(row.paper) else 'not in the paper'})"
        for row in compared[compared["metric"] == "window F1"].itertuples()
    ]
    n = int(compared["n"].min())
    yield (
        f"`{name}`, macro-F1 of windows, n = {n}: *{names[comparisons.PROPOSED]}* {', '.join(parts)}."
        f"{_best_of_clips(frame)}"
    )


def _relation(row: object) -> str:
    """Say how a difference lies to 0 by its interval."""
    low, high = getattr(row, "low"), getattr(row, "high")  # noqa: B009 - a row of itertuples
    return "is ahead of" if low > 0 else "is behind" if high < 0 else "is level with"


def _best_of_clips(frame: pd.DataFrame) -> str:
    ours = frame[frame["source"] == tables.OURS].set_index("method")["clip_accuracy"].dropna()
    if ours.empty:
        return ""
    rows = frame.set_index("method")["row"]
    best = ours.idxmax()
    proposed = ours[comparisons.PROPOSED]
    return f" Of whole clips *{rows[best]}* gets most right, {ours[best]:.3f}, the proposed method {proposed:.3f}."
