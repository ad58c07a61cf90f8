"""files.csv lists what a table rests on."""

import hashlib
from pathlib import Path

from pose2imu.reporting.files import listing


def test_all_of_the_runs_is_listed_but_times(tmp_path: Path) -> None:
    folder = tmp_path / "reports/b"
    for path in ("runs/joint-0/metrics.json", "runs/joint-0/runtime.json", "runs/baseline-0/curve.csv", "table.csv"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(path)
    (folder / "benchmark.json").write_text("b")
    table = listing("b", tmp_path)
    assert list(table.path) == ["benchmark.json", "runs/baseline-0/curve.csv", "runs/joint-0/metrics.json"]
    assert list(table.md5) == [hashlib.md5((folder / path).read_bytes()).hexdigest() for path in table.path]
