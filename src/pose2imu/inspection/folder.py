"""What is in a folder of own recordings: sensors, poses and labelled intervals, paired by their names."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import numpy as np
from tqdm import tqdm

from pose2imu.datasets.own_files import DESCRIPTION, TABLE, read_intervals
from pose2imu.errors import InputError
from pose2imu.formats.inertial import read_inertial
from pose2imu.formats.poses import READERS, read_poses
from pose2imu.inspection.names import key_of, place_of, words_of

Kind = Literal["acceleration", "poses", "intervals"]
SENSORS = {".csv", ".tsv", ".txt", ".parquet", ".npy", ".npz", ".mat"}
ANY_RATE = 30.0  # to see whether a file without times is one of samples or frames


@dataclass(frozen=True)
class File:
    """A file that was read."""

    path: PurePosixPath  # from the folder on
    kind: Kind
    rows: int
    span: tuple[float, float] | None  # seconds; None where it has no times of its own
    notes: tuple[str, ...] = ()  # what its reader guessed

    @property
    def words(self) -> list[str]:
        """Give the words of its name and folders."""
        return words_of(self.path)


@dataclass(frozen=True)
class Group:
    """The files of one recording."""

    key: tuple[str, ...]
    files: dict[Kind, File]


def files_of(folder: Path, sensor: dict[str, Any], poses: dict[str, Any]) -> tuple[list[File], list[str]]:
    """Read all files of a folder with the options of both readers; give also a line on each that is none."""
    files: list[File] = []
    others: list[str] = []
    suffixes = SENSORS | set(READERS)
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in suffixes and path.is_file())
    known = {path.name for path in paths}
    paths = [
        path
        for path in paths
        if path.name not in (TABLE, DESCRIPTION)
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and not (path.suffix == ".json" and path.stem in known)  # what `synthesize` says of a file
    ]
    for path in tqdm(paths, unit="file", disable=None, leave=False):
        try:
            files.append(_read(folder, path, sensor, poses))
        except InputError as error:
            others.append(f"{path.relative_to(folder)} is left out: {str(error).removeprefix(f'{path}: ')}")
    return files, others


def _read(folder: Path, path: Path, sensor: dict[str, Any], poses: dict[str, Any]) -> File:
    name = PurePosixPath(path.relative_to(folder).as_posix())
    refused = None
    if path.suffix.lower() == ".csv":
        try:
            return File(name, "intervals", len(read_intervals(path)), None)
        except InputError:
            pass
    if path.suffix.lower() in SENSORS:
        try:
            return _as_sensor(path, name, sensor)
        except InputError as error:
            refused = error
    if path.suffix.lower() in READERS:
        try:
            return _as_poses(path, name, poses)
        except InputError as error:
            refused = refused or error
    assert refused is not None
    raise refused


def _as_sensor(path: Path, name: PurePosixPath, options: dict[str, Any]) -> File:
    try:
        found = read_inertial(path, **options)
    except InputError as error:
        if options.get("rate") is not None:
            raise
        try:
            found = read_inertial(path, **{**options, "rate": ANY_RATE})
        except InputError:
            raise error from None
        return File(name, "acceleration", len(found.time), None, found.notes)
    return File(name, "acceleration", len(found.time), _span(found.time), found.notes)


def _as_poses(path: Path, name: PurePosixPath, options: dict[str, Any]) -> File:
    try:
        found = read_poses(path, **options)
    except InputError as error:
        if options.get("rate") is not None:
            raise
        try:
            found = read_poses(path, **{**options, "rate": ANY_RATE})
        except InputError:
            raise error from None
        return File(name, "poses", len(found.time), None, found.notes)
    return File(name, "poses", len(found.time), _span(found.time), found.notes)


def _span(time: np.ndarray) -> tuple[float, float]:
    return float(time.min()), float(time.max())


def groups_of(files: list[File], place: str | None) -> tuple[list[Group], str | None, list[str]]:
    """Put files together that are named alike; give also where sensors are worn, if names say, and what is left out.

    A folder's sensors are all worn at one place: where names say several, it is `place`, or the one that most say.
    """
    said = Counter(where for file in files if file.kind == "acceleration" and (where := place_of(file.words)))
    worn = place or (said.most_common(1)[0][0] if said else None)
    others = []
    by_key: dict[tuple[str, ...], dict[Kind, list[File]]] = defaultdict(lambda: defaultdict(list))
    for file in files:
        where = place_of(file.words)
        if file.kind == "acceleration" and len(said) > 1 and where is not None and where != worn:
            others.append(f"{file.path} is left out: it is of another place than {worn}; make a folder for each place")
            continue
        by_key[tuple(word.lower() for word in key_of(file.words))][file.kind].append(file)
    groups = []
    for of in by_key.values():
        alike = max(len(found) for found in of.values())
        if alike == 1:
            key = key_of(next(iter(of.values()))[0].words)
            groups.append(Group(key, {kind: found[0] for kind, found in of.items()}))
        else:  # which belong together cannot be told
            names = [str(file.path) for found in of.values() for file in found]
            others.append(f"{', '.join(names[:4])} are left out: named alike; expected a name for each recording")
    labelled = [group for group in groups if "acceleration" in group.files or "poses" in group.files]
    others += [
        f"{group.files['intervals'].path} is left out: no recording is named alike"
        for group in groups
        if "intervals" in group.files and group not in labelled
    ]
    return sorted(labelled, key=lambda group: group.key), worn if said else None, others
