"""What might explain the difference from the paper: one thing changed at a time, with what it changes."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pose2imu.datasets.benchmark import published_benchmark
from pose2imu.evaluation.metrics import classification
from pose2imu.layout import REPORTS, breakdown_folder, run_folder
from pose2imu.reporting import results
from pose2imu.reporting.breakdown.people import ALL, read_people
from pose2imu.reporting.reading import read_table
from pose2imu.reporting.results import CURVES, REGRESSOR
from pose2imu.reporting.verdict.claims import load_claims
from pose2imu.reporting.verdict.effects import over_people, over_seeds

ROWS = ("baseline", "regression_first", "joint")
ALIGNED, UNALIGNED = "utd_mhad_aligned", "utd_mhad_committed"
FEWER, ALL_ACTIVITIES = "utd_mhad_thesis", "utd_mhad_committed"  # 21 activities, and 27
COLUMNS = ["question", "benchmark", "row", "measure", "value", "sd", "low", "high", "over", "n"]


def contrasts(benchmarks: Sequence[str], root: Path = Path()) -> pd.DataFrame:
    """Make a line for each number; `benchmarks` are those that are judged, `low` and `high` 95 % intervals."""
    lines = [*_levels(benchmarks, root), *_fewer(root), *_gains(benchmarks, root), *_errors(benchmarks, root)]
    lines += [*_aligned(root), *_streams(root)]
    return pd.DataFrame(lines, columns=COLUMNS)


def _folds(benchmark: str) -> list[str]:
    return load_claims().folds.get(benchmark, [benchmark])


def _people(benchmark: str, root: Path) -> list[pd.DataFrame]:
    return [read_people(root / breakdown_folder(fold) / "people.csv") for fold in _folds(benchmark)]


def _levels(benchmarks: Sequence[str], root: Path) -> Iterator[dict[str, Any]]:
    """Window against clip level, and who is tested: the same row on each protocol."""
    for benchmark in benchmarks:
        whole = pd.concat([fold[fold.subject == ALL] for fold in _people(benchmark, root)])
        for row in ROWS:
            of_row = whole[whole.row == row].groupby("seed")
            for measure in ("window_f1", "window_accuracy", "clip_f1", "clip_accuracy"):
                by_seed = of_row[measure].mean().dropna()
                if len(by_seed):
                    about = {"question": "level and people", "benchmark": benchmark, "row": row, "measure": measure}
                    yield {**about, **_mean(by_seed), "over": "seeds"}


def _fewer(root: Path) -> Iterator[dict[str, Any]]:
    """Score the runs that tell ALL_ACTIVITIES apart on the windows of those activities alone that FEWER has."""
    if not (root / REPORTS / FEWER / "benchmark.json").is_file():
        return
    loaded, fewer = results.load(ALL_ACTIVITIES, root), published_benchmark(FEWER, root).classes
    kept = [number for number, name in enumerate(loaded.protocol.classes) if name in fewer]
    for row in ROWS:
        of_row = loaded.predictions[loaded.predictions.method == row]
        for measure, part in (("all", of_row), ("fewer", of_row[of_row.label.isin(kept)])):
            scores = [
                classification(run.label.to_numpy(), run.predicted.to_numpy())["f1"] for _, run in part.groupby("seed")
            ]
            about = {"question": "fewer activities", "benchmark": ALL_ACTIVITIES, "row": row, "measure": measure}
            yield {**about, **_mean(pd.Series(scores)), "over": "seeds"}


def _gains(benchmarks: Sequence[str], root: Path) -> Iterator[dict[str, Any]]:
    """What training together adds to real data alone, where other people or fewer activities are classified."""
    for benchmark in benchmarks:
        folds = _people(benchmark, root)
        for row in ("regression_first", "joint"):
            for over, of in (("seeds", over_seeds), ("people", over_people)):
                effect = of(folds, row, "baseline", "window_f1")
                if effect.n:
                    about = {"question": "gain", "benchmark": benchmark, "row": row, "measure": "window_f1"}
                    interval = {"value": effect.effect, "low": effect.low, "high": effect.high, "n": effect.n}
                    yield {**about, **interval, "over": over}


def _errors(benchmarks: Sequence[str], root: Path) -> Iterator[dict[str, Any]]:
    """R's MSE on training, validation and test windows, at the epoch that was kept."""
    for benchmark in benchmarks:
        found: dict[tuple[str, str], list[float]] = {}
        for fold, scores in zip(_folds(benchmark), _people(benchmark, root), strict=True):
            for seed in scores[scores.row == "regression_first"].seed.unique():
                curve = read_table(root / run_folder(fold, REGRESSOR, seed) / "curve.csv", CURVES, ("part",))
                best = curve.loc[curve.validation_mse.idxmin()]
                found.setdefault((REGRESSOR, "training_mse"), []).append(float(best.mse))
                found.setdefault((REGRESSOR, "lowest_training_mse"), []).append(float(curve.mse.min()))
                found.setdefault((REGRESSOR, "validation_mse"), []).append(float(best.validation_mse))
            for seed in scores[scores.row == "joint"].seed.unique():
                curve = read_table(root / run_folder(fold, "joint", seed) / "curve.csv", CURVES, ("part",))
                best = curve.loc[curve.validation_f1.idxmax()]
                found.setdefault(("joint", "training_mse"), []).append(float(best.mse))
                found.setdefault(("joint", "lowest_training_mse"), []).append(float(curve.mse.min()))
        whole = pd.concat([fold[fold.subject == ALL] for fold in _people(benchmark, root)])
        for row, name in (("regression_first", REGRESSOR), ("joint", "joint")):
            found[name, "test_mse"] = list(whole[whole.row == row].mse.dropna())
        for (row, measure), values in found.items():
            if values:
                about = {"question": "R's MSE", "benchmark": benchmark, "row": row, "measure": measure}
                yield {**about, **_mean(pd.Series(values)), "over": "runs"}


