"""What DVC's graph and dvc.lock say of a stage: is it up to date, and if not, why?"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import networkx as nx
from dvc.exceptions import DvcException
from dvc.repo import Repo
from dvc.stage import Stage

from pose2imu.errors import InputError

GONE = {"deleted", "not in cache"}  # as DVC puts it
LARGE = "data/"  # in no git


@contextmanager
def graph_of(root: Path = Path()) -> Iterator[nx.DiGraph]:
    """Yield DVC's graph of a checkout's stages, while no other DVC runs; edges go to what a stage depends on."""
    try:
        with Repo(str(root)) as repo, repo.lock:
            yield repo.index.graph
    except DvcException as error:
        raise InputError(f"dvc: {error}") from error


def address(stage: Stage) -> str:
    """Name a stage as DVC has it on its command line, in the project's folder: wherever we stand."""
    return stage.name if stage.path_in_repo == "dvc.yaml" else f"{stage.path_in_repo}:{stage.name}"


def changes(stage: Stage, upstream: Iterable[Stage]) -> list[str]:
    """Say what changed of a stage since its entry of dvc.lock was written, but that large files are gone.

    Of those, their entries must agree: what an earlier stage wrote is what this one has read.
    """
    found = ["its command changed"] * stage.changed_stage()
    for entry in (*stage.deps, *stage.outs):
        for what in entry.status().values():
            if not (what in GONE and entry.def_path.startswith(LARGE)):
                found.append(f"{entry.def_path} {what}")
    written = {out.fs_path: out.hash_info for other in upstream for out in other.outs}
    for dep in stage.deps:
        its = written.get(dep.fs_path)
        if dep.hash_info and its and its != dep.hash_info and not dep.exists:
            found.append(f"{dep.def_path} is another in the entry of the stage that writes it")
    return found
