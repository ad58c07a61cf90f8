"""Fixtures of the report's tests."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from fabricate import METHODS, PUBLISHED, fabricate

from pose2imu.atomic import write_csv
from pose2imu.reporting import classes, figures, tables
from pose2imu.reporting.comparisons import comparisons
from pose2imu.reporting.results import Results, load


@pytest.fixture
def fabricated(tmp_path: Path) -> Callable[..., Results]:
    """Fabricate a benchmark's results in tmp_path, and load them."""

    def make(benchmark: str, seeds: Sequence[int] = (0, 1), methods: Sequence[str] = METHODS) -> Results:
        fabricate(tmp_path, benchmark, methods, seeds)
        return load(benchmark, tmp_path)

    return make


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write tables and figures of two fabricated benchmarks, as the report stage does; nobody changes them."""
    root = tmp_path_factory.mktemp("published")
    for benchmark, methods in PUBLISHED.items():
        fabricate(root, benchmark, methods, (0,))
        results, folder = load(benchmark, root), root / "reports/tables" / benchmark
        write_csv(folder / "table.csv", tables.table(results))
        write_csv(folder / "comparisons.csv", comparisons(results))
        write_csv(folder / "by_class.csv", classes.f1_by_class(results))
        write_csv(folder / "confusions.csv", classes.confusions(results))
        figures.draw(results, folder / "figures")
    return root
