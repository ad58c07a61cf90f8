"""A model on disk: one safetensors file, whose header says what it is, what it takes and what it learned from.

The header is one JSON under one key, as in weights.py: the same training gives the same bytes.
"""

import json
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar

import numpy as np
from pydantic import Field, TypeAdapter, ValidationError
from pydantic.types import NonNegativeInt, PositiveFloat, PositiveInt
from safetensors import SafetensorError, safe_open

from pose2imu.errors import InputError
from pose2imu.loading.data import State
from pose2imu.method_params import Probability, Strict
from pose2imu.params import first_problem
from pose2imu.tensors import write_tensors

SHIPPED = Path(__file__).parents[3] / "models"  # of a checkout; an installed package has none
SUFFIX = ".safetensors"


class TrainedOn(Strict):
    """What a model learned from."""

    data: str  # utd_mhad, or the folder's name
    people: Annotated[list[str], Field(min_length=1)]
    clips: PositiveInt
    with_sensor: PositiveInt
    with_pose: NonNegativeInt
    method: str
    seed: NonNegativeInt
    options: dict[str, Any]


class Header(Strict):
    """What every model says of itself."""

    version: Literal[1] = 1  # of the format
    rate: PositiveInt  # samples a second
    axes: Literal["xyz"] = "xyz"  # the sensor's own
    unit: Literal["m/s2"] = "m/s2"  # with gravity
    places: Annotated[list[str], Field(min_length=1)]  # of formats.streams.PLACES
    trained_on: TrainedOn


class ClassifierHeader(Header):
    """A residual CNN over clips, stretched to `length` samples: m/s² to probabilities of activities."""

    kind: Literal["classifier"] = "classifier"
    activities: Annotated[list[str], Field(min_length=2)]
    length: Annotated[int, Field(ge=16, le=2**16)]
    widths: Annotated[list[Annotated[int, Field(ge=1, le=4096)]], Field(min_length=1, max_length=16)]
    dropout: Probability
    networks: Annotated[int, Field(ge=1, le=64)]
    seconds: PositiveFloat  # the middle length of its training clips
    longest: PositiveFloat  # and the greatest


class RegressorHeader(Header):
    """A PoseRegressor: features of poses (loading/pose_features.py) to m/s²."""

    kind: Literal["regressor"] = "regressor"
    features: Annotated[int, Field(ge=1, le=4096)]
    dropout: Probability


Any_ = TypeVar("Any_", ClassifierHeader, RegressorHeader)
_HEADER: TypeAdapter[ClassifierHeader | RegressorHeader] = TypeAdapter(
    Annotated[ClassifierHeader | RegressorHeader, Field(discriminator="kind")]
)


class Model(NamedTuple, Generic[Any_]):
    """A model as it was trained."""

    path: Path
    header: Any_
    state: State


def save_model(path: Path, header: Header, state: State) -> None:
    """Write a model; the same header and arrays give the same bytes."""
    write_tensors(path, state, {"model": json.dumps(header.model_dump())})


def load_model(path: Path, kind: type[Any_]) -> Model[Any_]:
    """Read what `save_model` wrote; InputError, of one line, where it is not that, not of the kind, or not finite."""
    wanted = kind.model_fields["kind"].default
    expected = f"expected a {wanted} that `pose2imu train` wrote"
    try:
        with safe_open(path, framework="numpy") as file:
            header = _HEADER.validate_json((file.metadata() or {})["model"])
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
    except KeyError as error:
        raise InputError(f"{path}: its header has no {error}; {expected}") from error
    except ValidationError as error:
        raise InputError(f"{path}: its header: {first_problem(error)}; {expected}") from error
    except (OSError, ValueError, SafetensorError) as error:
        raise InputError(f"{path}: {' '.join(str(error).split())}; {expected}") from error
    if not isinstance(header, kind):
        raise InputError(f"{path}: a {header.kind}; {expected}")
    for name, array in state.items():
        if array.dtype.kind not in "fiu" or not np.isfinite(array).all():
            raise InputError(f"{path}: {name} is not all finite numbers; {expected}")
    return Model(path, header, state)


def found(name: str, shipped: Path = SHIPPED) -> Path:
    """Give the file of a model: a path, or the name of one of those in the project's models/."""
    if (path := Path(name)).exists() or path.suffix or len(path.parts) > 1:
        return path
    if (there := shipped / f"{name}{SUFFIX}").is_file():
        return there
    names = ", ".join(sorted(path.stem for path in shipped.glob(f"*{SUFFIX}"))) or "none"
    raise InputError(f"{name}: no such file; expected a model's path, or a name of those in {shipped}: {names}")
