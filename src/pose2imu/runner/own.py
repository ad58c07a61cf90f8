"""All runs on own recordings, as one stage: what the data allow, one process a command, what is finished skipped."""

import hashlib
import json
import os
import runpy
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from tqdm import tqdm

from pose2imu.announce import SILENT
from pose2imu.atomic import remove, write_json
from pose2imu.datasets.own_benchmark import used_lines
from pose2imu.errors import InputError
from pose2imu.layout import (
    MODELS,
    NORMALIZED,
    OWN_DATA,
    RECIPES,
    REPORTS,
    VIRTUAL,
    WINDOWS,
    rows_file,
    run_folder,
    weights_file,
)
from pose2imu.method_params import Regressor
from pose2imu.methods import method_of
from pose2imu.params import REGRESSOR
from pose2imu.preprocessing.arrays import load
from pose2imu.recipes import Recipe, Runs, load_recipe, recipe_file

LOGS = Path("data/logs")
# A script takes seconds to import its libraries, longer than it trains on little data: they are forks of a process that
# has them, and does nothing else.
PROCESSES = get_context("forkserver")
PRELOADED = ["pose2imu.testing", "pose2imu.methods.networks", "sklearn.ensemble", "sklearn.metrics", "pyarrow.parquet"]
FINISHED = "finished.json"  # beside the weights: of each run, the hash of all that it was made of


def allowed(name: str, planned: Runs) -> Runs:
    """Restrict what is planned to the rows that the recordings allow; says which are left out, and why."""
    with_poses, turning = used_lines(OWN_DATA / name)[1], _turns(name)
    recipes = {row: load_recipe(name, row) for row in planned.evaluated}
    lacking = {row: _lacks(recipe, with_poses, turning) for row, recipe in recipes.items()}
    for what in dict.fromkeys(filter(None, lacking.values())):
        left = ", ".join(row for row, its in lacking.items() if its == what)
        print(f"{name}: {what}: no rows {left}", file=sys.stderr)
    evaluated = {row: seeds for row, seeds in planned.evaluated.items() if not lacking[row]}
    if not evaluated:
        raise InputError(
            f"{OWN_DATA / name}: allows none of the rows {', '.join(planned.evaluated)}; expected one at least"
        )
    on_regressor = any(method_of(recipes[row].method).NEEDS.regressor for row in evaluated)
    alone = planned.alone if on_regressor else {}
    rows = {**evaluated, **alone}
    of_rows = {key: {row: getattr(planned, key)[row] for row in rows} for key in ("names", "methods")}
    return planned.model_copy(update={"evaluated": evaluated, "alone": alone, **of_rows})


def _turns(name: str) -> bool:
    """Whether angular velocity is there, whole, in all recordings of a split."""
    recordings = load(NORMALIZED / name)
    turning = recordings.angular_velocity
    used = [recordings.of(row) for row, has in enumerate(recordings.table.split.notna()) if has]
    return turning is not None and all(np.isfinite(turning[part]).all() for part in used)


def _lacks(recipe: Recipe, with_poses: bool, turning: bool) -> str | None:
    if not with_poses and (isinstance(recipe.options, Regressor) or method_of(recipe.method).NEEDS.virtual):
        return "without poses"
    if not turning and getattr(recipe.options, "axes", 3) > 3:
        return "without angular velocity in all recordings"
    return None


