"""Scores of each test person, and of all of them: what a verdict over people is made of."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from pose2imu.datasets.people import subject_of
from pose2imu.evaluation.metrics import classification
from pose2imu.layout import run_folder
from pose2imu.reporting.breakdown.spectrum import high_frequency
from pose2imu.reporting.reading import read_table
from pose2imu.reporting.results import Results

ALL = "all"  # in place of a subject
COLUMNS = [
    *("row", "seed", "subject", "windows", "window_f1", "window_accuracy", "clips", "clip_f1", "clip_accuracy"),
    *("mse", "high_frequency"),
]


def people(results: Results, root: Path = Path()) -> pd.DataFrame:
    """Make a line for each run and test person, and one with the subject `all`; what a run has not is empty.

    Macro-F1 of a person is over the activities that the person performed. `mse` is of the test windows' generated
    signals; `high_frequency`, of the few windows whose signals are kept.
    """
    parts = [*_of_predictions(results), *_of_signals(results, root)]
    lines = pd.concat([pd.DataFrame(part) for part in parts if part], ignore_index=True)
    lines = lines.groupby(["row", "seed", "subject"], sort=False).first().reset_index()
    order = {row: number for number, row in enumerate(results.methods)}
    lines = lines.sort_values(["row", "seed", "subject"], key=lambda of: of.map(order) if of.name == "row" else of)
    return lines.reindex(columns=COLUMNS).astype({"windows": "Int64", "clips": "Int64"}).reset_index(drop=True)


def _of_predictions(results: Results) -> Iterator[list[dict[str, Any]]]:
    for level, frame in (("window", results.predictions), ("clip", results.clips)):
        if frame.empty:
            continue
        for (row, seed, subject), part in _by_subject(frame, results.protocol.dataset):
            scores = classification(part["label"].to_numpy(), part["predicted"].to_numpy())
            named = {f"{level}_{name}": value for name, value in scores.items()}
            yield [{"row": row, "seed": seed, "subject": subject, f"{level}s": len(part), **named}]


def _of_signals(results: Results, root: Path) -> Iterator[list[dict[str, Any]]]:
    """Score the regressors: their errors, where they are kept, and the high frequencies of their signals."""
    name, dataset = results.protocol.benchmark, results.protocol.dataset
    for run in results.runs[results.runs["mse"].notna()].itertuples():
        key = {"row": run.method, "seed": run.seed}
        folder = root / run_folder(name, run.method, run.seed)
        yield [{**key, "subject": ALL, "mse": run.mse}]
        if (path := folder / "errors.parquet").is_file():
            errors = read_table(path, ("recording", "squared_error"), ("recording",))
            by = errors.recording.map(lambda recording: subject_of(dataset, recording))
            yield [{**key, "subject": of, "mse": part.mean()} for of, part in errors.squared_error.groupby(by)]
        if (path := folder / "generated.parquet").is_file():
            signals = read_table(path, ("recording", "start", "axis", "real", "generated"), ("recording", "axis"))
            by = signals.recording.map(lambda recording: subject_of(dataset, recording))
            yield [{**key, "subject": ALL, "high_frequency": high_frequency(signals, results.protocol.rate)}]
            yield [
                {**key, "subject": of, "high_frequency": high_frequency(part, results.protocol.rate)}
                for of, part in signals.groupby(by)
            ]


def _by_subject(frame: pd.DataFrame, dataset: str) -> Iterator[tuple[tuple[str, int, str], pd.DataFrame]]:
    subject = frame["recording"].map(lambda recording: subject_of(dataset, recording))
    for (row, seed), of_run in frame.groupby(["method", "seed"], sort=False):
        yield (row, seed, ALL), of_run
        for name, part in of_run.groupby(subject):
            yield (row, seed, name), part


def read_people(path: Path) -> pd.DataFrame:
    """Read what `people` gave."""
    return read_table(path, COLUMNS, ("row", "subject"))
