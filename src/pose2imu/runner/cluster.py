"""Stages as independent jobs of a scheduler, by submitit: SLURM's, or its local executor, which needs none.

A job shares nothing with this checkout but the commit and a DVC remote: it clones the one, pulls what it needs from the
other, runs its stages and pushes them with their run cache; its small results, which git keeps, it returns. Back here,
`dvc repro` then finds each stage in the run cache and restores its outputs: nothing trains, and dvc.lock is written by
one process.
"""

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import submitit
from dvc.repo import Repo
from tqdm import tqdm

from pose2imu.atomic import replacing
from pose2imu.errors import InputError
from pose2imu.layout import REPORTS
from pose2imu.runner.command import DVC, environment
from pose2imu.runner.plan import Plan

FOLDER = Path("data/submitit")  # what jobs print; on a cluster, this checkout must be where its nodes can read it
LOCAL_CONFIG = Path(".dvc/config.local")  # may hold the remote, or its credentials


def submit(plan: Plan, cluster: str, options: dict[str, Any]) -> dict[str, str]:
    """Run a plan's chains as jobs and fetch their results; returns what failed, and why.

    `cluster` and `options` are submitit's: "slurm" or "local", and `slurm_partition`, `timeout_min` and so on.
    """
    root = Path.cwd()
    if _output("git", "status", "--porcelain", "--untracked-files=no", cwd=root):
        raise InputError("there are changes that are not committed; jobs clone the last commit: commit first")
    if not _output("dvc", "remote", "list", cwd=root):
        raise InputError("no DVC remote for jobs to share; expected one, e.g. `dvc remote add -d shared FOLDER_OR_URL`")
    chains = plan.chains()
    needed = sorted({f"window@{chain[0].partition('@')[2].rpartition('-')[0]}" for chain in chains})
    _output("dvc", "push", "--quiet", "--with-deps", *needed, cwd=root)

    executor = submitit.AutoExecutor(folder=FOLDER, cluster=cluster)
    executor.update_parameters(**{"cpus_per_task": 1, **options})
    commit = _output("git", "rev-parse", "HEAD", cwd=root).strip()
    jobs = [executor.submit(run_apart, root, commit, chain) for chain in chains]
    problems: dict[str, str] = {}
    following = {job.job_id: chain for job, chain in zip(jobs, chains, strict=True)}
    for job in tqdm(submitit.helpers.as_completed(jobs), total=len(jobs), desc="jobs", unit="job"):
        chain = following[job.job_id]
        if (error := job.exception()) is not None:
            problems |= dict.fromkeys(chain, f"job {job.job_id}: {error}, see {job.paths.stderr}")
            continue
        _receive(root, job.result())
        for stage in chain:
            if "Running stage" in _output("dvc", "repro", "--pull", "--single-item", stage, cwd=root):
                problems[stage] = f"job {job.job_id}: its results did not come back, the stage was run here"
    return problems


def _receive(root: Path, files: Mapping[str, bytes]) -> None:
    """Put a job's small results, which no remote takes, where DVC looks for them when it restores the job's stages."""
    with Repo(str(root)) as repo:
        for path, content in files.items():
            repo.cache.local.add_bytes(hashlib.md5(content).hexdigest(), content)  # DVC's name for it
            with replacing(root / path) as temporary:
                temporary.write_bytes(content)


def run_apart(root: Path, commit: str, stages: Sequence[str]) -> dict[str, bytes]:
    """The job: run stages at a commit of the checkout `root`, in a clone of its own, and push them to its remote.

    Returns the files of its runs in reports/, by their paths: what is kept in git is not DVC's to push.
    """
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        _output("git", "clone", "--quiet", str(root), str(clone), cwd=Path(folder))
        _output("git", "checkout", "--quiet", "--detach", commit, cwd=clone)
        if (root / LOCAL_CONFIG).exists():
            shutil.copy(root / LOCAL_CONFIG, clone / LOCAL_CONFIG)
        for stage in stages:
            _output("dvc", "repro", "--pull", "--single-item", stage, cwd=clone)
            # `repro` leaves a stage with uncached outputs out of the run cache, `commit` does not.
            _output("dvc", "commit", "--quiet", "--force", stage, cwd=clone)
        _output("dvc", "push", "--quiet", "--run-cache", *stages, cwd=clone)
        files = [path for stage in stages for path in _results(stage, clone)]
        return {str(path.relative_to(clone)): path.read_bytes() for path in files}


def _results(stage: str, root: Path) -> list[Path]:
    """reports/BENCHMARK/KIND/METHOD-SEED.* of train_METHOD@BENCHMARK-SEED, or of its evaluation."""
    group, _, item = stage.partition("@")
    benchmark, _, seed = item.rpartition("-")
    return list((root / REPORTS / benchmark).glob(f"*/{group.partition('_')[2]}-{seed}.*"))


def _output(program: str, *arguments: str, cwd: Path) -> str:
    command = [*(DVC if program == "dvc" else [program]), *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise InputError(f"{program} {' '.join(arguments)} failed in {cwd}: {(done.stderr or done.stdout).strip()}")
    return done.stdout