def run_all(name: str, runs: Runs, jobs: int) -> None:
    """Train and evaluate what is not finished, `jobs` at a time; InputError, once all were tried, where one failed."""
    os.environ |= SILENT
    PROCESSES.set_forkserver_preload(PRELOADED)
    write_json(rows_file(name), runs.model_dump())
    _clear(name, runs)
    keys = _keys(name, runs)
    finished = _finished(name)
    failed: list[str] = []
    first, then = (
        [(row, seed) for row, seeds in part.items() for seed in seeds] for part in (runs.alone, runs.evaluated)
    )
    with tqdm(total=len(first) + len(then), desc=f"runs of {name}", unit="run", disable=None) as progress:
        for wave, scripts in ((first, (["train", "--alone"],)), (then, (["train"], ["evaluate"]))):
            waiting = [run for run in wave if not (finished.get(_name(run)) == keys[run] and _is_there(name, run))]
            progress.update(len(wave) - len(waiting))
            for run, problem in _in_parallel(partial(_execute, name, scripts), waiting, jobs):
                progress.update()
                progress.set_postfix_str(_name(run))
                if problem:
                    failed.append(f"{_name(run)}: {problem}")
                else:
                    finished[_name(run)] = keys[run]
                    write_json(MODELS / name / FINISHED, finished)
    if failed:
        raise InputError(f"{name}: {len(failed)} runs failed, the first: {failed[0]}")


def _name(run: tuple[str, int]) -> str:
    return f"{run[0]}-{run[1]}"


def _is_there(name: str, run: tuple[str, int]) -> bool:
    result = "metrics.json" if run[0] != REGRESSOR else "curve.csv"
    return weights_file(name, *run).is_file() and (run_folder(name, *run) / result).is_file()


def _finished(name: str) -> dict[str, str]:
    path = MODELS / name / FINISHED
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):  # none yet, or cut: all is run again
        return {}


def _keys(name: str, runs: Runs) -> dict[tuple[str, int], str]:
    """Hash what each run is made of: its recipe, what evaluation does, its data, and R's recipe where there is R."""
    data = _hash(path for top in (NORMALIZED, WINDOWS, VIRTUAL) for path in sorted((top / name).rglob("*")))
    shared = _hash([RECIPES / "evaluate.json", *(recipe_file(name, row) for row in runs.alone)])
    rows = {**runs.evaluated, **runs.alone}
    return {(row, seed): f"{data}-{shared}-{_hash([recipe_file(name, row)])}" for row in rows for seed in rows[row]}


def _hash(files: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for path in files:
        if path.is_file():
            with path.open("rb") as file:
                found.update(f"{path.name} {hashlib.file_digest(file, 'sha256').hexdigest()}".encode())
    return found.hexdigest()[:16]


def _clear(name: str, runs: Runs) -> None:
    """Remove runs that are in no table any more."""
    kept = {_name((row, seed)) for row, seeds in {**runs.evaluated, **runs.alone}.items() for seed in seeds}
    for folder in (REPORTS / name / "runs", MODELS / name):
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.name != FINISHED and path.name.removesuffix(".safetensors") not in kept:
                remove(path)


def _execute(name: str, scripts: tuple[list[str], ...], run: tuple[str, int]) -> str | None:
    """Run the scripts of a run, each in a process of its own; what went wrong, in a line."""
    row, seed = run
    log = LOGS / name / f"{_name(run)}.txt"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(b"")
    for script, *options in scripts:
        process = PROCESSES.Process(target=_script, args=(script, [row, name, str(seed), *options], log))
        process.start()
        process.join()
        if process.exitcode:
            lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            return f"{(lines or [f'exit code {process.exitcode}'])[-1].removeprefix('error: ')} (see {log})"
    return None


def _script(script: str, arguments: list[str], log: Path) -> None:
    """Be a stage's script: what it says goes to the log."""
    with log.open("ab") as output:
        for stream in (1, 2):
            os.dup2(output.fileno(), stream)
    sys.argv = [f"stages/{script}.py", *arguments]
    runpy.run_path(sys.argv[0], run_name="__main__")


def _in_parallel(
    execute: Callable[[tuple[str, int]], str | None], runs: list[tuple[str, int]], jobs: int
) -> Iterable[tuple[tuple[str, int], str | None]]:
    with ThreadPoolExecutor(jobs) as pool:
        futures = {pool.submit(execute, run): run for run in runs}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:  # on Ctrl-C, those under way end by themselves: the terminal sends it to all
            pool.shutdown(cancel_futures=True)