def _aligned(root: Path) -> Iterator[dict[str, Any]]:
    """What it changes to move each training clip's poses by its own lag before R is trained: aligned less not."""
    paths = [root / breakdown_folder(name) / "people.csv" for name in (ALIGNED, UNALIGNED)]
    if not paths[0].is_file():
        return
    moved, still = map(read_people, paths)
    both = pd.concat([moved.assign(row=moved.row + "+"), still])
    for row in ("regression_first", "joint"):
        for measure in ("mse", "window_f1", "clip_accuracy"):
            for over, of in (("seeds", over_seeds), ("people", over_people)):
                effect = of([both], f"{row}+", row, measure)
                if effect.n and effect.effect == effect.effect:
                    about = {"question": "poses aligned", "benchmark": ALIGNED, "row": row, "measure": measure}
                    interval = {"value": effect.effect, "low": effect.low, "high": effect.high, "n": effect.n}
                    yield {**about, **interval, "over": over}


def _streams(root: Path) -> Iterator[dict[str, Any]]:
    """Quartiles over recordings of how well the two streams fit, and how well streams that do not belong together."""
    for path in sorted((root / REPORTS / "streams").glob("*.csv")):
        fits = read_table(path, ("unshifted", "lag", "shifted", "other_shifted"), ("recording", "subject", "other"))
        for measure in ("unshifted", "shifted", "lag", "other_unshifted", "other_shifted"):
            low, middle, high = fits[measure].quantile([0.25, 0.5, 0.75])
            about = {"question": "fit of streams", "benchmark": path.stem, "row": "quartiles", "measure": measure}
            yield {**about, "value": middle, "low": low, "high": high, "over": "recordings", "n": len(fits)}


def _mean(values: pd.Series) -> dict[str, float]:
    return {"value": float(values.mean()), "sd": float(values.std()), "n": len(values)}
