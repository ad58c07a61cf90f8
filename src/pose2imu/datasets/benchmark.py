"""A benchmark as the window stage describes it: benchmark.json, and the statistics beside it."""

from pathlib import Path
from typing import Annotated, Literal, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, PositiveInt, RootModel, ValidationError

from pose2imu.errors import InputError
from pose2imu.layout import REPORTS, WINDOWS, existing

Split = Literal["train", "validation", "test"]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Model = TypeVar("Model", bound=BaseModel)


class Benchmark(BaseModel):
    """What is classified, and who is in which split."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    benchmark: str
    dataset: str
    synthetic: bool
    classes: list[str]
    clips: bool  # one activity to a recording: whole ones are classified too
    rate: PositiveInt  # samples per second
    window: PositiveInt  # samples
    stride: PositiveInt  # samples
    windows: dict[Split, int]
    recordings: dict[Split, int]
    subjects: dict[Split, list[str]]


class Statistics(BaseModel):
    """Of the training recordings, per channel: of the acceleration, m/s², or the angular velocity, rad/s."""

    mean: Annotated[list[FiniteFloat], Field(min_length=3, max_length=3)]
    std: Annotated[list[Positive], Field(min_length=3, max_length=3)]


class AllStatistics(RootModel[dict[str, Statistics]]):
    """By stream: acceleration, and angular_velocity where there is one."""

    def of(self, axes: int) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation (axes,) of 3 axes of acceleration, or of 6 with those of angular velocity."""
        names = ("acceleration", "angular_velocity")[: axes // 3]
        if missing := [name for name in names if name not in self.root]:
            raise InputError(f"statistics.json has no {missing[0]}, which a method of {axes} axes needs: make it again")
        streams = [self.root[name] for name in names]
        mean, std = ([value for stream in streams for value in getattr(stream, key)] for key in ("mean", "std"))
        return np.array(mean), np.array(std)


def load_benchmark(benchmark: str) -> Benchmark:
    """Read what the window stage wrote for training and evaluation."""
    return read_model(WINDOWS / benchmark / "benchmark.json", Benchmark)


def published_benchmark(benchmark: str, root: Path = Path()) -> Benchmark:
    """Read the copy that is kept in git."""
    return read_model(root / REPORTS / benchmark / "benchmark.json", Benchmark)


def load_statistics(benchmark: str) -> AllStatistics:
    """Read what the normalize stage took off the signals."""
    return read_model(WINDOWS / benchmark / "statistics.json", AllStatistics)


def read_model(path: Path, model: type[Model]) -> Model:
    """Read a JSON file that an earlier stage wrote; InputError that names it and what is wrong."""
    try:
        return model.model_validate_json(existing(path).read_bytes())
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise InputError(f"{path}: {where}: {problem['msg']}") from error
