"""The runs with scarce sensor data, read back."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from pydantic import BaseModel, ConfigDict

from pose2imu.datasets.benchmark import read_model
from pose2imu.errors import InputError
from pose2imu.evaluation.scarce import scarce_scores
from pose2imu.layout import existing, scarce_folder
from pose2imu.recipes import ScarceRuns, load_scarce_runs

FIRST = "strong_cnn"  # real clips alone: what the others are compared with
ORACLE = "oracle"  # the same with all sensor data, whatever the level
ALL_LABELLED = ("clips", "all")  # the scenario and level in which nothing is withheld
GROUP, ALL_GROUPS = "new_activity", "all groups"


class Metrics(BaseModel):
    """A run's metrics."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    row: str
    scenario: str
    level: str
    seed: int
    labelled_clips: int
    labelled: str
    f1: float
    accuracy: float


class Results(NamedTuple):
    """All runs; both frames have the columns row, scenario, level and seed."""

    about: ScarceRuns
    runs: pd.DataFrame  # one row a run: labelled_clips, labelled, accuracy, f1
    people: pd.DataFrame  # one row a run and test person: subject, accuracy


def load(root: Path = Path(), *, partial: bool = False) -> Results:
    """Read the runs that params.yaml names; InputError where one is missing, unless the table is to be `partial`."""
    about = load_scarce_runs(root)
    runs, people = [], []
    for scenario, level, row, seed in expected(about):
        folder = root / scarce_folder(scenario, level, row, seed)
        if partial and not (folder / "metrics.json").is_file():
            continue
        metrics = read_model(folder / "metrics.json", Metrics)
        if (metrics.scenario, metrics.level, metrics.row, metrics.seed) != (scenario, level, row, seed):
            raise InputError(f"{folder}/metrics.json: is not of this run")
        clips = pd.read_parquet(existing(folder / "clips.parquet"))
        runs.append(metrics.model_dump())
        people += [{**metrics.model_dump(), **one} for one in _by_person(clips, metrics)]
    if not runs:
        raise InputError("reports/scarce: there are no runs yet")
    count = len(about.train)
    return Results(about, _with_copies(pd.DataFrame(runs), count), _with_copies(pd.DataFrame(people), count))


def expected(about: ScarceRuns) -> Iterator[tuple[str, str, str, int]]:
    """Name the runs of all studies: scenario, level, row and seed, each once."""
    named = {
        (study.scenario, str(level), row, seed): None
        for study in about.studies.values()
        for level in study.level
        for row in study.row
        for seed in study.seed
    }
    yield from named


def classes_of(clips: pd.DataFrame) -> int:
    """Count the classes that predictions have a probability of."""
    return sum(name[0] == "p" and name[1:].isdecimal() for name in clips)


def _by_person(clips: pd.DataFrame, metrics: Metrics) -> Iterator[dict[str, object]]:
    for subject, of_person in clips.groupby("subject"):
        yield {"subject": subject, **scarce_scores(of_person, metrics.scenario, metrics.level, classes_of(clips))}


def _with_copies(frame: pd.DataFrame, people: int) -> pd.DataFrame:
    """Add what needs no run of its own: all people's sensor data, the oracle, and the mean over new activities."""
    frame = frame.drop(columns="labelled") if "subject" in frame else frame
    everything = frame[(frame.scenario == ALL_LABELLED[0]) & (frame.level == ALL_LABELLED[1])]
    copies = []
    oracle = everything[everything.row == FIRST].assign(row=ORACLE)
    for scenario in frame.scenario.unique():
        of_scenario = frame[frame.scenario == scenario]
        levels = list(of_scenario.level.unique())
        if scenario == "people":
            of_all = everything[everything.seed.isin(of_scenario.seed) & everything.row.isin(of_scenario.row)]
            levels.append(str(people))
            copies.append(of_all.assign(scenario=scenario, level=str(people)))
        if scenario != GROUP:
            copies += [oracle.assign(scenario=scenario, level=level) for level in levels]
    groups = frame[frame.scenario == GROUP]
    if len(groups):
        keys = [name for name in ("row", "scenario", "seed", "subject") if name in groups]
        counted = groups.groupby(keys)["level"].transform("nunique")
        whole = groups[counted == counted.max()]
        means = whole.groupby(keys, sort=False)[["labelled_clips", "accuracy", "f1"]].mean().reset_index()
        copies.append(means.assign(level=ALL_GROUPS))
    return pd.concat([frame, *copies], ignore_index=True)
