"""A finished run is recorded again where code changed and results did not, and only there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pose2imu.checking.consistency import stale_stages
from pose2imu.checking.record import record
from pose2imu.errors import InputError

pytestmark = pytest.mark.xdist_group("end_to_end")


@pytest.fixture
def changed(restored: Path) -> Iterator[Path]:
    """The clone with a comment more in a module that all runs depend on, and without weights."""
    weights, module = restored / "data/models/sample", restored / "src/pose2imu/training.py"
    weights.rename(weights.with_name("elsewhere"))
    module.write_text(module.read_text() + "# A comment.\n")
    yield restored
    weights.with_name("elsewhere").rename(weights)


def test_code_that_changed_no_result_is_recorded_without_the_weights(changed: Path) -> None:
    lock = (changed / "dvc.lock").read_text()
    assert list(stale_stages(["report@sample"], changed)) != []
    recorded = record(["train_*@sample-*", "evaluate_*@sample-*"], changed)
    assert {"train_joint@sample-0", "evaluate_joint@sample-0", "train_trees@sample-0"} <= set(recorded)
    assert list(stale_stages(["report@sample"], changed)) == []
    assert lock.count("sample-0.safetensors") == (changed / "dvc.lock").read_text().count("sample-0.safetensors")


def test_a_result_that_changed_is_not_recorded(changed: Path) -> None:
    lock, curve = (changed / "dvc.lock").read_text(), changed / "reports/sample/curves/joint-0.csv"
    curve.write_text(curve.read_text() + "\n")
    with pytest.raises(InputError, match=r"^train_joint@sample-0: \S+joint-0\.csv is not what dvc\.lock has"):
        record(["train_*@sample-*"], changed)
    assert (changed / "dvc.lock").read_text() == lock


def test_a_pattern_that_names_nothing_is_an_error(changed: Path) -> None:
    with pytest.raises(InputError, match=r"dvc\.lock: no stage train_nothing@"):
        record(["train_joint@sample-*", "train_nothing@*"], changed)
