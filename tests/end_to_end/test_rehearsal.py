"""`make rehearsal` on sets of a few seconds: the real stages run on the simulated archive, and tell what they took."""

from pathlib import Path

import pandas as pd
import pytest

from pose2imu.checking.full_size import BENCHMARKS, STAGES, rehearse
from pose2imu.checking.rerun import clone
from pose2imu.datasets.mm_fit import PARTICIPANTS
from pose2imu.params import load_params

pytestmark = pytest.mark.xdist_group("rehearsal")


def test_rehearsal(tmp_path: Path) -> None:
    for name in PARTICIPANTS:
        (tmp_path / "labels" / name).mkdir(parents=True)
        (tmp_path / "labels" / name / f"{name}_labels.csv").write_text("2000,2300,10,squats\n2400,2600,9,lunges\n")
    root = tmp_path / "clone"
    clone(root)
    result = rehearse(root, tmp_path / "labels")

    assert result["synthetic"] is True
    assert result["sets"] == "of label files"
    assert set(result["stages"]) == set(STAGES)
    assert result["seconds"] == pytest.approx(sum(stage["seconds"] for stage in result["stages"].values()), abs=1)
    assert 0.05 < result["peak_memory_gib"] < 3
    params = load_params()
    for name in BENCHMARKS:
        index = pd.read_parquet(root / f"data/windows/{name}/index.parquet")
        for split in ("train", "validation", "test"):
            mine = index[index.split == split]
            assert result["windows_of"][name][split] == len(mine) > 0
            assert sum(result["classes_of"][name][split].values()) == len(mine)
            assert set(mine.recording) == set(getattr(params.protocols[name], split))
    # 600 frames and 20 s on both sides: about a minute of each workout.
    assert result["minutes"] == pytest.approx(21, abs=2)
