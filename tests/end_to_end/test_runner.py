"""The runner: what it plans, in parallel, interrupted and resumed, and as jobs of a scheduler."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pose2imu.runner.local import EPOCHS, run_stages
from pose2imu.runner.plan import Plan, missing_runs
from tests.end_to_end.project import environment, execute, running, set_params

pytestmark = pytest.mark.xdist_group("end_to_end")

BACK = ("curves/joint_similarity-0.csv", "runs/joint_similarity-0.json", "runtime/joint_similarity-0.json")
RUNNER = (sys.executable, "-m", "pose2imu.runner")


@pytest.fixture
def here(restored: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Inside the clone, whose large files are put back too."""
    monkeypatch.chdir(restored)
    monkeypatch.setenv("PYTHONPATH", str(restored / "src"))
    yield restored
    execute(restored, "git", "checkout", "--quiet", ".")
    execute(restored, "dvc", "checkout", "--force", "--quiet", "report@sample", "--with-deps")


def test_nothing_is_missing_of_what_is_finished(here: Path) -> None:
    assert missing_runs(["sample"]).waits_for == {}


def test_gone_weights_are_missing_only_where_something_needs_them(here: Path) -> None:
    weights = here / "data/models/sample"
    weights.rename(weights.with_name("elsewhere"))
    try:
        assert missing_runs(["sample"]).waits_for == {}
        (here / "reports/sample/runs/regression_first-0.json").unlink()
        assert missing_runs(["sample"]).waits_for == {
            "train_regressor@sample-0": set(),
            "train_regression_first@sample-0": {"train_regressor@sample-0"},
            "evaluate_regression_first@sample-0": {"train_regression_first@sample-0"},
        }
    finally:
        weights.with_name("elsewhere").rename(weights)


def test_how_far_a_run_is_is_read_off_its_progress_bar() -> None:
    begun = "\rregressor:   0%|          | 0/200 [00:00<?, ?epoch/s]"
    later = "\rclassifier:  56%|█████▌    | 111/200 [11:36<11:52,  8.00s/epoch, loss=0.844, validation_f1=0.565]"
    fast = "\rclassifier:  10%|█         | 1/10 [00:00<00:02,  3.21epoch/s, loss=2.1]\n"
    expected = [("0", "200", ""), ("111", "200", "loss=0.844, validation_f1=0.565"), ("1", "10", "loss=2.1")]
    assert EPOCHS.findall(begun + later + fast) == expected


def test_runs_that_share_nothing_are_chains_of_their_own() -> None:
    plan = Plan({"r": set(), "a": {"r"}, "x": set(), "b": {"r"}, "y": {"x"}})
    assert plan.chains() == [["r", "a", "b"], ["x", "y"]]


def test_a_failed_stage_is_named_and_what_needs_it_left_out(here: Path) -> None:
    problems = run_stages(
        Plan({"train_nothing@sample-0": set(), "evaluate_nothing@sample-0": {"train_nothing@sample-0"}}), 2
    )
    log = "data/logs/train_nothing@sample-0.txt"
    assert problems == {
        "train_nothing@sample-0": f"exit code 255, see {log}",
        "evaluate_nothing@sample-0": "left out: needs train_nothing@sample-0",
    }
    assert "train_nothing@sample-0" in Path(log).read_text()


def test_an_interrupted_runner_goes_on_where_it_was(here: Path) -> None:
    set_params(here, alpha=3.0)
    assert "train_joint@sample-0\n" in execute(here, *RUNNER, "sample", "--dry-run")
    planned = missing_runs(["sample"]).waits_for.keys()
    begun = subprocess.Popen(
        [*RUNNER, "sample", "--jobs", "2"],
        env={**environment(here), "PATH": "/usr/bin:/bin"},  # as where the environment is not activated
        stderr=subprocess.PIPE,
        text=True,
    )
    assert begun.stderr is not None
    said = ""
    while "done: " not in said:  # a stage is finished, another under way
        line = begun.stderr.readline()
        assert line, said
        said += line
    begun.send_signal(signal.SIGINT)
    said += begun.communicate(timeout=60)[1]
    assert begun.returncode == 1
    assert said.endswith("interrupted; the same command goes on from here\n")
    alive = [
        " ".join(process.info["cmdline"] or [])
        for process in psutil.process_iter(["cmdline", "cwd"])
        if process.info["cwd"] == str(here) and process.pid != os.getpid()
    ]
    assert alive == []

    done = set(re.findall(r"done: (\S+),", said))
    assert done
    left = missing_runs(["sample"]).waits_for.keys()
    assert left <= planned - done  # one may have been finished when it was to be ended
    assert "evaluate_joint@sample-0" in left
    output = execute(here, *RUNNER, "sample", "--jobs", "2")
    assert set(re.findall(r"done: (\S+),", output)) == set(left)
    assert running(execute(here, "dvc", "repro", "report@sample")) == ["report@sample"]


def test_jobs_of_a_scheduler_come_back_through_the_remote(here: Path, tmp_path: Path) -> None:
    set_params(here, joint_similarity__beta=5.0)
    output = execute(here, *RUNNER, "sample", "--cluster", "local", status=1)
    assert "error: there are changes that are not committed" in output
    head = execute(here, "git", "rev-parse", "HEAD").strip()
    execute(here, "git", "commit", "--quiet", "--all", "--message", "beta")
    try:
        output = execute(here, *RUNNER, "sample", "--cluster", "local", status=1)
        assert "error: no DVC remote for jobs to share" in output
        execute(here, "dvc", "remote", "add", "--local", "--default", "shared", str(tmp_path / "remote"))
        execute(here, *RUNNER, "sample", "--cluster", "local", "--option", "timeout_min=10")
        assert running(execute(here, "dvc", "repro", "--dry", "report@sample")) == ["report@sample"]
        changed = execute(here, "git", "diff", "--name-only").split()
        assert {f"reports/sample/{path}" for path in BACK} <= set(changed)
    finally:
        (here / ".dvc/config.local").unlink(missing_ok=True)
        execute(here, "git", "checkout", "--quiet", ".")
        execute(here, "git", "reset", "--quiet", "--hard", head)


def test_an_option_without_a_value_is_an_error(here: Path) -> None:
    output = execute(here, *RUNNER, "sample", "--cluster", "local", "--option", "timeout_min", status=1)
    assert "error: --option timeout_min: expected KEY=VALUE" in output
