"""Which clips have their sensor data where it is scarce: drawn by the seed, the same for every row of the table.

Within a seed the draws are nested: what has its sensor data at one level has it at every higher one.
"""

from typing import get_args

import numpy as np
import pandas as pd

from pose2imu.errors import InputError
from pose2imu.params import Scenario

# Of the clips of each class; 0 is one clip of each.
SHARES = {"one_a_class": 0.0, "eighth": 1 / 8, "quarter": 1 / 4, "half": 1 / 2, "all": 1.0}
GROUPS = 9  # of new activities: every ninth class, so that classes that are told apart with difficulty are in several
# For four people: each of them once with one, all four pairs of neighbours and one pair more, each once left out.
ORDERS = ((0, 1, 2, 3), (1, 2, 3, 0), (2, 3, 0, 1), (3, 0, 1, 2), (0, 2, 1, 3))


def labelled_clips(index: pd.DataFrame, scenario: Scenario, level: str, seed: int) -> np.ndarray:
    """Say which clips (clips,) have their sensor data; `index` has the columns subject and label.

    clips: a share of each class. people: so many of the people, `level`. new_activity: all classes but those of the
    group `level`.
    """
    label = index.label.to_numpy()
    match scenario:
        case "clips" if level in SHARES:
            return _by_share(label, SHARES[level], seed)
        case "people" if level.isdecimal() and 1 <= int(level) <= index.subject.nunique():
            return index.subject.isin(_people(index, int(level), seed)).to_numpy()
        case "new_activity" if level.isdecimal() and int(level) < GROUPS:
            return ~np.isin(label, new_classes(level, int(label.max()) + 1))
    raise InputError(f"{scenario} has no level {level!r}; scenarios are {', '.join(get_args(Scenario))}")


def new_classes(level: str, classes: int) -> list[int]:
    """Name the classes without sensor data in a group of new activities."""
    return list(range(int(level), classes, GROUPS))


def _by_share(label: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Take the first clips of each class in a random order of all clips, which no level changes."""
    order = np.random.default_rng([seed, 0]).permutation(len(label))
    labelled = np.zeros(len(label), bool)
    for value in np.unique(label):
        of_class = order[label[order] == value]
        labelled[of_class[: max(round(share * len(of_class)), 1)]] = True
    return labelled


def _people(index: pd.DataFrame, count: int, seed: int) -> list[str]:
    people = list(dict.fromkeys(index.subject))
    return [people[number] for number in ORDERS[seed % len(ORDERS)] if number < len(people)][:count]
