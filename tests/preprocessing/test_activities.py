"""Some of a dataset's activities."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pose2imu.errors import InputError
from pose2imu.preprocessing.activities import restrict
from pose2imu.preprocessing.arrays import HOLE
from tests.toy import toy_recordings


def test_others_are_holes_and_in_no_split_and_classes_are_numbered_in_the_order_given() -> None:
    recordings = toy_recordings()
    chosen = restrict(recordings, ["a", "b", "c"], ["c", "a"])
    for row, split in enumerate(recordings.table.split):
        before, after = recordings.label[recordings.of(row)][0], chosen.label[recordings.of(row)]
        assert set(after) == {{0: 1, 1: HOLE, 2: 0}[int(before)]}
        now = chosen.table.split.iat[row]
        assert pd.isna(now) if before == 1 else now == split


def test_a_hole_stays_one() -> None:
    recordings = toy_recordings()
    recordings = replace(recordings, label=np.concatenate([np.full(7, HOLE, np.int8), recordings.label[7:]]))
    assert set(restrict(recordings, ["a", "b", "c"], ["a", "b"]).label[:7]) == {HOLE}


def test_an_unknown_activity_is_named() -> None:
    with pytest.raises(InputError, match="the activity d; expected some of a, b, c"):
        restrict(toy_recordings(), ["a", "b", "c"], ["a", "d"])
    assert np.all(restrict(toy_recordings(), ["a", "b", "c"], ["a", "b", "c"]).label == toy_recordings().label)
