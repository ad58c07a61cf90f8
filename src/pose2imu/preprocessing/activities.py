"""A benchmark of some of a dataset's activities: what is not among them is no class, and in nobody's windows."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pose2imu.errors import InputError
from pose2imu.preprocessing.arrays import HOLE, Recordings


def restrict(recordings: Recordings, classes: Sequence[str], activities: Sequence[str]) -> Recordings:
    """Number the `activities` anew, in their order, among recordings that carry a `split` column.

    Samples of other activities count as a hole, so that they are in no window and in no statistics; a recording that
    has nothing else is in no split. Raises InputError for an activity that is not one of the dataset's `classes`.
    """
    if unknown := [activity for activity in activities if activity not in classes]:
        raise InputError(f"benchmark names the activity {', '.join(unknown)}; expected some of {', '.join(classes)}")
    numbers = np.full(len(classes) + 1, HOLE, np.int8)  # the last is a hole's own, by its index -1
    numbers[[list(classes).index(activity) for activity in activities]] = range(len(activities))
    label = numbers[recordings.label]
    kept = [bool((label[recordings.of(row)] != HOLE).any()) for row in range(len(recordings.table))]
    table = recordings.table.assign(split=recordings.table.split.where(np.array(kept), None))
    return replace(recordings, label=label, table=table)
