"""A finished run is recorded again where code changed and results did not, and only there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pose2imu.checking.consistency import stale_stages
from pose2imu.checking.record import record
from pose2imu.errors import InputError
from tests.end_to_end.project import execute

pytestmark = pytest.mark.xdist_group("end_to_end")


@pytest.fixture
def changed(restored: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The clone with a line more in a module that all runs depend on, its recipes made again, and without data."""
    monkeypatch.chdir(restored)
    module = restored / "src/pose2imu/training.py"
    module.write_text(module.read_text() + "MORE = True\n")
    execute(restored, "dvc", "repro", "--quiet", "recipes")
    (restored / "data").rename(restored / "elsewhere")
    yield restored
    (restored / "elsewhere").rename(restored / "data")


def test_code_that_changed_no_result_is_recorded_without_data_and_weights(changed: Path) -> None:
    lock = (changed / "dvc.lock").read_text()
    assert list(stale_stages(["report@sample"])) != []
    recorded = record(["*@*sample*"])
    assert {"train_sample@joint-sample-0", "evaluate_sample@joint-sample-0", "alone_sample@regressor-sample-0"} <= set(
        recorded
    )
    assert list(stale_stages(["report@sample"])) == []
    assert len(lock.splitlines()) == len((changed / "dvc.lock").read_text().splitlines())


def test_a_result_that_changed_is_not_recorded(changed: Path) -> None:
    lock, curve = (changed / "dvc.lock").read_text(), changed / "reports/sample/runs/joint-0/curve.csv"
    curve.write_text(curve.read_text() + "\n")
    with pytest.raises(InputError, match=r"^evaluate_sample@joint-sample-0: \S+joint-0 is not what dvc\.lock has"):
        record(["*@joint-sample-*"])
    assert (changed / "dvc.lock").read_text() == lock


def test_a_pattern_that_names_nothing_is_an_error(changed: Path) -> None:
    with pytest.raises(InputError, match=r"dvc\.lock: no stage train_nothing@"):
        record(["*@joint-sample-*", "train_nothing@*"])
