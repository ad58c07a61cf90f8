"""All runs on own recordings: rows that the data allow, what is finished skipped, what fails told last."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pose2imu.atomic import write_json
from pose2imu.errors import InputError
from pose2imu.preprocessing.arrays import Recordings, save
from pose2imu.recipes import Runs, load_planned_runs, load_runs, write_recipes
from pose2imu.runner import own
from tests.own_data import TABLE, with_entry, write_folder
from tests.toy import PROJECT

NEED_POSES = {"regression_first", "regression_first_half", "joint", "joint_similarity", "imutube", "synthetic_clips"}
SIX_AXES = {"crc", "signal_image"}


@pytest.fixture
def planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    """A project's folder with an entry, its recipes, and recordings with both streams and angular velocity."""
    monkeypatch.chdir(tmp_path)
    for name in ("stages", "src"):
        (tmp_path / name).symlink_to(PROJECT / name)
    write_recipes(with_entry(lambda entry: entry.update(seeds=[0, 1])))
    folder = tmp_path / "data/own/example"
    folder.mkdir(parents=True)
    write_folder(folder, TABLE + "a,anna,walk,,s.csv,p.csv\n")
    normalized(np.ones((8, 3), np.float32))
    windows(clips=True)
    return load_planned_runs("example")


def windows(clips: bool) -> None:
    counts = dict.fromkeys(("train", "validation", "test"), 1)
    names = {"benchmark": "example", "dataset": "example", "classes": ["walk"]}
    people = {split: ["anna"] for split in counts}
    about = {
        **names,
        "synthetic": False,
        "clips": clips,
        "rate": 50,
        "window": 100,
        "stride": 10,
        "windows": counts,
        "recordings": counts,
        "subjects": people,
    }
    write_json(Path("data/windows/example/benchmark.json"), about)


def normalized(angular_velocity: np.ndarray | None) -> None:
    table = pd.DataFrame({"recording": ["a"], "subject": ["anna"], "start": [0], "stop": [8], "split": ["train"]})
    zeros = np.zeros((8, 3), np.float32)
    joints, label = np.zeros((8, 3, 3), np.float32), np.zeros(8, np.int8)
    save(Recordings(zeros, joints, label, table, angular_velocity), Path("data/normalized/example"))


def left_out(planned: Runs) -> set[str]:
    return planned.evaluated.keys() - own.allowed("example", planned).evaluated.keys()


def test_rows_that_the_data_allow(planned: Runs, capsys: pytest.CaptureFixture[str]) -> None:
    assert left_out(planned) == set()
    holed = np.ones((8, 3), np.float32)
    holed[3] = np.nan
    normalized(holed)
    assert left_out(planned) == SIX_AXES
    assert capsys.readouterr().err == (
        "example: without angular velocity in all recordings: no rows crc, signal_image\n"
    )
    windows(clips=False)
    assert left_out(planned) == SIX_AXES | {"real_clips", "synthetic_clips"}
    windows(clips=True)
    poses_alone = "b,dora,walk,,,p.csv\nc,cleo,sit,,,p.csv\n"
    write_folder(Path("data/own/example"), TABLE + "a,anna,walk,,s.csv,p.csv\n" + poses_alone)
    assert own.allowed("example", planned).names["synthetic_clips"].endswith(", with 1 recordings of poses alone")
    write_folder(Path("data/own/example"), TABLE + "a,anna,walk,,s.csv,\n")
    normalized(None)
    assert left_out(planned) == SIX_AXES | NEED_POSES
    without = own.allowed("example", planned)
    assert without.alone == {}
    assert without.names.keys() == without.methods.keys() == without.evaluated.keys()
    only = planned.model_copy(update={"evaluated": {"joint": [0]}})
    with pytest.raises(InputError, match="allows none of the rows joint"):
        own.allowed("example", only)


def test_what_is_finished_is_skipped_and_what_fails_is_told_last(
    planned: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = planned.model_copy(update={"evaluated": {"baseline": [0, 1], "regression_first": [0, 1]}})
    done: list[str] = []
    failing = {"baseline-1"}

    def execute(name: str, run: tuple[str, int]) -> str | None:
        row = f"{run[0]}-{run[1]}"
        done.append(row)
        if row in failing:
            return "bad luck"
        folder = Path(f"reports/{name}/runs/{row}")
        for path in (folder / "metrics.json", folder / "curve.csv", Path(f"data/models/{name}/{row}.safetensors")):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return None

    monkeypatch.setattr(own, "_execute", execute)
    Path("reports/example/runs/trees-0").mkdir(parents=True)
    with pytest.raises(InputError, match="example: 1 runs failed, the first: baseline-1: bad luck"):
        own.run_all("example", runs, jobs=1)
    assert done[:2] == ["regressor-0", "regressor-1"]
    assert {*done[2:]} == {"baseline-0", "baseline-1", "regression_first-0", "regression_first-1"}
    assert not Path("reports/example/runs/trees-0").exists()  # in no table any more
    assert load_runs("example") == runs
    failing.clear()
    done.clear()
    own.run_all("example", runs, jobs=2)
    assert done == ["baseline-1"]
    done.clear()
    own.run_all("example", runs, jobs=2)
    assert done == []
    # Another recipe, other data, a lost file: what depends on them is run again.
    recipe = Path("reports/recipes/own/example/baseline.json")
    recipe.write_text(recipe.read_text().replace('"epochs": 7', '"epochs": 8'))
    Path("reports/example/runs/regression_first-0/metrics.json").unlink()
    own.run_all("example", runs, jobs=1)
    assert done == ["baseline-0", "baseline-1", "regression_first-0"]
    done.clear()
    normalized(None)
    own.run_all("example", runs, jobs=1)
    assert len(done) == 6
    assert len(json.loads(Path("data/models/example/finished.json").read_bytes())) == 6


def test_each_row_has_its_scripts() -> None:
    assert own.scripts_of("regressor") == [["train", "--alone"]]
    assert own.scripts_of("joint") == [["train"], ["evaluate"]]
    assert own.scripts_of("synthetic_clips") == [["own_clips"]]
