"""Consistency of the models in git: metrics follow from predictions, cards from both and from the files' headers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from pose2imu.errors import InputError
from pose2imu.layout import REPORTS
from pose2imu.own.cards import card
from pose2imu.own.classify import load_classifier
from pose2imu.own.model import SUFFIX, Header
from pose2imu.own.regressors import load_regressor
from pose2imu.own.scores import classifier_scores, regressor_scores
from pose2imu.own.shipped import NAMES

MODELS, MOST_BYTES = Path("models"), 3_000_000
EXACT = 1e-9


def problems(root: Path = Path()) -> Iterator[str]:
    """Tell what does not follow, one line each; nothing where all is well."""
    for name in NAMES:
        try:
            yield from wrong(name, root)
        except InputError as error:
            yield str(error)
    files = sorted((root / MODELS).glob(f"*{SUFFIX}"))
    yield from (f"{file}: no stage makes it" for file in files if file.stem not in NAMES)
    if (size := sum(file.stat().st_size for file in files)) > MOST_BYTES:
        yield f"{root / MODELS}: {size} bytes of weights; expected {MOST_BYTES} at most"


def wrong(name: str, root: Path) -> Iterator[str]:
    """Tell what of one model does not follow."""
    weights, page = (root / MODELS / f"{name}{suffix}" for suffix in (SUFFIX, ".md"))
    said, predictions = (root / REPORTS / "models" / f"{name}{suffix}" for suffix in (".json", ".parquet"))
    header: Header
    if classifies := name.endswith("classifier"):
        header = load_classifier(weights)[0].header
    else:
        header = load_regressor(weights).header
    try:
        metrics, table = json.loads(said.read_text(encoding="utf-8")), pd.read_parquet(predictions)
    except (OSError, ValueError) as error:
        raise InputError(f"{said} or {predictions.name}: cannot be read: {error}") from error
    if set(table.subject) != set(header.trained_on.people):
        yield f"{predictions}: not of the people that {weights.name} names, each tested by who does not know them"
    if not same((classifier_scores if classifies else regressor_scores)(table), metrics):
        yield f"{said}: not what {predictions.name} gives; run `dvc repro model@{name}`"
    if not page.is_file() or page.read_text(encoding="utf-8") != card(name, header, metrics):
        yield f"{page}: not what {said.name} and {weights.name} give; run `dvc repro model@{name}`"


def same(one: Any, other: Any) -> bool:
    """Whether two nested values are the same, numbers up to rounding."""
    match one, other:
        case dict(), dict():
            return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
        case list(), list():
            return len(one) == len(other) and all(map(same, one, other))
        case float(), float() | int():
            return abs(one - other) <= EXACT
    return bool(one == other)
