"""The package's own values are those of the project's params.yaml."""

import pytest

from pose2imu.errors import InputError
from pose2imu.own.method import ROWS, Row, cutting, options_of
from tests.toy import params


@pytest.mark.parametrize("row", ROWS)
def test_values_are_those_of_params_yaml(row: Row) -> None:
    said = params().scarce_options(row).model_dump()
    own = options_of(row).model_dump()
    assert {name: own[name] for name in said} == said  # strong_cnn does not read the values of R


def test_rate_and_place_are_those_of_the_experiment() -> None:
    assert cutting().rate == params().of("utd_mhad", "rate")


def test_an_impossible_value_is_one_line() -> None:
    with pytest.raises(InputError, match=r"training: dropout: .*less than 1"):
        options_of("strong_cnn", dropout=2.0)
    with pytest.raises(InputError, match="training: colour"):
        options_of("strong_cnn", colour="red")
