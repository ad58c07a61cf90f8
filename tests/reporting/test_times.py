"""How long runs took, for README.md."""

import json
from pathlib import Path

import pytest

from pose2imu.reporting.times import times

RUNS = Path("reports/b/runs")


def test_recorded_seconds_are_summed_and_a_gpu_has_a_sentence(tmp_path: Path) -> None:
    of_runs = {"joint-0": (1800, "cpu"), "joint-1": (3600, "cpu"), "joint-2": None, "joint-3": (20, "cuda")}
    for name, record in of_runs.items():
        folder = tmp_path / RUNS / name
        folder.mkdir(parents=True)
        (folder / "metrics.json").write_text("{}")
        if record:
            (folder / "runtime.json").write_text(json.dumps(dict(zip(("seconds", "device"), record, strict=True))))
    table = times(["b"], tmp_path)
    assert "| `dvc repro report@b` | 2 of 4 | 90 minutes |" in table
    assert "GPU" not in table

    found = {"card": {"name": "X"}, "run": {"seconds": 20.4, "times": 11.7}}
    (tmp_path / "reports/gpu.json").write_text(json.dumps(found))
    said = times(["b"], tmp_path)
    assert said.startswith(table)
    assert "On one X a joint run took 20 seconds, 12 times as fast as without CUDA graphs" in said


@pytest.mark.parametrize("found", [{}, {"card": {"name": "X"}}])
def test_what_a_card_did_not_measure_is_not_said(tmp_path: Path, found: dict[str, object]) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports/gpu.json").write_text(json.dumps(found))
    assert " X " not in times([], tmp_path)
