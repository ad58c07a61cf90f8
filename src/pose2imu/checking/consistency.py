"""Consistency: the lock, the metrics, the tables and the pages in git must follow from one another."""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pose2imu.errors import InputError
from pose2imu.evaluation.best_epoch import best_epoch
from pose2imu.evaluation.metrics import classification
from pose2imu.layout import REPORTS, report_file
from pose2imu.params import Params
from pose2imu.reporting import page as html
from pose2imu.reporting import results, tables
from pose2imu.reporting.results import Results

# Metrics are recomputed from the same integers by the same library: only rounding of the last digits may differ.
EXACT = 1e-12


def problems(benchmarks: Sequence[str], params: Params, root: Path = Path(), page: bool = False) -> Iterator[str]:
    """What does not follow, one line each; nothing where all is well.

    `root` is the project's folder; `page` takes in the page over the benchmarks, and the table of choices.
    """
    yield from stale_stages([f"report@{name}" for name in benchmarks] + ["page", "choices"] * page, root)
    for name in benchmarks:
        try:
            loaded = results.load(name, params.runs(name), root)
            yield from chain(wrong_metrics(loaded, root), wrong_predictions(loaded), wrong_tables(loaded, root))
        except InputError as error:
            yield str(error)
    if page:
        expected = html.render([html.section(name, root) for name in benchmarks])
        yield from _differs(root / REPORTS / "report.html", expected, "page")


def stale_stages(targets: Sequence[str], root: Path = Path()) -> Iterator[str]:
    """Stages that DVC would run: a file, a parameter or code has changed since the lock was written.

    `dvc repro --dry` returns 0 for some stale stages, hence the look at its output. Caches need not be there. The MSE
    and the figures are held by this alone: their files are outputs whose hashes stand in the lock.
    """
    command = [sys.executable, "-m", "dvc", "repro", "--dry", "--allow-missing", *targets]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    stale = [line for line in done.stdout.splitlines() if line.startswith("Running stage")]
    yield from (f"dvc.lock: stale: {line}" for line in stale)
    if done.returncode and not stale:
        yield f"dvc.lock: {' '.join(done.stderr.split())}"


def wrong_metrics(loaded: Results, root: Path = Path()) -> Iterator[str]:
    """Metrics that the predictions and the learning curves in git do not give."""
    for run in loaded.runs.to_dict("records"):
        path = root / report_file(loaded.protocol.benchmark, "runs", run["method"], run["seed"])
        windows, clips, curve = (_of(table, run) for table in (loaded.predictions, loaded.clips, loaded.curves))
        computed = _scores("window", windows) | _scores("clip", _chosen_again(clips))
        if run["method"] not in results.WITHOUT_CURVES:
            kept = best_epoch(curve)
            computed |= {
                "best_epoch": kept["best_epoch"],
                "epochs": kept["epochs"],
                "validation_f1": kept["validation"]["f1"],
            }
        for metric, value in computed.items():
            if not abs(run[metric] - value) <= EXACT:
                yield f"{path}: {metric} is {run[metric]}, but the files beside it give {value}"
        for level in ("window", "clip"):
            if pd.notna(run[f"{level}_f1"]) and f"{level}_f1" not in computed:
                yield f"{path}: has {level}-level metrics, but there are no {level}s"


def _of(table: pd.DataFrame, run: dict[str, Any]) -> pd.DataFrame:
    return table[(table.method == run["method"]) & (table.seed == run["seed"])]


def _scores(level: str, table: pd.DataFrame) -> dict[str, float]:
    if table.empty:
        return {}
    scores = classification(table.label.to_numpy(), table.predicted.to_numpy())
    return {f"{level}_{name}": value for name, value in scores.items()}


def _chosen_again(clips: pd.DataFrame) -> pd.DataFrame:
    """The clips of a run, their class chosen again from the numbers of each class."""
    columns = clips[[name for name in clips if re.fullmatch(r"p\d+", name)]]
    return clips.assign(predicted=columns.to_numpy().argmax(axis=1)) if len(clips) else clips


def wrong_predictions(loaded: Results) -> Iterator[str]:
    """Runs that were not evaluated on the same windows, or the same clips, all of the test split's."""
    expected = {"predictions": loaded.protocol.windows["test"], "clips": loaded.protocol.recordings["test"]}
    for run in loaded.runs.itertuples():
        if run.method not in results.WITHOUT_CURVES and _of(loaded.predictions, run._asdict()).empty:
            yield f"predictions/{run.method}-{run.seed}.parquet: no predictions"
    for kind, table in (("predictions", loaded.predictions), ("clips", loaded.clips)):
        keys = [key for key in ("recording", "start", "label") if key in table]
        runs = {run: part[keys].reset_index(drop=True) for run, part in table.groupby(["method", "seed"])}
        first = next(iter(runs.values()), pd.DataFrame())
        for (method, seed), part in runs.items():
            if len(part) != expected[kind] or not np.array_equal(part, first):
                what = f"the {expected[kind]} test {kind.replace('predictions', 'windows')} that the other runs have"
                yield f"{kind}/{method}-{seed}.parquet: not {what}"


def wrong_tables(loaded: Results, root: Path = Path()) -> Iterator[str]:
    """Tables and the page of a benchmark that are not what the runs give."""
    name = loaded.protocol.benchmark
    folder = root / REPORTS / name
    table = tables.table(loaded)
    yield from _differs(folder / "table.csv", tables.to_csv(table), f"report@{name}")
    yield from _differs(folder / "table.md", tables.to_markdown(table, loaded.protocol), f"report@{name}")
    yield from _differs(folder / "report.html", html.render([html.section(name, root)]), f"report@{name}")


def _differs(path: Path, expected: str, target: str) -> Iterator[str]:
    if not path.is_file() or path.read_text(encoding="utf-8") != expected:
        yield f"{path}: differs from what the runs give; run `dvc repro {target}`"
