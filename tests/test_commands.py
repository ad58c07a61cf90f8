"""DVC's commands as people type them: what `-S` leaves of params.yaml, and what a command without a target runs."""

import difflib
import shutil
from pathlib import Path

import pytest
from dvc.repo import Repo
from dvc.utils.hydra import apply_overrides

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("overrides", "lines"),
    [
        (["beta=10"], 1),
        (["window=2", "datasets.sample.window=3"], 2),
        (["datasets.sample.window=3", "window=2"], 2),
        (["epochs=1", "rate=50", "learning_rate=0.00001"], 3),
        (["datasets.sample.epochs=1", "methods.augmentation.rotation=7"], 2),
    ],
)
def test_an_override_changes_its_own_lines_and_no_comment(overrides: list[str], lines: int, tmp_path: Path) -> None:
    path = shutil.copy(ROOT / "params.yaml", tmp_path / "params.yaml")
    apply_overrides(path, ["alpha=3"])  # lists in a line, as entries of own recordings may have, are DVC's from here on
    before = path.read_text()
    apply_overrides(path, overrides)
    changes = list(difflib.ndiff(before.splitlines(), path.read_text().splitlines()))
    assert sum(line.startswith("+ ") for line in changes) == lines
    assert not any(line.startswith("- ") and "#" in line for line in changes)


def test_without_a_target_nothing_needs_mm_fits_archive() -> None:
    with Repo(str(ROOT)) as repo:
        ours = [stage for stage in repo.index.stages if stage.relpath == "dvc.yaml"]
        assert len(ours) > 600
        assert not any("mm_fit" in path for stage in ours for path in (stage.cmd, *map(str, stage.deps)))
        whole = [stage.addressing for stage in repo.index.stages if stage.relpath == "mm_fit/dvc.yaml"]
    assert "mm_fit/dvc.yaml:download@mm_fit" in whole
    assert "mm_fit/dvc.yaml:report@mm_fit_unseen" in whole
