"""Record in dvc.lock that code changed without changing results, where a run's large outputs are not at hand.

`dvc commit` does so where they are. The proof comes before it: rerun each method once and find the same digits.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from itertools import groupby
from pathlib import Path

from dvc.dvcfile import load_file
from dvc.exceptions import DvcException
from dvc.repo import Repo

from pose2imu.dvc import write_lock_at_once
from pose2imu.errors import InputError


def record(patterns: Iterable[str], root: Path = Path()) -> list[str]:
    """Take the present code and parameters of finished stages into dvc.lock; patterns are as `*@joint-*`.

    Returns the stages recorded. Raises InputError, with dvc.lock as it was, where an output that is here is not the one
    in dvc.lock: that stage's results did change.
    """
    write_lock_at_once()
    try:
        with Repo(str(root)) as repo, repo.lock:
            locked = [stage for stage in repo.index.stages if all(out.hash_info for out in stage.outs)]
            finished = []
            for pattern in patterns:
                found = [stage for stage in locked if fnmatchcase(stage.name, pattern)]
                if not found:
                    raise InputError(f"dvc.lock: no stage {pattern}")
                finished += [stage for stage in found if stage not in finished]
            for stage in finished:
                if changed := [str(out) for out in stage.outs if out.exists and out.changed_checksum()]:
                    raise InputError(f"{stage.name}: {', '.join(changed)} is not what dvc.lock has: it must rerun")
            for stage in finished:
                stage.save(allow_missing=True, run_cache=False)
            for path, stages in groupby(finished, key=lambda stage: stage.path):
                load_file(repo, path).dump_stages(list(stages), update_pipeline=False)
    except DvcException as error:
        raise InputError(f"dvc: {error}") from error
    return [stage.name for stage in finished]
