"""How own data is trained on: the two rows of the experiment with scarce sensor data, told without params.yaml."""

from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple, get_args

from pydantic import ValidationError

from pose2imu.errors import InputError
from pose2imu.method_params import SyntheticClips
from pose2imu.params import first_problem

Row = Literal["synthetic_clips", "strong_cnn"]
ROWS: tuple[Row, ...] = get_args(Row)


class Cutting(NamedTuple):
    """How recordings become clips; seconds."""

    rate: int  # Hz
    longest: float
    piece: float
    stride: float


@cache
def method_file() -> dict[str, Any]:
    """Read method.yaml of the package."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - as in params.py

    return YAML(typ="safe").load((files("pose2imu.own") / "method.yaml").read_text(encoding="utf-8"))


def cutting() -> Cutting:
    """Give how recordings become clips."""
    return Cutting(**{name: method_file()[name] for name in Cutting._fields})


def options_of(row: Row, **changes: Any) -> SyntheticClips:
    """Give a row's options, `changes` among them; InputError where one is none or impossible."""
    raw = method_file()
    try:
        return SyntheticClips.model_validate({**raw["values"], **raw["rows"][row], **changes})
    except ValidationError as error:
        raise InputError(f"training: {first_problem(error)}") from error
