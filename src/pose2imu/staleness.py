"""What DVC's graph and dvc.lock say of a stage: is it up to date, and if not, why?"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import networkx as nx
from dvc.exceptions import DvcException
from dvc.repo import Repo
from dvc.stage import Stage

from pose2imu.errors import InputError

GONE = {"deleted", "not in cache"}  # as DVC puts it
LARGE = "data/"  # in no git
WORDS = {"changed checksum": "its command changed", "always changed": "it always runs"}


@contextmanager
def graph_of(root: Path = Path()) -> Iterator[nx.DiGraph]:
    """Yield DVC's graph of a checkout's stages, while no other DVC runs; edges go to what a stage depends on."""
    try:
        with Repo(str(root)) as repo, repo.lock:
            yield repo.index.graph
    except DvcException as error:
        raise InputError(f"dvc: {error}") from error


def changes(stage: Stage, upstream: Iterable[Stage]) -> list[str]:
    """Say what changed of a stage since its entry of dvc.lock was written, but that large files are gone.

    Of those, their entries must agree: what an earlier stage wrote is what this one has read.
    """
    found = [WORDS.get(change, change) for change in _changes(stage) if isinstance(change, str)]
    for path, what in (leaf for change in _changes(stage) if isinstance(change, dict) for leaf in _leaves(change)):
        if not (what in GONE and path.startswith(LARGE)):
            found.append(f"{path} {what}")
    written = {out.fs_path: out.hash_info for other in upstream for out in other.outs}
    found += [
        f"{dep} is another in the entry of the stage that writes it"
        for dep in stage.deps
        if dep.hash_info and written.get(dep.fs_path) and not dep.exists and written[dep.fs_path] != dep.hash_info
    ]
    return found


def _changes(stage: Stage) -> list[Any]:
    return [change for found in stage.status().values() for change in found]


def _leaves(change: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for path, what in change.items():
        if isinstance(what, dict):
            yield from _leaves(what)
        else:
            yield path, what
