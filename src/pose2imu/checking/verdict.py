"""Consistency of the verdict: breakdowns and words must follow from the predictions in git."""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from pose2imu.checking.consistency import stale_stages, wrong_metrics, wrong_predictions
from pose2imu.errors import InputError
from pose2imu.layout import REPORTS, breakdown_folder
from pose2imu.reporting import loss_weights, results
from pose2imu.reporting.breakdown.written import written as breakdown
from pose2imu.reporting.explanation.written import written as explained
from pose2imu.reporting.verdict.claims import load_claims
from pose2imu.reporting.verdict.written import written


def problems(benchmarks: Sequence[str], others: Sequence[str] = (), root: Path = Path()) -> Iterator[str]:
    """Tell what does not follow, one line each; `benchmarks` are judged, of `others` there is a breakdown alone."""
    folds = load_claims().folds
    try:
        for name in chain(*(folds.get(benchmark, [benchmark]) for benchmark in benchmarks), others):
            loaded = results.load(name, root)
            yield from chain(wrong_metrics(loaded, root), wrong_predictions(loaded, root))
            for file, text in breakdown(loaded, root).items():
                yield from _differs(root / breakdown_folder(name) / file, text)
        of_all = written(benchmarks, root) | explained(benchmarks, root) | loss_weights.written(root)
        for file, text in of_all.items():
            yield from _differs(root / REPORTS / file, text)
    except InputError as error:
        yield str(error)
        return
    yield from stale_stages(["verdict", "explanation", "loss_weights"], root)


def _differs(path: Path, expected: str) -> Iterator[str]:
    if not path.is_file() or path.read_text(encoding="utf-8") != expected:
        yield f"{path}: differs from what the predictions give; run `dvc repro verdict explanation loss_weights`"
