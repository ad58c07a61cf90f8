"""How a folder of own recordings is to be read, as far as names and files tell."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from tqdm import tqdm

from pose2imu.datasets.own import on_clock_of
from pose2imu.datasets.own_files import Description, Line, PoseFiles, SensorFiles
from pose2imu.errors import InputError
from pose2imu.formats.inertial import read_inertial
from pose2imu.formats.poses import read_poses
from pose2imu.formats.streams import PLACES
from pose2imu.inspection.fit import OVERLAP, fit_poses, require_place
from pose2imu.inspection.folder import File, Group, files_of, groups_of
from pose2imu.inspection.names import who
from pose2imu.preprocessing.alignment import FitOfStreams

MOST_FITTED = 12  # recordings: their limb is told from so many
CLEARLY = 0.05  # by which another place on the limb must fit better than wrist or thigh, where most sensors are worn
USUAL_RATES = (10, 12.5, 15, 20, 24, 25, 30, 40, 48, 50, 60, 64, 75, 90, 100, 102.4, 120, 128, 200, 240, 256, 400, 500)
NEAR_A_RATE, STEADY = 0.02, 0.1  # shares by which rates may differ from a usual one, and from each other
UNSAID = "right_wrist"
_UNITS = {
    "unit": re.compile(r"acceleration is in (\S+): "),
    "turn_unit": re.compile(r"angular velocity is in (\S+): "),
    "time_unit": re.compile(r"time is in (s|ms|us|ns)(?: since 1970)?: "),
}
_POSES = {key: re.compile(rf"{key} (\S+): (?!of the file|as said)") for key in ("format", "up", "unit")}
Clock = Literal["shared", "start", "span"]
Comments = dict[str, str]  # by key of dataset.yaml, "sensor.unit" too


@dataclass(frozen=True)
class Draft:
    """What would be written."""

    lines: list[Line]
    description: Description
    comments: Comments
    others: list[str]  # a line on each file that is left out

    def value(self, key: str) -> Any:
        """Give what stands at a key of dataset.yaml, such as sensor.unit; None where nothing does."""
        value: Any = self.description
        for part in key.split("."):
            value = getattr(value, part, None)
        return value

    @property
    def summary(self) -> str:
        """Say in one line what was found."""
        both = sum(line.acceleration is not None and line.poses is not None for line in self.lines)
        alone = sum(line.acceleration is None for line in self.lines)
        persons, done = ({getattr(line, key) for line in self.lines} - {None} for key in ("subject", "activity"))
        return (
            f"{len(self.lines)} recordings, {both} with poses and sensor, {alone} with poses alone; "
            f"{len(persons)} persons: {_some(persons)}; {len(done)} activities: {_some(done)}"
        )


def _some(names: Iterable[str]) -> str:
    names = sorted(names)
    return ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")


def start(
    folder: Path,
    *,
    place: str | None = None,
    activity: str | None = None,
    columns: str | None = None,
    rate: float | None = None,
    pose_rate: float | None = None,
) -> Draft:
    """Look at a folder's files and guess how they are to be read, who is in them and what they do.

    Parameters
    ----------
    place
        Where the sensor is worn; else told from names, or from where poses fit it best.
    activity
        Of all recordings, where names tell none.
    columns, rate, pose_rate
        As `read_inertial` and `read_poses` have them.

    Raises
    ------
    InputError
        Where there is nothing to begin with, or a rate or an activity that nothing tells.
    """
    require_place(place)
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; expected one with recordings")
    sensor: dict[str, Any] = {"columns": columns, "rate": rate}
    poses: dict[str, Any] = {"rate": pose_rate}
    files, others = files_of(folder, sensor, poses)
    groups, named, left_out = groups_of(files, place)
    if not groups:
        why = f" ({others[0]})" if others else ""
        raise InputError(f"{folder}: no file of a sensor or of poses{why}; expected one at least")
    comments: Comments = {}
    sensor |= _agreed(files, "acceleration", _UNITS, comments, "sensor")
    poses |= _agreed(files, "poses", _POSES, comments, "poses")
    clock = _clock(folder, groups, sensor, poses, comments)
    if place:
        comments["place"] = "as given"
    elif named:
        place, comments["place"] = named, "from the names of files"
    else:
        place, comments["place"] = _place(folder, groups, sensor, poses, clock)
    lines, unsaid = _lines(folder, groups, activity, comments)
    sensor["columns"] = dict(pair.split("=", 1) for pair in columns.split(",")) if columns else None
    description = Description(place=place, clock=clock, sensor=SensorFiles(**sensor), poses=PoseFiles(**poses))
    return Draft(lines, description, comments, [*others, *left_out, *unsaid])


def _agreed(
    files: list[File], kind: str, patterns: dict[str, re.Pattern[str]], comments: Comments, section: str
) -> dict[str, str]:
    """Give what most files' notes guess, so that no file is read otherwise than the others."""
    found = {}
    of_kind = [file for file in files if file.kind == kind]
    for key, pattern in patterns.items():
        notes = [(match[1], note) for file in of_kind for note in file.notes if (match := pattern.match(note))]
        if not notes:
            continue
        value, count = Counter(value for value, _ in notes).most_common(1)[0]
        first = next(note for of, note in notes if of == value)
        found[key] = value
        comments[f"{section}.{key}"] = f"{count} of {len(of_kind)} files; {first}"
    return found


