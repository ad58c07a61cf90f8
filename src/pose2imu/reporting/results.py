"""What the pipeline wrote for a benchmark, read back."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import pandas as pd
from pydantic import BaseModel, Field, model_validator

from pose2imu.datasets.benchmark import Benchmark, Split, published_benchmark, read_model
from pose2imu.errors import InputError
from pose2imu.layout import existing, run_folder
from pose2imu.recipes import load_runs
from pose2imu.reporting.reading import read_table

# Fig. 3 puts the first of these that was trained on the left, and the first of those on the right.
SEPARATE = ("regression_first", "regression_first_half")
END_TO_END = ("joint", "joint_similarity")
# The regressor that the separately trained methods share has a curve of its own, but no row in a table.
REGRESSOR = "regressor"

TEXT = ("recording", "axis", "part")  # columns that hold no numbers
PREDICTIONS = ("recording", "start", "label", "predicted")
CLIPS = ("recording", "label", "predicted")
CURVES = ("part", "epoch")
GENERATED = ("recording", "start", "label", "axis", "time", "real", "generated")


class Scores(BaseModel):
    """Macro-F1 and accuracy at one level, window or clip."""

    f1: Annotated[float, Field(ge=0, le=1)]
    accuracy: Annotated[float, Field(ge=0, le=1)]


class Run(BaseModel):
    """A run's metrics, and what it was given. Keys not named here are ignored."""

    window: Scores | None = None
    clip: Scores | None = None
    mse: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    best_epoch: int | None = None
    epochs: int | None = None
    validation: Scores | None = None
    axes: Literal[3, 6] = 3
    trained_on: list[Split] = ["train"]
    pretrained: bool | None = None  # where a network can start from published weights: whether it did

    @model_validator(mode="after")
    def _has_scores(self) -> "Run":
        if self.window is None and self.clip is None:
            raise ValueError("neither window nor clip has scores")
        return self


class Results(NamedTuple):
    """A benchmark's runs; every frame has the columns `method`, the row, and `seed`."""

    protocol: Benchmark
    methods: list[str]  # rows, in the order of the table
    names: dict[str, str]  # of the rows
    runs: pd.DataFrame  # one row per run, its metrics as columns: window_f1, …, mse, best_epoch, …
    predictions: pd.DataFrame  # one row per run and test window
    clips: pd.DataFrame  # one row per run and test clip, where recordings are clips
    curves: pd.DataFrame  # one row per run and epoch; those of the regressor trained alone have the method REGRESSOR
    generated: pd.DataFrame  # Fig. 3: the two methods compared, first seed only; empty where there is no such pair


def load(benchmark: str, root: Path = Path(), *, beside: bool = False) -> Results:
    """Read all runs of a benchmark's table, or those `beside` it; raises InputError that names the first file missing
    or malformed.

    `root` is the project's folder, the one that holds reports/.
    """
    runs = load_runs(benchmark, root)
    rows = runs.beside if beside else runs.evaluated
    if not rows:
        raise InputError(f"params.yaml: nothing is run {'beside the table of' if beside else 'on'} {benchmark}")
    protocol = published_benchmark(benchmark, root)
    everything = [(row, seed) for row, seeds in rows.items() for seed in seeds]
    metrics = pd.DataFrame([_metrics(path, *run) for run, path in _files(root, benchmark, "metrics.json", everything)])

    def having(metric: str) -> list[tuple[str, int]]:
        """Give the runs that must have the file which goes with a metric: not every row has it."""
        return [run for run, there in zip(everything, metrics[metric].notna(), strict=True) if there]

    alone = [] if beside else runs.alone.get(REGRESSOR, [])
    trained = [(REGRESSOR, seed) for seed in alone] + having("best_epoch")

    def stacked(file: str, having: Sequence[tuple[str, int]], columns: Sequence[str]) -> pd.DataFrame:
        return _stack(_files(root, benchmark, file, having), columns, len(protocol.classes))

    shown = [(row, rows[row][0]) for row in compared(list(rows))]
    return Results(
        protocol,
        list(rows),
        runs.names,
        metrics,
        stacked("predictions.parquet", having("window_f1"), PREDICTIONS),
        stacked("clips.parquet", having("clip_f1"), CLIPS),
        stacked("curve.csv", trained, CURVES),
        stacked("generated.parquet", shown, GENERATED),
    )


def _files(
    root: Path, benchmark: str, file: str, runs: Iterable[tuple[str, int]]
) -> list[tuple[tuple[str, int], Path]]:
    """Find the file of each run, with the run's row and seed."""
    return [(run, existing(root / run_folder(benchmark, *run) / file)) for run in runs]


def compared(methods: Sequence[str]) -> list[str]:
    """Give Fig. 3's separately trained and jointly trained method, in this order; empty if either was not run."""
    pair = [next((method for method in group if method in methods), None) for group in (SEPARATE, END_TO_END)]
    found = [method for method in pair if method is not None]
    return found if len(found) == 2 else []


def _metrics(path: Path, method: str, seed: int) -> dict[str, object]:
    run = read_model(path, Run)
    missing = Scores.model_construct(f1=float("nan"), accuracy=float("nan"))
    window, clip, validation = (scores or missing for scores in (run.window, run.clip, run.validation))
    return {
        "method": method,
        "seed": seed,
        "window_f1": window.f1,
        "window_accuracy": window.accuracy,
        "clip_f1": clip.f1,
        "clip_accuracy": clip.accuracy,
        "mse": float("nan") if run.mse is None else run.mse,
        "best_epoch": run.best_epoch,
        "epochs": run.epochs,
        "validation_f1": validation.f1,
        "axes": run.axes,
        "trained_on": tuple(run.trained_on),
        "pretrained": run.pretrained,
    }


def _stack(files: Sequence[tuple[tuple[str, int], Path]], columns: Sequence[str], classes: int) -> pd.DataFrame:
    """Give the frames of several runs below each other, with the run's method and seed."""
    frames = []
    for (method, seed), path in files:
        frame = read_table(path, columns, TEXT)
        for column in frame.columns.intersection(["label", "predicted"]):
            if not frame[column].isin(range(classes)).all():
                raise InputError(f"{path}: {column} has a class that there is not; expected 0 to {classes - 1}")
        if "axis" in frame and set(frame["axis"]) != set("xyz"):
            raise InputError(f"{path}: axis has {', '.join(map(str, frame['axis'].unique()))}; expected x, y, z")
        frames.append(frame.assign(method=method, seed=seed))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["method", "seed", *columns])
