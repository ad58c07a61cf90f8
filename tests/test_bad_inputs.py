"""Bad input between stages, kind by kind: one line that names the file and what was expected, nothing half-written.

The same of what enters from outside stands beside the readers: archives in datasets/test_download.py, UTD-MHAD's files
in datasets/test_utd_mhad.py, MM-Fit's in datasets/test_mm_fit.py, clocks in preprocessing/test_clocks.py, signals,
poses and labels in datasets/test_recording.py; params.yaml in test_params.py, recipes in test_recipes.py, weights in
test_weights.py, results in reporting/test_results.py.
"""

import json
import runpy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pose2imu import atomic
from pose2imu.preprocessing.arrays import Recordings, save

ROOT = Path(__file__).resolve().parents[1]
NAME, RATE, SECONDS = "sample", 100, 12  # as reports/recipes/window/sample.json has it
NORMALIZED, WINDOWS = Path("data/normalized") / NAME, Path("data/windows") / NAME
WEIGHTS, RUN = Path("data/models") / NAME / "trees-0.safetensors", Path("reports") / NAME / "runs/trees-0"
TRAIN, EVALUATE = ("train.py", "trees", NAME, "0"), ("evaluate.py", "trees", NAME, "0")
Damage = Callable[[], Any]


def stage(*arguments: str) -> str:
    """Run a stage of this tree here, as its command does; returns what it exits with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "stages"))
        patch.setattr("sys.argv", [str(ROOT / "stages" / arguments[0]), *arguments[1:]])
        try:
            runpy.run_path(str(ROOT / "stages" / arguments[0]), run_name="__main__")
        except SystemExit as end:
            return str(end.code)
    return ""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of three short recordings, with the trees trained and evaluated."""
    folder = tmp_path_factory.mktemp("finished")
    shutil.copytree(ROOT / "reports/recipes", folder / "reports/recipes")
    random, samples = np.random.default_rng(0), SECONDS * RATE
    start = np.arange(3) * samples
    table = pd.DataFrame({"recording": ["w01", "w02", "w03"], "subject": ["w01", "w02", "w03"], "start": start})
    table = table.assign(stop=start + samples, split=["train", "validation", "test"])
    label = np.tile(np.arange(samples) // (4 * RATE), 3).astype(np.int8)
    signals = [random.normal(size=(3 * samples, *shape)).astype(np.float32) for shape in ((3,), (3, 3))]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        save(Recordings(*signals, label, table), NORMALIZED)
        statistics = {"acceleration": {"mean": [0.0] * 3, "std": [1.0] * 3}}
        atomic.write_json(Path("reports") / NAME / "statistics.json", statistics)
        assert [stage("window.py", NAME), stage(*TRAIN), stage(*EVALUATE)] == ["", "", ""]
    return folder


@pytest.fixture
def project(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def cut(path: Path, part: float = 0.5) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])


def text(path: Path, content: str = "no such format\n") -> None:
    path.write_text(content)


def array(name: str, change: Callable[[np.ndarray], np.ndarray]) -> None:
    path = NORMALIZED / f"{name}.npy"
    np.save(path, change(np.load(path)), allow_pickle=True)


