"""Consistency: the lock, the metrics, the tables and the pages in git must follow from one another."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from pose2imu import lock
from pose2imu.atomic import to_csv
from pose2imu.checking.size import oversize
from pose2imu.errors import InputError
from pose2imu.evaluation.best_epoch import best_epoch
from pose2imu.evaluation.metrics import classification
from pose2imu.layout import REPORTS, run_folder, table_folder
from pose2imu.recipes import load_runs
from pose2imu.reporting import classes, comparisons, files, results, tables
from pose2imu.reporting.page.whole import page as whole_page
from pose2imu.reporting.page.whole import page_of
from pose2imu.reporting.results import Results
from pose2imu.staleness import address, changes, graph_of
from pose2imu.testing import mean_squared_error

# Metrics are recomputed from the same integers by the same library: only rounding of the last digits may differ.
EXACT = 1e-12


def problems(benchmarks: Sequence[str], root: Path = Path(), page: bool = False) -> Iterator[str]:
    """Say what does not follow, one line each; nothing where all is well.

    `root` is the project's folder; `page` takes in what is over the benchmarks: the page, the table of choices, and how
    long dvc.yaml and dvc.lock are.
    """
    if damage := lock.problem(root):
        yield damage
        return
    yield from oversize(root) if page else ()
    for name in benchmarks:
        try:
            yield from altered(name, root)
            loaded = results.load(name, root)
            yield from chain(wrong_metrics(loaded, root), wrong_predictions(loaded, root), wrong_tables(loaded, root))
            if load_runs(name, root).beside:
                others = results.load(name, root, beside=True)
                yield from chain(wrong_metrics(others, root), wrong_predictions(others, root))
        except InputError as error:
            yield str(error)
    if page:
        yield from _differs(root / REPORTS / "report.html", whole_page(benchmarks, root), "page")
    yield from stale_stages([f"report@{name}" for name in benchmarks] + ["page", "summary", "trials"] * page, root)


def altered(benchmark: str, root: Path = Path()) -> Iterator[str]:
    """Name the results that are not those of which the table was made."""
    folder, listed = root / REPORTS / benchmark, root / table_folder(benchmark) / files.NAME
    try:
        made_of = pd.read_csv(listed).set_index("path").md5
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise InputError(f"{listed}: cannot be read: {error}") from error
    here = files.listing(benchmark, root).set_index("path").md5
    for path in sorted({*made_of.index, *here.index}):
        if path not in here:
            yield f"{folder / path}: missing: {files.NAME} has it"
        elif path not in made_of:
            yield f"{folder / path}: extra: {files.NAME} has no such file"
        elif here[path] != made_of[path]:
            yield f"{folder / path}: altered: its MD5 is {here[path]}, in {files.NAME} {made_of[path]}"


def stale_stages(targets: Sequence[str], root: Path = Path()) -> Iterator[str]:
    """Name the stages that DVC would run, and why: a file, a parameter or code has changed since the lock was written.

    What is in no git need not be there. The figures are held by this alone: they are outputs whose hashes stand in the
    lock.
    """
    with graph_of(root) as graph:
        stages = {stage for stage in graph if address(stage) in targets}
        if unknown := set(targets) - {address(stage) for stage in stages}:
            raise InputError(f"dvc.yaml: no stage {', '.join(sorted(unknown))}")
        needed = stages.union(*(nx.descendants(graph, stage) for stage in stages))
        for stage in nx.lexicographical_topological_sort(graph.subgraph(needed).reverse(), address):
            if found := changes(stage, graph.successors(stage)):
                yield f"dvc.lock: stale: {address(stage)}: {'; '.join(found)}"


def wrong_metrics(loaded: Results, root: Path = Path()) -> Iterator[str]:
    """Name metrics that the predictions, errors and learning curves in git do not give."""
    for run in loaded.runs.to_dict("records"):
        folder = root / run_folder(loaded.protocol.benchmark, run["method"], run["seed"])
        windows, clips, curve = (_of(table, run) for table in (loaded.predictions, loaded.clips, loaded.curves))
        computed = _scores("window", windows) | _scores("clip", _chosen_again(clips)) | _error(folder)
        if len(curve):
            kept = best_epoch(curve)
            computed |= {
                "best_epoch": kept["best_epoch"],
                "epochs": kept["epochs"],
                "validation_f1": kept["validation"]["f1"],
            }
        for metric, value in computed.items():
            if not abs(run[metric] - value) <= EXACT:
                yield f"{folder}/metrics.json: {metric} is {run[metric]}, but the files beside it give {value}"


def _error(folder: Path) -> dict[str, float]:
    """Average the errors of a run's windows again, where it has them."""
    path = folder / "errors.parquet"
    return {"mse": mean_squared_error(pd.read_parquet(path).squared_error.to_numpy())} if path.exists() else {}


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


def wrong_predictions(loaded: Results, root: Path = Path()) -> Iterator[str]:
    """Name runs that were not evaluated on the same windows, or the same clips, all of the test split's."""
    expected = {"predictions": loaded.protocol.windows["test"], "clips": loaded.protocol.recordings["test"]}
    for kind, table in (("predictions", loaded.predictions), ("clips", loaded.clips)):
        keys = [key for key in ("recording", "start", "label") if key in table]
        runs = {run: part[keys].reset_index(drop=True) for run, part in table.groupby(["method", "seed"])}
        first = next(iter(runs.values()), pd.DataFrame())
        for (method, seed), part in runs.items():
            if len(part) != expected[kind] or not np.array_equal(part, first):
                what = f"the {expected[kind]} test {kind.replace('predictions', 'windows')} that the other runs have"
                yield f"{root / run_folder(loaded.protocol.benchmark, method, seed)}/{kind}.parquet: not {what}"


def wrong_tables(loaded: Results, root: Path = Path()) -> Iterator[str]:
    """Name tables and the page of a benchmark that are not what the runs give."""
    name = loaded.protocol.benchmark
    table, compared, folder = tables.table(loaded), comparisons.comparisons(loaded), root / table_folder(name)
    yield from _differs(folder / "table.csv", to_csv(table), f"report@{name}")
    yield from _differs(folder / "comparisons.csv", to_csv(compared), f"report@{name}")
    yield from _differs(folder / "by_class.csv", to_csv(classes.f1_by_class(loaded)), f"report@{name}")
    yield from _differs(folder / "confusions.csv", to_csv(classes.confusions(loaded)), f"report@{name}")
    yield from _differs(folder / "table.md", tables.to_markdown(table, loaded.protocol, compared), f"report@{name}")
    yield from _differs(folder / "report.html", page_of(name, root), f"report@{name}")


def _differs(path: Path, expected: str, target: str) -> Iterator[str]:
    if not path.is_file() or path.read_text(encoding="utf-8") != expected:
        yield f"{path}: differs from what the runs give; run `dvc repro {target}`"
