"""The runner: what it plans, in parallel, interrupted and resumed, and as jobs of a scheduler."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pose2imu.dvc import require_own_code
from pose2imu.errors import InputError
from pose2imu.params import load_params
from pose2imu.recipes import write_recipes
from pose2imu.runner.cluster import submit
from pose2imu.runner.local import EPOCHS, run_stages
from pose2imu.runner.plan import Plan, Run, changed_recipes, data_stages, missing_runs, run_of
from tests.end_to_end.project import environment, execute, running, set_params

pytestmark = pytest.mark.xdist_group("end_to_end")

RUNNER = ("python", "-m", "pose2imu.runner")
TREES, IMUTUBE = "trees-sample-0", "imutube-sample-0"
# Quick ones.
OF_TREES_AND_IMUTUBE = {
    f"train_sample@{TREES}",
    f"evaluate_sample@{TREES}",
    f"on_virtual_sample@{IMUTUBE}",
    f"evaluate_on_virtual_sample@{IMUTUBE}",
}


@pytest.fixture
def here(restored: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Inside the clone."""
    monkeypatch.chdir(restored)
    monkeypatch.setenv("PYTHONPATH", str(restored / "src"))
    return restored


@pytest.fixture
def training(here: Path) -> Iterator[Path]:
    """Inside the clone, whose large files are put back too."""
    yield here
    execute(here, "git", "checkout", "--quiet", ".")
    execute(here, "dvc", "checkout", "--force", "--quiet", "report@sample", "--with-deps")


def test_a_stage_is_of_the_run_that_its_command_names() -> None:
    run = Run("train", "joint", "sample", 3)
    assert run_of("python stages/train.py joint sample 3") == run
    assert run_of("python stages/train.py joint sample 3 --trial") == run
    assert run_of("python stages/evaluate.py joint sample 3") == run._replace(script="evaluate")
    assert run.folder() == Path("reports/sample/runs/joint-3")
    halves = [f"python stages/scarce_{half}.py joint clips quarter 3" for half in ("train", "evaluate")]
    assert run_of(halves) == Run("train", "joint", "scarce", 3, ("clips", "quarter"))
    assert run_of(halves).folder() == Path("reports/scarce/runs/clips/quarter/joint-3")
    assert run_of("python stages/window.py sample") is None
    assert run_of(None) is None


def test_nothing_is_missing_of_what_is_finished(here: Path) -> None:
    assert missing_runs(["sample"]).waits_for == {}
    assert changed_recipes(load_params()) == set()
    assert data_stages(["sample"]) == ["normalize@sample", "recipes", "virtual@sample", "window@sample"]


def test_gone_weights_are_missing_only_where_something_needs_them(here: Path) -> None:
    weights = here / "data/models/sample"
    weights.rename(weights.with_name("elsewhere"))
    try:
        assert missing_runs(["sample"]).waits_for == {}
        (here / "reports/sample/runs/regression_first-0/metrics.json").unlink()
        assert missing_runs(["sample"]).waits_for == {
            "alone_sample@regressor-sample-0": set(),
            "on_regressor_sample@regression_first-sample-0": {"alone_sample@regressor-sample-0"},
            "evaluate_on_regressor_sample@regression_first-sample-0": {"on_regressor_sample@regression_first-sample-0"},
        }
    finally:
        weights.with_name("elsewhere").rename(weights)


def test_whole_seeds_come_first_and_other_benchmarks_not_at_all(here: Path) -> None:
    set_params(here, runs__sample__seed=[0, 1, 2], runs__utd_mhad__seed=[0, 1])
    write_recipes(load_params())
    plan = missing_runs(["sample", "utd_mhad_committed"])
    runs = [plan.runs[stage] for stage in plan.waits_for]
    assert [run.seed for run in runs if run.benchmark == "sample"] == [1] * 13 + [2] * 13
    assert {run.benchmark for run in runs} == {"sample", "utd_mhad_committed"}
    # Trained alone, and tried.
    assert {"regressor", "baseline", "baseline_batch128"} <= {run.row for run in runs if run.benchmark != "sample"}


def test_a_dry_run_changes_nothing_and_knows_what_recipes_would_change(here: Path) -> None:
    set_params(here, methods__trees__trees=30, virtual__placement=0.5)
    text = execute(here, *RUNNER, "sample", "--dry-run", "--jobs", "2")
    *stages, count, times = text.splitlines()
    assert {stage.split()[0] for stage in stages} == OF_TREES_AND_IMUTUBE
    assert all(re.search(r"  \d+ s$", stage) for stage in stages if not stage.startswith("evaluate"))
    assert count == "4 stages to run, 2 of them trainings"
    assert re.fullmatch(r"\d+ minutes when they were last run, \d+ minutes by 2 processes", times)
    assert execute(here, "git", "status", "--porcelain").split() == ["M", "params.yaml"]


