"""Clips of own recordings: pairs by their split, and poses alone of those who may be learned from."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pose2imu.errors import InputError
from pose2imu.loading.own_clips import lines_alone, paired_clips, require_samples, with_poses_alone
from pose2imu.preprocessing.arrays import Recordings, save
from tests.own_data import AT, TABLE, write_folder

LINES = "a,anna,walk,,s.csv,p.csv\nb,ben,sit,,t.csv,q.csv\nc,dora,sit,,,p.csv\nd,ben,walk,,,p.csv\ne,eve,run,,,p.csv\n"


@pytest.fixture
def name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Anna trains, ben is tested; dora has poses alone, and ben more of them, and eve of another activity."""
    monkeypatch.chdir(tmp_path)
    folder = Path("data/own/mine")
    folder.mkdir(parents=True)
    write_folder(folder, TABLE + LINES)
    table = pd.DataFrame({"recording": ["a", "b"], "subject": ["anna", "ben"], "start": [0, 120], "stop": [120, 200]})
    acceleration = np.arange(600, dtype=np.float32).reshape(200, 3)
    label = np.repeat(np.array([1, 0], np.int8), [120, 80])
    joints = np.zeros((200, 5, 3), np.float32)
    save(Recordings(acceleration, joints, label, table), Path("data/resampled/mine"))
    split = table.assign(split=["train", "test"])
    save(Recordings(acceleration / 9, joints[:, :3], label, split), Path("data/normalized/mine"))
    return "mine"


def test_pairs_are_in_physical_units_with_the_benchmarks_labels(name: str) -> None:
    train, test = paired_clips(name, ("train", "validation"), 50), paired_clips(name, ("test",), 50)
    assert (list(train.index.recording), list(train.label), list(test.index.subject)) == (["a"], [1], ["ben"])
    (signal,) = test.signals()
    assert signal.shape == (3, 80)
    assert list(signal[:, 0]) == [360, 361, 362]


def test_poses_alone_are_added_but_of_nobody_who_is_tested(name: str) -> None:
    classes = ["sit", "walk"]
    assert [line.recording for line in lines_alone(name, classes)] == ["c"]
    clips = with_poses_alone(paired_clips(name, ("train",), 50), name, classes, 1.0)
    assert list(clips.index.recording) == ["a", "c"]
    assert (list(clips.label), list(clips.has_sensor)) == ([1, 0], [True, False])
    added = clips.joints[1]
    assert added is not None
    assert added.shape == (199, 5, 3)  # 119 steps of 1/30 s, at 50 Hz
    np.testing.assert_allclose(added[0, :3], AT[[0, 2, 3]], atol=1e-6)  # the left shoulder, elbow and wrist
    require_samples(clips, 120)
    with pytest.raises(InputError, match=r"a: lasts 2\.40 s; expected 2\.42 at least, to learn from poses"):
        require_samples(clips, 121)


def test_poses_with_a_gap_are_left_out(name: str) -> None:
    with pytest.warns(UserWarning, match=r"p\.csv: has a gap of over 0\.01 s: it is left out"):
        clips = with_poses_alone(paired_clips(name, ("train",), 50), name, ["sit", "walk"], 0.01)
    assert len(clips) == 1
