"""The files that describe a folder of own recordings: recordings.csv, a line each, and dataset.yaml, how to read them.

`pose2imu init` writes both, `pose2imu train` and the pipeline (own/dvc.yaml) read them; docs/own_data.md explains them.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, ValidationError, field_validator, model_validator

from pose2imu.errors import InputError
from pose2imu.formats.streams import PLACES
from pose2imu.params import first_problem

TABLE, DESCRIPTION = "recordings.csv", "dataset.yaml"
COLUMNS = ("recording", "subject", "activity", "intervals", "acceleration", "poses")  # the last four may be missing
Text = Annotated[str, Field(min_length=1)]
Model = TypeVar("Model", bound=BaseModel)


class Strict(BaseModel):
    """No unknown key, no number that is none."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class SensorFiles(Strict):
    """How sensor files are read; what is left out is guessed, file by file (formats.inertial)."""

    columns: dict[str, str] | None = None  # time, ax, ay, az, gx, gy, gz → the file's own names
    unit: Text | None = None  # of acceleration
    turn_unit: Text | None = None  # of angular velocity
    time_unit: Text | None = None
    rate: PositiveFloat | None = None  # Hz, where files have no times


class PoseFiles(Strict):
    """How pose files are read; what is left out is guessed, file by file (formats.poses)."""

    format: Text | None = None
    up: Text | None = None
    unit: Text | PositiveFloat | None = None  # or metres a unit
    rate: PositiveFloat | None = None  # Hz, where files have no times


class Description(Strict):
    """dataset.yaml."""

    place: Text  # where the sensor is worn: one of formats.streams.PLACES
    # shared: the times of a recording's two files are of one clock; start: each file begins at the same moment;
    # span: it ends at the same moment, too, and poses are stretched onto the sensor's time.
    clock: Literal["shared", "start", "span"] = "shared"
    rest: Text = "non_activity"  # the class of what is in no labelled interval
    # Whether recordings are clips, which are classified whole too; left out: where each has one activity and is short.
    clips: bool | None = None
    # Of recordings without poses, where others have some: left out of the tables, whose rows are all trained and tested
    # on the same windows; or in them, which then have no rows that need poses.
    without_poses: Literal["left_out", "real_rows"] = "left_out"
    synthetic: bool = False  # simulated: wherever results are shown, it is said
    sensor: SensorFiles = SensorFiles()
    poses: PoseFiles = PoseFiles()

    @field_validator("place")
    @classmethod
    def _is_known(cls, place: str) -> str:
        if place not in PLACES:
            raise ValueError(f"expected one of {', '.join(PLACES)}")
        return place


class Line(Strict):
    """A line of recordings.csv; files are named from the folder on."""

    recording: Text
    subject: Text
    activity: Text | None = None
    intervals: Text | None = None  # a file instead of an activity
    acceleration: Text | None = None
    poses: Text | None = None

    @model_validator(mode="after")
    def _has_what_it_must(self) -> "Line":
        if (self.activity is None) == (self.intervals is None):
            raise ValueError("expected an activity, or a file of intervals, and not both")
        if self.acceleration is None and self.poses is None:
            raise ValueError("expected an acceleration file, a pose file or both")
        for name in (self.intervals, self.acceleration, self.poses):
            # DVC follows the folder: what lies elsewhere could change without its results becoming stale.
            if name is not None and ((path := PurePosixPath(name)).is_absolute() or ".." in path.parts):
                raise ValueError(f"{name} lies outside; expected files in the folder")
        return self


class Interval(Strict):
    """A line of a file of labelled intervals: seconds on the recording's clock."""

    start: float
    stop: float
    activity: Text

    @model_validator(mode="after")
    def _lasts(self) -> "Interval":
        if self.stop <= self.start:
            raise ValueError(f"stops at {self.stop}; expected a time after its start, {self.start}")
        return self


def read_description(folder: Path) -> Description:
    """Read dataset.yaml."""
    # Here: the command's --help does without.
    from ruamel.yaml import YAML  # noqa: PLC0415
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    path = _existing(folder / DESCRIPTION)
    try:
        raw = YAML(typ="safe").load(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, YAMLError) as error:
        raise InputError(f"{path}: cannot be read as YAML: {' '.join(str(error).split())}") from error
    return _validated(path, Description, {} if raw is None else raw)


def read_lines(folder: Path) -> list[Line]:
    """Read recordings.csv and see that its files are there."""
    path = _existing(folder / TABLE)
    lines = [_validated(f"{path}, line {number}", Line, row) for number, row in _rows(path, COLUMNS, COLUMNS[:2])]
    if not lines:
        raise InputError(f"{path}: has no recordings; expected one a line, below {','.join(COLUMNS)}")
    names = [line.recording for line in lines]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"{path}: {', '.join(twice)} stands in it more than once; expected another name for each")
    for line in lines:
        for name in (line.intervals, line.acceleration, line.poses):
            if name is not None and not (folder / name).is_file():
                raise InputError(f"{folder / name}: missing; {path} names it for {line.recording}")
    return lines


def read_intervals(path: Path) -> tuple[Interval, ...]:
    """Read a file of labelled intervals (start,stop,activity), by time; they must not overlap."""
    columns = tuple(Interval.model_fields)
    found = [_validated(f"{path}, line {number}", Interval, row) for number, row in _rows(path, columns, columns)]
    if not found:
        raise InputError(f"{path}: has no intervals; expected one a line, below {','.join(columns)}")
    found.sort(key=lambda interval: interval.start)
    for before, after in pairwise(found):
        if after.start < before.stop:
            both = " and ".join(f"{one.activity} ({one.start:g}-{one.stop:g} s)" for one in (before, after))
            raise InputError(f"{path}: {both} overlap; expected one activity at a time")
    return tuple(found)


def activities(folder: Path, lines: Iterable[Line]) -> list[str]:
    """List the activities of recordings, sorted; the time between intervals has none."""
    found = set[str]()
    for line in lines:
        if line.activity is not None:
            found.add(line.activity)
        elif line.intervals is not None:
            found |= {interval.activity for interval in read_intervals(folder / line.intervals)}
    return sorted(found)


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise InputError(
            f"{path}: missing; expected a folder with {TABLE} and {DESCRIPTION}: `pose2imu init` makes them"
        )
    return path


def _rows(path: Path, known: Sequence[str], needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the lines of a CSV file that are not empty, by number, without their empty cells."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 ({error.reason} at byte {error.start}); expected text") from error
    head = text.partition("\n")[0]
    reader = csv.DictReader(text.splitlines(), delimiter=";" if ";" in head and "," not in head else ",")
    columns = [name.strip() for name in reader.fieldnames or []]
    if (unknown := [name for name in columns if name not in known]) or not set(needed) <= set(columns):
        found = (
            f"unknown column {unknown[0]!r}" if unknown else f"no column {next(n for n in needed if n not in columns)}"
        )
        raise InputError(f"{path}: {found}; expected {','.join(known)}")
    reader.fieldnames = columns
    for row in reader:
        if None in row or None in row.values():
            raise InputError(f"{path}, line {reader.line_num}: not {len(columns)} cells; expected {','.join(columns)}")
        cells = {name: cell.strip() for name, cell in row.items() if cell.strip()}
        if cells:
            yield reader.line_num, cells


def _validated(where: object, model: type[Model], raw: object) -> Model:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise InputError(f"{where}: {first_problem(error)}") from error
