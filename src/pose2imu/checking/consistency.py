"""Consistency: the lock, the metrics, the tables and the figures in git must follow from one another."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from pose2imu.evaluation.metrics import classification
from pose2imu.layout import REPORTS
from pose2imu.params import Params
from pose2imu.reporting import page as html
from pose2imu.reporting import results, tables
from pose2imu.reporting.results import Results

# Metrics are recomputed from the same integers by the same library: only rounding of the last digits may differ.
EXACT = 1e-12


def problems(benchmarks: Sequence[str], params: Params, root: Path = Path(), page: bool = False) -> Iterator[str]:
    """What does not follow, one line each; nothing where all is well.

    `root` is the project's folder; `page` takes in the page over all benchmarks that have results.
    """
    yield from stale_stages([f"report@{name}" for name in benchmarks] + ["page"] * page, root)
    for name in benchmarks:
        loaded = results.load(name, params.methods, params.benchmark_seeds(name), root)
        yield from wrong_metrics(loaded, name, root)
        yield from wrong_tables(loaded, name, root)


def stale_stages(targets: Sequence[str], root: Path = Path()) -> Iterator[str]:
    """Stages that DVC would run: a file, a parameter or code has changed since the lock was written.

    `dvc repro --dry` returns 0 for some stale stages, hence the look at its output. Caches need not be there.
    """
    command = ["dvc", "repro", "--dry", "--allow-missing", *targets]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, env=os.environ, check=False)
    stale = [line for line in done.stdout.splitlines() if line.startswith("Running stage")]
    yield from (f"dvc.lock: stale: {line}" for line in stale)
    if done.returncode and not stale:
        yield f"dvc.lock: {' '.join(done.stderr.split())}"


def wrong_metrics(loaded: Results, benchmark: str, root: Path = Path()) -> Iterator[str]:
    """Metrics that the predictions kept in git do not give."""
    for run in loaded.runs.itertuples():
        name = f"{run.method}-{run.seed}"
        folder = root / REPORTS / benchmark
        for level, kind in (("window", "predictions"), ("clip", "clips")):
            reported = {"f1": getattr(run, f"{level}_f1"), "accuracy": getattr(run, f"{level}_accuracy")}
            if pd.isna(reported["f1"]):
                continue
            table = pd.read_parquet(folder / kind / f"{name}.parquet")
            if level == "clip":
                classes = [column for column in table if column.startswith("p") and column[1:].isdigit()]
                table["predicted"] = table[classes].to_numpy().argmax(axis=1)
            computed = classification(table.label.to_numpy(), table.predicted.to_numpy())
            for metric, value in computed.items():
                if abs(value - reported[metric]) > EXACT:
                    yield (
                        f"{folder / 'runs' / name}.json: {level} {metric} is {reported[metric]}, "
                        f"but {kind}/{name}.parquet gives {value}"
                    )


def wrong_tables(loaded: Results, benchmark: str, root: Path = Path()) -> Iterator[str]:
    """Tables and pages that are not what the runs give."""
    folder = root / REPORTS / benchmark
    table = tables.table(loaded)
    expected = {
        "table.csv": tables.to_csv(table),
        "table.md": tables.to_markdown(table, loaded.protocol),
        "report.html": html.render([html.section(benchmark, root)]),
    }
    for name, text in expected.items():
        if (folder / name).read_text(encoding="utf-8") != text:
            yield f"{folder / name}: differs from what the runs give; run `dvc repro report@{benchmark}`"
