"""Which stages are missing, and which of them waits for which: DVC's own graph and status, nothing kept beside them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
from dvc.exceptions import DvcException
from dvc.repo import Repo
from dvc.stage import Stage

from pose2imu.errors import InputError

RUN_STAGES = ("train_", "evaluate_")
GONE = {"deleted", "not in cache"}  # as DVC puts it


@dataclass(frozen=True)
class Plan:
    """Stages to run, in an order that works, each with those among them that must be finished first."""

    waits_for: dict[str, set[str]]

    def chains(self) -> list[list[str]]:
        """The stages in groups that have nothing to do with one another."""
        graph = nx.Graph([(stage, other) for stage, others in self.waits_for.items() for other in others])
        graph.add_nodes_from(self.waits_for)
        chains = [[stage for stage in self.waits_for if stage in part] for part in nx.connected_components(graph)]
        return sorted(chains, key=lambda chain: list(self.waits_for).index(chain[0]))


def missing_runs(benchmarks: Sequence[str]) -> Plan:
    """The train and evaluate stages of benchmarks that are not up to date, seed by seed.

    What is finished stays so where only its weights are gone, as on a new machine, unless a missing stage needs them.
    """
    try:
        with Repo() as repo, repo.lock:
            graph = repo.index.graph  # edges go from a stage to what it depends on
            runs = {stage.addressing: stage for stage in graph if _benchmark(stage.addressing) in benchmarks}
            needs = {name: [other.addressing for other in graph.successors(runs[name])] for name in runs}
            needs = {name: [other for other in others if other in runs] for name, others in needs.items()}
            ordered = list(nx.lexicographical_topological_sort(_arrows(needs), key=_seed))
            stale = {name for name in ordered if _is_stale(runs[name].status())}
    except DvcException as error:
        raise InputError(f"dvc: {error}") from error
    todo: set[str] = set()
    for name in ordered:
        if name in stale or todo.intersection(needs[name]):
            todo.add(name)
    for name in reversed(ordered):
        if name in todo:
            todo.update(other for other in needs[name] if not _outputs_exist(runs[other]))
    return Plan({name: todo.intersection(needs[name]) for name in ordered if name in todo})


def _benchmark(stage: str) -> str | None:
    group, _, item = stage.partition("@")
    return item.rpartition("-")[0] if group.startswith(RUN_STAGES) else None


def _seed(stage: str) -> tuple[str, int]:
    """Whole seeds first: a table can be made of what is there when one loses patience."""
    benchmark, _, seed = stage.partition("@")[2].rpartition("-")
    return benchmark, int(seed)


def _arrows(needs: Mapping[str, Sequence[str]]) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(needs)
    graph.add_edges_from((other, name) for name, others in needs.items() for other in others)
    return graph


def _is_stale(status: Mapping[str, Any]) -> bool:
    """Whether more has changed than that large files, which are in no git, are gone."""
    for changes in status.values():
        for change in changes:
            if not isinstance(change, dict):
                return True
            for path, what in _leaves(change):
                if not (what in GONE and path.startswith("data/")):
                    return True
    return False


def _leaves(change: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for path, what in change.items():
        if isinstance(what, dict):
            yield from _leaves(what)
        else:
            yield path, what


def _outputs_exist(stage: Stage) -> bool:
    return all(out.exists for out in stage.outs)