def _clock(
    folder: Path, groups: list[Group], sensor: dict[str, Any], poses: dict[str, Any], comments: Comments
) -> Clock:
    """Tell how the clocks of both files go together, and the rate of the one that has none, which is put in."""
    pairs = [(g.files["acceleration"], g.files["poses"]) for g in groups if {"acceleration", "poses"} <= g.files.keys()]
    untimed = {
        kind: [group.files[kind] for group in groups if kind in group.files and group.files[kind].span is None]
        for kind in ("acceleration", "poses")
    }
    steady = True
    for kind, options, option, section in (
        ("acceleration", sensor, "--rate", "sensor"),
        ("poses", poses, "--pose-rate", "poses"),
    ):
        if options["rate"] is not None:
            comments[f"{section}.rate"] = "as given"
        elif untimed[kind]:
            rates = [
                (mine.rows - 1) / (other.span[1] - other.span[0])
                for mine, other in (pair if kind == "acceleration" else pair[::-1] for pair in pairs)
                if mine.span is None and other.span is not None
            ]
            if not rates:
                missing = folder / str(untimed[kind][0].path)
                raise InputError(f"{missing}: has no times, and nothing tells its rate; expected {option}")
            low, high = np.percentile(rates, [10, 90])
            steady &= bool(high - low < STEADY * high)
            options["rate"] = _usual(float(np.median(rates)))
            comments[f"{section}.rate"] = (
                f"files have no times; so that {len(rates)} begin and end with their "
                f"{'poses' if kind == 'acceleration' else 'sensor'}, {low:.4g} to {high:.4g} a second"
            )
    if not pairs:
        return "shared"
    if not steady:
        comments["clock"] = "rates differ from recording to recording: both files are taken to span the same time"
        return "span"
    together = [_overlap(one.span, two.span) >= OVERLAP for one, two in pairs if one.span and two.span]
    if together and np.mean(together) > 0.5:
        comments["clock"] = f"times of sensor and poses overlap in {sum(together)} of {len(pairs)} recordings"
        return "shared"
    comments["clock"] = "sensor and poses have no clock in common: both files are taken to begin at the same moment"
    return "start"


def _overlap(one: tuple[float, float], two: tuple[float, float]) -> float:
    shorter = min(one[1] - one[0], two[1] - two[0])
    return (min(one[1], two[1]) - max(one[0], two[0])) / shorter if shorter > 0 else 0.0


def _usual(rate: float) -> float:
    nearest = min(USUAL_RATES, key=lambda usual: abs(usual - rate))
    return float(nearest) if abs(nearest - rate) < NEAR_A_RATE * rate else round(rate, 3)


def _place(
    folder: Path, groups: list[Group], sensor: dict[str, Any], poses: dict[str, Any], clock: Clock
) -> tuple[str, str]:
    """Tell where the sensor is worn from where poses imply what it measured, and say how clearly."""
    pairs = [group for group in groups if {"acceleration", "poses"} <= group.files.keys()]
    chosen = pairs[:: max(len(pairs) // MOST_FITTED, 1)][:MOST_FITTED]
    found: list[dict[str, FitOfStreams]] = []
    for group in tqdm(chosen, desc="where the sensor is worn", disable=None, leave=False):
        try:
            inertial = read_inertial(folder / str(group.files["acceleration"].path), **sensor)
            body = read_poses(folder / str(group.files["poses"].path), **poses)
            found.append(fit_poses(inertial, on_clock_of(inertial, body, clock)).places)
        except InputError:
            continue  # too short, or no limb that is seen
    known = set.intersection(*(set(of) for of in found)) if found else set()
    if not known:
        return UNSAID, "nothing tells where the sensor is worn: this is where most are; correct it if it is not so"
    # Both arms often do the same, one a little later: then the one that fits unmoved is the right one.
    mean = {name: float(np.mean([(of[name].shifted + of[name].unshifted) / 2 for of in found])) for name in known}
    order = sorted(mean, key=lambda name: -mean[name])
    best = order[0]
    usual = f"{best.split('_')[0]}_{'thigh' if best.endswith(('thigh', 'shank')) else 'wrist'}"
    if usual in mean and mean[usual] > mean[best] - CLEARLY:
        best = usual
    said = ", ".join(f"{name} {mean[name]:.2f}" for name in order[:4])
    other = next((name for name in order if PLACES[name].limb != PLACES[best].limb), None)
    unclear = other is not None and mean[other] > mean[best] - CLEARLY
    warning = f"; {other} fits nearly as well: correct it if it is not so" if unclear else ""
    return best, f"poses fit the sensor best there, by correlation in {len(found)} recordings: {said}{warning}"


def _lines(folder: Path, groups: list[Group], activity: str | None, comments: Comments) -> tuple[list[Line], list[str]]:
    people, comments["persons"] = who([group.key for group in groups])
    lines, unsaid = [], []
    for group, person in zip(groups, people, strict=True):
        paths = {kind: str(file.path) for kind, file in group.files.items()}
        done = None if "intervals" in paths else activity or person.activity
        if done is None and "intervals" not in paths:
            unsaid.append(f"{' and '.join(paths.values())} left out: no activity is named")
            continue
        lines.append(Line(recording="_".join(group.key), subject=person.subject or "one", activity=done, **paths))
    if not lines:
        raise InputError(
            f"{folder}: no activity can be told from names such as {next(iter(groups[0].files.values())).path}; "
            "expected such as anna/walk_1.csv, files of intervals (start,stop,activity), or --activity"
        )
    return lines, unsaid
