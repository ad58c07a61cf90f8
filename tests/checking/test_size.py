"""dvc.yaml and dvc.lock are to stay readable, and quick for DVC to parse."""

from pathlib import Path

import pytest

from pose2imu import lock
from pose2imu.checking import size


def test_what_is_too_long_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dvc.yaml").write_text("stages:\n" + "  # line\n" * 9)
    entries = "  one:\n    cmd: a\n  two:\n    cmd: a\n    outs:\n    - path: b\n"
    (tmp_path / "dvc.lock").write_text(lock.EMPTY + entries)
    assert list(size.oversize(tmp_path)) == []
    monkeypatch.setattr(size, "PIPELINE_LINES", 9)
    monkeypatch.setattr(size, "LOCK_LINES", 7)
    monkeypatch.setattr(size, "ENTRY_LINES", 3)
    assert list(size.oversize(tmp_path)) == [
        "dvc.yaml: 10 lines; expected at most 9",
        "dvc.lock: 8 lines; expected at most 7",
        "dvc.lock: two: 4 lines; expected at most 3",
    ]
