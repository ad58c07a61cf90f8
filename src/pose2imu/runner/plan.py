"""Which stages are missing, and which of them waits for which: DVC's own graph and status, nothing kept beside them."""

import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import networkx as nx
from dvc.stage import Stage

from pose2imu.layout import RECIPES, SCARCE, run_folder, scarce_folder
from pose2imu.params import Params
from pose2imu.recipes import write_recipes
from pose2imu.runtime import hours, recorded_seconds
from pose2imu.staleness import address, changes, graph_of

RECIPES_STAGE = "recipes"  # what it writes is looked at, file by file, in its place


class Run(NamedTuple):
    """What a train or evaluate stage is of."""

    script: str  # train or evaluate
    row: str
    benchmark: str
    seed: int
    level: tuple[str, ...] = ()  # scenario and level, of an experiment with scarce sensor data

    def folder(self) -> Path:
        """Name the folder that is kept of it."""
        if self.level:
            scenario, level = self.level
            return scarce_folder(scenario, level, self.row, self.seed)
        return run_folder(self.benchmark, self.row, self.seed)


def run_of(command: str | list[str] | None) -> Run | None:
    """Read off a stage's command, or the last of its commands that trains, which run it is of; None if of none."""
    commands = command if isinstance(command, list) else [command or ""]
    training = [one for one in commands if "train.py" in one]
    match (training or commands)[-1].split():
        case ["python", "stages/train.py" | "stages/evaluate.py" as script, row, benchmark, seed, *_]:
            return Run(Path(script).stem, row, benchmark, int(seed))
        case ["python", "stages/scarce_train.py", row, scenario, level, seed, *_]:
            return Run("train", row, SCARCE, int(seed), (scenario, level))
    return None


@dataclass(frozen=True)
class Plan:
    """Stages to run, in an order that works, each with those among them that must be finished first."""

    waits_for: dict[str, set[str]]
    runs: dict[str, Run] = field(default_factory=dict)

    def chains(self) -> list[list[str]]:
        """Group the stages by what they have to do with one another."""
        graph = nx.Graph([(stage, other) for stage, others in self.waits_for.items() for other in others])
        graph.add_nodes_from(self.waits_for)
        chains = [[stage for stage in self.waits_for if stage in part] for part in nx.connected_components(graph)]
        return sorted(chains, key=lambda chain: list(self.waits_for).index(chain[0]))

    def forecast(self, jobs: int) -> Iterator[str]:
        """Yield a line for each stage, with what its training took when it was last run, and their sum."""
        taken = {stage: recorded_seconds(run.folder()) for stage, run in self.runs.items() if run.script == "train"}
        for stage in self.waits_for:
            known = taken.get(stage)
            yield stage if known is None else f"{stage}  {known:.0f} s"
        total, unknown = sum(filter(None, taken.values())), list(taken.values()).count(None)
        yield f"{len(self.waits_for)} stages to run, {len(taken)} of them trainings"
        if taken:
            without = f"; {unknown} have no record" if unknown else ""
            yield f"{hours(total)} when they were last run, {hours(total / jobs)} by {jobs} processes{without}"


def data_stages(benchmarks: Sequence[str]) -> list[str]:
    """Name the stages that runs of benchmarks need, and that are no runs themselves: windows, virtual sensors, …"""
    with graph_of() as graph:
        runs = {stage for stage in graph if (run := run_of(stage.cmd)) and run.benchmark in benchmarks}
        needed = {other for stage in runs for other in graph.successors(stage) if run_of(other.cmd) is None}
        return sorted(address(stage) for stage in needed)


def missing_runs(benchmarks: Sequence[str], changed: Collection[str] = ()) -> Plan:
    """Plan the train and evaluate stages of benchmarks that are not up to date, seed by seed.

    What is finished stays so where only its weights are gone, as on a new machine, unless a missing stage needs them.
    `changed` are files that are about to be written again with other contents.
    """
    with graph_of() as graph:
        runs = {stage: run for stage in graph if (run := run_of(stage.cmd)) and run.benchmark in benchmarks}
        needed = {other for stage in runs for other in nx.descendants(graph, stage) if other.name != RECIPES_STAGE}
        part = graph.subgraph({*runs, *needed})
        ordered = list(nx.lexicographical_topological_sort(part.reverse(), key=_whole_seeds_first(runs)))
        stale = {
            stage
            for stage in ordered
            if changes(stage, part.successors(stage)) or any(dep.def_path in changed for dep in stage.deps)
        }
        todo: set[Stage] = set()
        for stage in ordered:
            if stage in stale or todo.intersection(part.successors(stage)):
                todo.add(stage)
        for stage in reversed(ordered):
            if stage in todo:
                todo.update(other for other in part.successors(stage) if not all(out.exists for out in other.outs))
        todo &= runs.keys()
        return Plan(
            {
                address(stage): {address(other) for other in todo.intersection(part.successors(stage))}
                for stage in ordered
                if stage in todo
            },
            {address(stage): run for stage, run in runs.items() if stage in todo},
        )


def _whole_seeds_first(runs: Mapping[Stage, Run]) -> Callable[[Stage], tuple[str, int, str]]:
    """Make a sorting key: a table can be made of what is there when one loses patience."""

    def key(stage: Stage) -> tuple[str, int, str]:
        return (runs[stage].benchmark, runs[stage].seed, address(stage)) if stage in runs else ("", 0, "")

    return key


def changed_recipes(params: Params) -> set[str]:
    """Name the recipes that `dvc repro recipes` would write with other contents, without writing them."""
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / "recipes"
        write_recipes(params, new)
        files = {path.relative_to(top) for top in (new, RECIPES) for path in top.rglob("*.json")}
        return {(RECIPES / file).as_posix() for file in files if _content(new / file) != _content(RECIPES / file)}


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""
