"""Who has sensor data where it is scarce."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from pose2imu.errors import InputError
from pose2imu.loading.scarce import SHARES, labelled_clips, new_classes

PEOPLE = ["s1", "s3", "s5", "s7"]
INDEX = pd.DataFrame(
    [{"subject": person, "label": label} for person in PEOPLE for label in range(27) for _ in range(4)]
)


@pytest.mark.parametrize("seed", range(3))
def test_smaller_shares_lie_within_larger_ones_and_have_as_many_of_each_class(seed: int) -> None:
    draws = [labelled_clips(INDEX, "clips", level, seed) for level in SHARES]
    assert [draw.sum() for draw in draws] == [27, 54, 108, 216, 432]
    for smaller, larger in pairwise(draws):
        assert not (smaller & ~larger).any()
        assert set(INDEX.label[smaller].value_counts()) == {smaller.sum() / 27}


def test_seeds_draw_differently_and_each_the_same_again() -> None:
    first, again, other = (labelled_clips(INDEX, "clips", "quarter", seed) for seed in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_people_are_taken_in_all_combinations_of_one_and_three() -> None:
    for count in (1, 3):
        taken = {tuple(INDEX.subject[labelled_clips(INDEX, "people", str(count), s)].unique()) for s in range(4)}
        assert len(taken) == 4
        assert {len(people) for people in taken} == {count}
    pairs = {tuple(INDEX.subject[labelled_clips(INDEX, "people", "2", seed)].unique()) for seed in range(5)}
    assert len(pairs) == 5
    assert labelled_clips(INDEX, "people", "4", 0).all()


def test_every_activity_is_new_once() -> None:
    groups = [new_classes(str(number), 27) for number in range(9)]
    assert sorted(value for group in groups for value in group) == list(range(27))
    for number, group in enumerate(groups):
        without = ~labelled_clips(INDEX, "new_activity", str(number), 0)
        assert sorted(INDEX.label[without].unique()) == group


@pytest.mark.parametrize(("scenario", "level"), [("clips", "third"), ("people", "5"), ("new_activity", "9")])
def test_an_unknown_level_is_one_clear_line(scenario: str, level: str) -> None:
    with pytest.raises(InputError, match=f"{scenario} has no level '{level}'"):
        labelled_clips(INDEX, scenario, level, 0)
