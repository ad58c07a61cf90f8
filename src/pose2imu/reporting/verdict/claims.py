"""The paper's claims: claims.yaml, validated."""

from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import yaml
from pydantic import Field

from pose2imu.method_params import Strict

Measure = Literal["window_f1", "clip_accuracy", "mse", "mse_spread", "high_frequency"]
Side = Literal["higher", "lower"]


class Claim(Strict):
    """A claim, and the comparison of two rows, the first less the second, that tests it."""

    title: str
    where: str  # in the paper
    first: str
    second: str
    measure: Measure
    better: Side  # what is claimed of the first, where the paper prints no figures
    decides: str  # the benchmark whose interval over people, or else over seeds, gives the claim its word
    margin: Annotated[float, Field(gt=0)] | None = None  # of a claim to be no worse
    benchmarks: list[str] | None = None  # where it can be judged as it was published; None: everywhere


class ScarceClaim(Strict):
    """A claim on scarce labels: two rows of that experiment, by the accuracy of clips."""

    title: str
    where: str
    first: str
    second: str
    level: str
    better: Side


class Claims(Strict):
    """All claims, the rule in words, and the folds that are one benchmark together."""

    rule: str
    folds: dict[str, list[str]]
    claims: dict[str, Claim]
    scarce: dict[str, ScarceClaim]


@cache
def load_claims() -> Claims:
    """Read claims.yaml."""
    text = files("pose2imu.reporting.verdict").joinpath("claims.yaml").read_text(encoding="utf-8")
    return Claims.model_validate(yaml.safe_load(text))
