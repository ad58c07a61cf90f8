"""Stages as independent jobs of a scheduler, by submitit: SLURM's, or its local executor, which needs none.

A job shares nothing with this checkout but the commit and a DVC remote: it clones the one, pulls what it needs from the
other, runs its stages and pushes their weights. It returns what git keeps: the files of its runs, and their entries of
dvc.lock, which are put in place here by one process.
"""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import submitit
from dvc.repo import Repo
from tqdm import tqdm

from pose2imu import lock
from pose2imu.atomic import replacing, write_text
from pose2imu.dvc import dvc_output, output
from pose2imu.errors import InputError
from pose2imu.layout import run_folder
from pose2imu.runner.plan import Plan, Run, missing_runs

FOLDER = Path("data/submitit")  # what jobs print; on a cluster, this checkout must be where its nodes can read it
LOCAL_CONFIG = Path(".dvc/config.local")  # may hold the remote, or its credentials


class Results(NamedTuple):
    """What a job returns: its stages' entries by lock, and the files of its runs by path."""

    entries: dict[Path, dict[str, str]]
    files: dict[str, bytes]


def submit(plan: Plan, data: Sequence[str], cluster: str, options: dict[str, Any]) -> dict[str, str]:
    """Run a plan's chains as jobs and fetch their results; returns what failed, and why.

    `data` are the stages of what they read. `cluster` and `options` are submitit's: "slurm" or "local", and
    `slurm_partition`, `timeout_min` and so on.
    """
    root = Path.cwd()
    if output("git", "status", "--porcelain", "--untracked-files=no"):
        raise InputError("there are changes that are not committed; jobs clone the last commit: commit first")
    if not dvc_output("remote", "list"):
        raise InputError("no DVC remote for jobs to share; expected one, e.g. `dvc remote add -d shared FOLDER_OR_URL`")
    chains = plan.chains()
    dvc_output("push", "--quiet", "--with-deps", *data)

    executor = submitit.AutoExecutor(folder=FOLDER, cluster=cluster)
    executor.update_parameters(**{"cpus_per_task": 1, **options})
    commit = output("git", "rev-parse", "HEAD").strip()
    jobs = [executor.submit(run_apart, root, commit, {stage: plan.runs[stage] for stage in chain}) for chain in chains]
    following = {job.job_id: chain for job, chain in zip(jobs, chains, strict=True)}
    problems: dict[str, str] = {}
    back: list[str] = []
    for job in tqdm(submitit.helpers.as_completed(jobs), total=len(jobs), desc="jobs", unit="job"):
        chain = following[job.job_id]
        if (error := job.exception()) is not None:
            problems |= dict.fromkeys(chain, f"job {job.job_id}: {error}, see {job.paths.stderr}")
            continue
        receive(job.result())
        dvc_output("pull", "--quiet", *chain)
        back += chain
    left = missing_runs(sorted({run.benchmark for run in plan.runs.values()})).waits_for
    return problems | {stage: "its results came back, but they are not up to date" for stage in back if stage in left}


def receive(results: Results, root: Path = Path()) -> None:
    """Put a job's small results in place, then their entries of the lock."""
    for file, content in results.files.items():
        with replacing(root / file) as temporary:
            temporary.write_bytes(content)
    with Repo(str(root)) as repo, repo.lock:
        for path, entries in results.entries.items():
            text = (root / path).read_text(encoding="utf-8") if (root / path).exists() else lock.EMPTY
            write_text(root / path, lock.merged(text, entries))


def run_apart(root: Path, commit: str, runs: dict[str, Run]) -> Results:
    """Do the job: run stages at a commit of the checkout `root`, in a clone of its own; push what is not in git."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        output("git", "clone", "--quiet", str(root), str(clone), root=root)
        output("git", "checkout", "--quiet", "--detach", commit, root=clone)
        if (root / LOCAL_CONFIG).exists():
            shutil.copy(root / LOCAL_CONFIG, clone / LOCAL_CONFIG)
        for stage in runs:
            dvc_output("repro", "--pull", "--single-item", stage, root=clone)
        dvc_output("push", "--quiet", *runs, root=clone)
        folders = {clone / run_folder(run.benchmark, run.row, run.seed) for run in runs.values()}
        files = [path for results in folders if results.exists() for path in results.iterdir()]
        return Results(_entries(clone, list(runs)), {str(path.relative_to(clone)): path.read_bytes() for path in files})


def _entries(root: Path, stages: Sequence[str]) -> dict[Path, dict[str, str]]:
    found: dict[Path, dict[str, str]] = {}
    for stage in stages:
        pipeline, _, name = stage.rpartition(":")
        path = Path(pipeline or "dvc.yaml").with_suffix(".lock")
        found.setdefault(path, {})[name] = lock.entries((root / path).read_text(encoding="utf-8"))[name]
    return found