def test_a_run_without_a_record_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    plan = Plan({"train": set(), "evaluate": {"train"}}, {"train": Run("train", "joint", "sample", 0)})
    assert list(plan.forecast(2)) == [
        "train",
        "evaluate",
        "2 stages to run, 1 of them trainings",
        "0 minutes when they were last run, 0 minutes by 2 processes; 1 have no record",
    ]


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
    problems = run_stages(Plan({"train@no-0": set(), "evaluate@no-0": {"train@no-0"}, "of@no": {"evaluate@no-0"}}), 2)
    assert problems == {
        "train@no-0": "exit code 255, see data/logs/train@no-0.txt",
        "evaluate@no-0": "left out: needs train@no-0",
        "of@no": "left out: needs evaluate@no-0",
    }
    assert "train@no-0" in Path("data/logs/train@no-0.txt").read_text()


def test_an_interrupted_runner_goes_on_where_it_was(training: Path) -> None:
    here = training
    set_params(here, methods__trees__trees=30, virtual__placement=0.5)
    begun = subprocess.Popen(
        [sys.executable, *RUNNER[1:], "sample", "--jobs", "2"],
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
    assert "no weights" not in said
    alive = [
        " ".join(process.info["cmdline"] or [])
        for process in psutil.process_iter(["cmdline", "cwd"])
        if process.info["cwd"] == str(here) and process.pid != os.getpid()
    ]
    assert alive == []

    done = set(re.findall(r"done: (\S+),", said))
    assert done
    left = missing_runs(["sample"]).waits_for.keys()
    assert left <= OF_TREES_AND_IMUTUBE - done  # one may have been finished when it was to be ended
    assert left & {f"evaluate_sample@{TREES}", f"evaluate_on_virtual_sample@{IMUTUBE}"}
    output = execute(here, *RUNNER, "sample", "--jobs", "2")
    assert set(re.findall(r"done: (\S+),", output)) == set(left)
    assert running(execute(here, "dvc", "repro", "--dry", "report@sample")) == ["report@sample"]


def test_jobs_of_a_scheduler_come_back_through_the_remote(training: Path, tmp_path: Path) -> None:
    here = training
    set_params(here, methods__trees__trees=40)
    with pytest.raises(InputError, match=r"^there are changes that are not committed"):
        submit(Plan({}), [], "local", {})
    execute(here, "dvc", "repro", "--quiet", "recipes")
    head = execute(here, "git", "rev-parse", "HEAD").strip()
    execute(here, "git", "commit", "--quiet", "--all", "--message", "more trees")
    weights = here / "data/models/sample/trees-0.safetensors"
    before = weights.read_bytes()
    try:
        with pytest.raises(InputError, match=r"^no DVC remote for jobs to share"):
            submit(Plan({}), [], "local", {})
        execute(here, "dvc", "remote", "add", "--local", "--default", "shared", str(tmp_path / "remote"))
        assert submit(missing_runs(["sample"]), data_stages(["sample"]), "local", {"timeout_min": 10}) == {}
        assert running(execute(here, "dvc", "repro", "--dry", "report@sample")) == ["report@sample"]
        changed = set(execute(here, "git", "diff", "--name-only").split())
        assert {"dvc.lock", "reports/sample/runs/trees-0/tried.csv"} <= changed
        assert weights.read_bytes() != before
    finally:
        (here / ".dvc/config.local").unlink(missing_ok=True)
        execute(here, "git", "checkout", "--quiet", ".")
        execute(here, "git", "reset", "--quiet", "--hard", head)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ["sample", "--cluster", "local", "--option", "timeout"],
            "error: --option timeout: expected KEY=VALUE",
        ),
        (["sampel"], "error: no benchmark sampel; expected some of sample, "),
        ([], "error: expected a BENCHMARK"),
        (["sample", "--jobs", "0"], "error: --jobs must be at least 1"),
    ],
)
def test_bad_arguments_are_one_line(here: Path, arguments: list[str], expected: str) -> None:
    status = 1 if "--option" in arguments else 2
    assert expected in execute(here, *RUNNER, *arguments, status=status).splitlines()[-1]


def test_code_of_another_checkout_is_refused(here: Path, tmp_path: Path) -> None:
    require_own_code(Path(__file__).parents[2])
    shutil.copy(here / "params.yaml", tmp_path)
    output = execute(here, "env", f"--chdir={tmp_path}", *RUNNER, "sample", status=1)
    (line,) = output.splitlines()
    assert line.startswith(f"error: this is the code of {here}/src/pose2imu, not of {tmp_path}/src/pose2imu")
