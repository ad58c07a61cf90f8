"""Fixtures of the report's tests."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from fabricate import METHODS, fabricate

from pose2imu.reporting.results import Results, load


@pytest.fixture
def fabricated(tmp_path: Path) -> Callable[..., Results]:
    """Fabricate a benchmark's results in tmp_path, and load them."""

    def make(benchmark: str, seeds: Sequence[int] = (0, 1), methods: Sequence[str] = METHODS) -> Results:
        fabricate(tmp_path, benchmark, methods, seeds)
        return load(benchmark, tmp_path)

    return make