def table(path: Path, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    change(pd.read_parquet(path)).to_parquet(path, index=False)


def pickled(name: str) -> None:
    np.save(NORMALIZED / f"{name}.npy", np.array([{}], dtype=object), allow_pickle=True)


def about(change: Callable[[dict[str, Any]], Any]) -> None:
    path = WINDOWS / "benchmark.json"
    raw = json.loads(path.read_text())
    change(raw)
    path.write_text(json.dumps(raw))


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"
RECORDINGS, INDEX, ABOUT = NORMALIZED / "recordings.parquet", WINDOWS / "index.parquet", WINDOWS / "benchmark.json"
ARRAYS = f"{NORMALIZED}: expected the arrays of an earlier stage ("
WINDOW = ("window.py", NAME)
# What meets it, what is wrong, the beginning of the line, and what else it says.
KINDS: dict[str, tuple[tuple[str, ...], Damage, str, str]] = {
    "array missing": (WINDOW, (NORMALIZED / "label.npy").unlink, ARRAYS, "label.npy"),
    "array empty": (WINDOW, lambda: text(NORMALIZED / "label.npy", ""), ARRAYS, ""),
    "array truncated": (TRAIN, lambda: cut(NORMALIZED / "acceleration.npy"), ARRAYS, ""),
    "array a pointer": (TRAIN, lambda: text(NORMALIZED / "joints.npy", POINTER), ARRAYS, ""),
    "array pickled": (TRAIN, lambda: pickled("acceleration"), ARRAYS, "Array can't be memory-mapped"),
    "array turned": (TRAIN, lambda: array("acceleration", np.transpose), ARRAYS, "shape (3, 3600), not floating of"),
    "array of other length": (TRAIN, lambda: array("acceleration", lambda a: a[:-1]), ARRAYS, "shape (3599, 3), not"),
    "array of text": (TRAIN, lambda: array("acceleration", lambda a: a.astype(str)), ARRAYS, "acceleration.npy has <U"),
    "array complex": (TRAIN, lambda: array("joints", lambda a: a.astype(complex)), ARRAYS, "has complex128"),
    "array of whole numbers": (TRAIN, lambda: array("joints", lambda a: a.astype(int)), ARRAYS, "has int64 of"),
    "joints flat": (TRAIN, lambda: array("joints", lambda a: a.reshape(len(a), -1)), ARRAYS, "joints.npy has"),
    "labels no whole numbers": (WINDOW, lambda: array("label", lambda a: a + 0.5), ARRAYS, "label.npy has float"),
    "labels of two columns": (WINDOW, lambda: array("label", lambda a: np.stack([a, a], 1)), ARRAYS, "label.npy has"),
    "recordings missing": (WINDOW, RECORDINGS.unlink, ARRAYS, "recordings.parquet"),
    "recordings no table": (WINDOW, lambda: text(RECORDINGS), ARRAYS, ""),
    "recordings truncated": (WINDOW, lambda: cut(RECORDINGS), ARRAYS, ""),
    "recordings without a column": (
        WINDOW,
        lambda: table(RECORDINGS, lambda t: t.drop(columns="stop")),
        ARRAYS,
        "stop",
    ),
    "recordings without a split": (
        WINDOW,
        lambda: table(RECORDINGS, lambda t: t.drop(columns="split")),
        ARRAYS,
        "split",
    ),
    "recordings beyond": (WINDOW, lambda: table(RECORDINGS, lambda t: t.assign(stop=t.stop + 1)), ARRAYS, "0 to 3600"),
    "recordings before": (
        WINDOW,
        lambda: table(RECORDINGS, lambda t: t.assign(start=t.start - 1)),
        ARRAYS,
        "0 to 3600",
    ),
    "recordings backwards": (
        *(WINDOW, lambda: table(RECORDINGS, lambda t: t.assign(start=t.stop, stop=t.start)), ARRAYS),
        "recordings that do not lie within",
    ),
    "recordings of one name": (WINDOW, lambda: table(RECORDINGS, lambda t: t.assign(recording="w")), ARRAYS, "w twice"),
    "nobody to test": (
        *(
            WINDOW,
            lambda: table(RECORDINGS, lambda t: t.assign(split="train")),
            f"{NAME}: no validation recording holds",
        ),
        "a window of 3.0 s",
    ),
    "statistics missing": (
        *(WINDOW, (Path("reports") / NAME / "statistics.json").unlink, f"reports/{NAME}/statistics.json is missing"),
        "dvc repro",
    ),
    "index missing": (TRAIN, INDEX.unlink, f"{INDEX} is missing", "dvc repro"),
    "index no table": (TRAIN, lambda: text(INDEX), f"{INDEX}: expected the window stage's index", ""),
    "index truncated": (TRAIN, lambda: cut(INDEX), f"{INDEX}: expected the window stage's index", ""),
    "index without a column": (
        *(
            TRAIN,
            lambda: table(INDEX, lambda t: t.drop(columns="label")),
            f"{INDEX}: expected the window stage's index",
        ),
        "label",
    ),
    "index of other classes": (
        *(TRAIN, lambda: table(INDEX, lambda t: t.assign(label=99)), f"{INDEX}: expected labels from 0 to 10"),
        "",
    ),
    "index with a label below": (
        *(TRAIN, lambda: table(INDEX, lambda t: t.assign(label=-1)), f"{INDEX}: expected labels from 0 to 10"),
        "",
    ),
    "index beyond": (
        *(
            TRAIN,
            lambda: table(INDEX, lambda t: t.assign(start=t.start + 9999)),
            "the index has windows that lie outside",
        ),
        "",
    ),
    "index of others": (
        *(TRAIN, lambda: table(INDEX, lambda t: t.assign(recording="w99")), "the index has windows that lie outside"),
        "",
    ),
    "index of test windows beyond": (
        *(EVALUATE, lambda: table(INDEX, lambda t: t.assign(start=-1)), "the index has windows that lie outside"),
        "",
    ),
    "description empty": (TRAIN, lambda: text(ABOUT, ""), f"{ABOUT}: ", "Invalid JSON"),
    "description without keys": (TRAIN, lambda: text(ABOUT, "{}"), f"{ABOUT}: benchmark: Field required", ""),
    "description a list": (TRAIN, lambda: text(ABOUT, "[]"), f"{ABOUT}: ", "object"),
    "description of text": (
        TRAIN,
        lambda: about(lambda raw: raw.update(window="long")),
        f"{ABOUT}: window: ",
        "integer",
    ),
    "description of more": (
        TRAIN,
        lambda: about(lambda raw: raw.update(stirde=1)),
        f"{ABOUT}: stirde: ",
        "Extra inputs",
    ),
    "weights missing": (EVALUATE, WEIGHTS.unlink, f"{WEIGHTS}: expected the weights of a finished run", ""),
    "weights a pointer": (EVALUATE, lambda: text(WEIGHTS, POINTER), f"{WEIGHTS}: expected the weights of", ""),
    "weights truncated": (EVALUATE, lambda: cut(WEIGHTS), f"{WEIGHTS}: expected the weights of a finished run", ""),
    "weights a folder": (
        *(EVALUATE, lambda: (WEIGHTS.unlink(), WEIGHTS.mkdir()), f"{WEIGHTS}: expected the weights of a finished run"),
        "",
    ),
    "a file where the folder of results was to be": (
        *(
            TRAIN,
            lambda: (shutil.rmtree(WEIGHTS.parent), text(WEIGHTS.parent)),
            f"{WEIGHTS.parent}: cannot be written to",
        ),
        "",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_one_line_and_leaves_what_was_there(kind: str, project: Path) -> None:
    command, damage, beginning, rest = KINDS[kind]
    damage()
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    said = stage(*command)
    assert said.startswith(f"error: {beginning}"), said
    assert rest in said
    assert "\n" not in said
    after = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    assert after == before


def fails(*_: Any, **__: Any) -> None:
    raise OSError(28, "No space left on device", "results")


@pytest.mark.parametrize(
    ("command", "writer"),
    [(WINDOW, "write_parquet"), (EVALUATE, "write_parquet"), (EVALUATE, "write_json")],
)
def test_a_disk_that_fills_up_is_one_line(
    command: tuple[str, ...], writer: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic, writer, fails)
    assert stage(*command) == "error: results: No space left on device"
    assert not list(project.rglob("*.partial"))


def test_what_was_trained_is_kept_where_there_is_room(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full after training, not before."""
    from pose2imu import weights  # noqa: PLC0415 - patched

    save_weights = weights.save_weights
    monkeypatch.setattr(
        weights, "save_weights", lambda path, *run: (fails if path == WEIGHTS else save_weights)(path, *run)
    )
    before = WEIGHTS.read_bytes()
    said = stage(*TRAIN)
    assert said.startswith(f"error: {WEIGHTS}: No space left on device; what was trained is in ")
    rescued = Path(said.rpartition(" ")[2])
    assert rescued.read_bytes() == before == WEIGHTS.read_bytes()
    shutil.rmtree(rescued.parent)
