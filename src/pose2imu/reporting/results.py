"""What the pipeline wrote for a benchmark, read back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar, get_args

import pandas as pd
from pydantic import BaseModel, ValidationError, model_validator

from pose2imu.errors import InputError
from pose2imu.layout import REPORTS, existing, report_file
from pose2imu.method_params import SequenceMethod

Split = Literal["train", "validation", "test"]
Model = TypeVar("Model", bound=BaseModel)

# Fig. 3 puts the first of these that was trained on the left, and the first of those on the right.
SEPARATE = ("regression_first", "regression_first_half")
END_TO_END = ("joint", "joint_similarity")
# The regressor that the separately trained methods share has a curve of its own, but no row in a table.
REGRESSOR = "regressor"

# They have no epochs, and speak at one level only.
WITHOUT_CURVES = get_args(SequenceMethod)

PREDICTIONS = ("recording", "start", "label", "predicted")
CLIPS = ("recording", "label", "predicted")
CURVES = ("part", "epoch")
GENERATED = ("recording", "start", "label", "axis", "time", "real", "generated")


class Protocol(BaseModel):
    """benchmark.json: what was classified, and who is in which split. Keys not named here are ignored."""

    benchmark: str
    dataset: str
    synthetic: bool
    classes: list[str]
    clips: bool
    rate: float
    window: int
    stride: int
    windows: dict[Split, int]
    recordings: dict[Split, int]
    subjects: dict[Split, list[str]]


class Scores(BaseModel):
    """Macro-F1 and accuracy at one level, window or clip."""

    f1: float
    accuracy: float


class Run(BaseModel):
    """A run's metrics, and what it was given. Keys not named here are ignored."""

    window: Scores | None = None
    clip: Scores | None = None
    mse: float | None = None
    best_epoch: int | None = None
    epochs: int | None = None
    validation: Scores | None = None
    axes: int = 3
    trained_on: list[Split] = ["train"]
    pretrained: bool | None = None  # where a network can start from published weights: whether it did

    @model_validator(mode="after")
    def _has_scores(self) -> "Run":
        if self.window is None and self.clip is None:
            raise ValueError("neither window nor clip has scores")
        return self


class Results(NamedTuple):
    """A benchmark's runs; every frame has the columns `method` and `seed`."""

    protocol: Protocol
    methods: list[str]
    runs: pd.DataFrame  # one row per run, its metrics as columns: window_f1, …, mse, best_epoch, …
    predictions: pd.DataFrame  # one row per run and test window
    clips: pd.DataFrame  # one row per run and test clip, where recordings are clips
    curves: pd.DataFrame  # one row per run and epoch; those of the regressor trained alone have the method REGRESSOR
    generated: pd.DataFrame  # Fig. 3: the two methods compared, first seed only; empty where there is no such pair


def load(benchmark: str, runs: Mapping[str, Sequence[int]], root: Path = Path()) -> Results:
    """Read the runs that params.yaml names, by method and seed; raises InputError that names the first file missing or
    malformed.

    `root` is the project's folder, the one that holds reports/.
    """
    if not runs or not all(runs.values()):
        raise InputError(f"params.yaml: no method or no seed for the benchmark {benchmark}")
    protocol = load_protocol(benchmark, root)
    everything = [(method, seed) for method, seeds in runs.items() for seed in seeds]
    trained = [(method, seed) for method, seed in everything if method not in WITHOUT_CURVES]
    separate = dict.fromkeys(seed for method, seed in everything if method in SEPARATE)
    trained = [*((REGRESSOR, seed) for seed in separate), *trained]
    shown = [(method, runs[method][0]) for method in compared(list(runs))]
    return Results(
        protocol,
        list(runs),
        pd.DataFrame([_metrics(path, *run) for run, path in _files(root, benchmark, "runs", everything)]),
        _stack(_files(root, benchmark, "predictions", everything), pd.read_parquet, PREDICTIONS),
        _stack(_files(root, benchmark, "clips", everything if protocol.clips else []), pd.read_parquet, CLIPS),
        _stack(_files(root, benchmark, "curves", trained), pd.read_csv, CURVES),
        _stack(_files(root, benchmark, "generated", shown), pd.read_parquet, GENERATED),
    )


def _files(
    root: Path, benchmark: str, kind: str, runs: Iterable[tuple[str, int]]
) -> list[tuple[tuple[str, int], Path]]:
    """The file of each run of some kind, with the run's method and seed."""
    return [(run, existing(root / report_file(benchmark, kind, *run))) for run in runs]


def compared(methods: Sequence[str]) -> list[str]:
    """Fig. 3's separately trained and jointly trained method, in this order; empty if either was not run."""
    pair = [next((method for method in group if method in methods), None) for group in (SEPARATE, END_TO_END)]
    found = [method for method in pair if method is not None]
    return found if len(found) == 2 else []


def load_protocol(benchmark: str, root: Path = Path()) -> Protocol:
    """Read reports/<benchmark>/benchmark.json."""
    return _model(existing(root / REPORTS / benchmark / "benchmark.json"), Protocol)


def _metrics(path: Path, method: str, seed: int) -> dict[str, object]:
    run = _model(path, Run)
    missing = Scores(f1=float("nan"), accuracy=float("nan"))
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


def _model(path: Path, model: type[Model]) -> Model:
    try:
        return model.model_validate_json(path.read_bytes())
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise InputError(f"{path}: {where}: {problem['msg']}") from error


def _stack(
    files: Sequence[tuple[tuple[str, int], Path]], read: Callable[[Path], pd.DataFrame], columns: Sequence[str]
) -> pd.DataFrame:
    """The frames of several runs below each other, with the run's method and seed."""
    frames = []
    for (method, seed), path in files:
        try:
            frame = read(path)
        except (OSError, ValueError) as error:
            raise InputError(f"{path}: cannot be read: {' '.join(str(error).split())}") from error
        if missing := [column for column in columns if column not in frame]:
            raise InputError(f"{path}: no column {', '.join(missing)}")
        frames.append(frame.assign(method=method, seed=seed))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["method", "seed", *columns])
