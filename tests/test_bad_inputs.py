"""Bad input, kind by kind, met by the stages themselves: one line that names the file (or recording, or key) and says
what was expected, no traceback, nothing half-written, what was there untouched.

More of the same stands beside the readers: keys of params.yaml in test_params.py, recipes in test_recipes.py, headers
of weights in test_weights.py, mirrors and servers in datasets/test_download.py, clocks in preprocessing/test_clocks.py,
sensors and poses in datasets/test_recording.py, results in reporting/test_results.py.
"""

import errno
import json
import re
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.io
from safetensors import safe_open
from safetensors.numpy import save_file

from pose2imu import atomic, weights
from pose2imu.datasets import download
from tests import small_project
from tests.small_project import ARCHIVE, CLIPS, MEMBERS, RAW, RAW_CLIPS, SAMPLE, change, stage, write_archive

Damage = Callable[[], Any]
Row = tuple[str, tuple[str, ...], Damage, str, str]  # what is wrong, what meets it, the line's beginning, what it says
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"


def cut(path: Path, part: float = 0.5) -> Damage:
    return lambda: path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])


def text(path: Path, content: str = "no such format\n") -> Damage:
    return lambda: path.write_text(content)


def folder(path: Path) -> Damage:
    return lambda: (path.unlink(), path.mkdir())


def file(path: Path) -> Damage:
    """A file where a folder is to be."""
    return lambda: (shutil.rmtree(path), path.write_text(""))


def edit(path: Path, how: Callable[[str], str]) -> Damage:
    return lambda: path.write_text(how(path.read_text()))


def binary(path: Path, how: Callable[[bytes], bytes]) -> Damage:
    return lambda: path.write_bytes(how(path.read_bytes()))


def json_(path: Path, **values: Any) -> Damage:
    return lambda: change(path, lambda raw: raw.update(values))


def npy(path: Path, how: Callable[[np.ndarray], Any]) -> Damage:
    return lambda: np.save(path, how(np.load(path)), allow_pickle=True)


def npz(path: Path) -> None:
    with path.open("wb") as opened:
        np.savez(opened, array=np.zeros(3))


def table(path: Path, how: Callable[[pd.DataFrame], pd.DataFrame]) -> Damage:
    return lambda: how(pd.read_parquet(path)).to_parquet(path, index=False)


def csv(path: Path, how: Callable[[pd.DataFrame], pd.DataFrame]) -> Damage:
    return lambda: how(pd.read_csv(path)).to_csv(path, index=False)


def mat(path: Path, how: Callable[[np.ndarray], Any], key: str | None = None) -> Damage:
    def damage() -> None:
        name, matrix = next(item for item in scipy.io.loadmat(path).items() if not item[0].startswith("_"))
        scipy.io.savemat(path, {key or name: how(matrix)})

    return damage


def learned(
    path: Path, arrays: Callable[[dict[str, Any]], dict[str, Any]] = dict, run: dict[str, Any] | None = None
) -> Damage:
    """Weights with other arrays, or another header."""

    def damage() -> None:
        with safe_open(path, framework="numpy") as opened:
            header = json.loads(opened.metadata()["run"]) | (run or {})
            state = arrays({name: opened.get_tensor(name) for name in opened.keys()})  # noqa: SIM118
        save_file({name: np.asarray(a, order="C") for name, a in state.items()}, path, {"run": json.dumps(header)})

    return damage


def param(line: str) -> Damage:
    key = line.partition(":")[0]
    return edit(Path("params.yaml"), lambda t: re.sub(rf"^{key}:.*$", lambda _: line, t, count=1, flags=re.MULTILINE))


def params(old: str, new: str) -> Damage:
    return edit(Path("params.yaml"), lambda t: t.replace(old, new, 1))


def zipped(**members: bytes) -> Damage:
    return lambda: write_archive({name.replace("_", "/", 1).replace("_", "."): c for name, c in members.items()})


def at(offset: int, new: bytes, mark: bytes = b"PK\x01\x02") -> Damage:
    """Bytes of the archive's list of members."""

    def how(content: bytes) -> bytes:
        place = content.index(mark) + offset
        return content[:place] + new + content[place + len(new) :]

    return binary(ARCHIVE, how)


DOWNLOAD, RECIPES, REPORT = ("download", "utd_mhad"), ("recipes",), ("report", SAMPLE)
REFUSED, LIST = f"{ARCHIVE}: refused, ", f"{ARCHIVE}: refused, its list of members cannot be read"
NO_ZIP = "expected a complete zip file"
ARCHIVES: list[Row] = [
    ("truncated", DOWNLOAD, cut(ARCHIVE), REFUSED, NO_ZIP),
    ("empty", DOWNLOAD, text(ARCHIVE, ""), REFUSED, NO_ZIP),
    ("a page in its place", DOWNLOAD, text(ARCHIVE, "<html>"), REFUSED, NO_ZIP),
    ("a folder in its place", DOWNLOAD, folder(ARCHIVE), "utd-mhad/Inertial.zip cannot be had", f"{ARCHIVE} (a folder"),
    ("missing", DOWNLOAD, ARCHIVE.unlink, "utd-mhad/Inertial.zip cannot be had", f"Put it by hand at {ARCHIVE}"),
    (
        "altered member",
        DOWNLOAD,
        zipped(**{**MEMBERS, "Inertial/a2.mat": b"x"}),
        f"{ARCHIVE}: Inertial/a2.mat",
        "expec",
    ),
    ("missing member", DOWNLOAD, zipped(Inertial_a1_mat=b"x"), REFUSED, "the first Inertial/a2.mat (sha256 "),
    ("damaged member", DOWNLOAD, at(14, b"\xff" * 9, b".mat"), REFUSED, "Inertial/a1.mat cannot be read"),
    ("encrypted member", DOWNLOAD, at(8, b"\x01"), REFUSED, "Inertial/a1.mat cannot be read"),
    ("unknown compression", DOWNLOAD, at(10, b"\x63"), REFUSED, "Inertial/a1.mat cannot be read"),
    ("damaged list", DOWNLOAD, at(0, b"XXXX"), LIST, "Bad magic number"),
    (
        "members before its beginning",
        DOWNLOAD,
        at(16, b"\xff\xff", b"PK\x05\x06"),
        REFUSED,
        "cannot be read ([Errno 22]",
    ),
    ("a name that is no text", DOWNLOAD, lambda: (at(46, b"\xff\xfe")(), at(9, b"\x08")()), LIST, "'utf-8'"),
    (
        "other checksum",
        ("download", "mm_fit"),
        lambda: copied("mm-fit/mm-fit.zip"),
        "data/archives/mm-fit",
        "expected 3",
    ),
]


def copied(place: str) -> None:
    path = Path("data/archives") / place
    path.parent.mkdir()
    shutil.copy(ARCHIVE, path)


CLIP = RAW_CLIPS / "Inertial/a1_s1_t1_inertial.mat"
POSE = RAW_CLIPS / "Skeleton/a1_s1_t1_skeleton.mat"
READ = ("resample", "utd_mhad")
INERTIAL = "expected a .mat file with d_iner of shape (N, 6)"
MAT: list[Row] = [
    ("truncated", READ, cut(CLIP), f"{CLIP}: cannot be read", INERTIAL),
    ("cut near its end", READ, cut(POSE, 0.99), f"{POSE}: cannot be read", "d_skel of shape (20, 3, N)"),
    ("empty", READ, text(CLIP, ""), f"{CLIP}: cannot be read", INERTIAL),
    ("text", READ, text(CLIP), f"{CLIP}: cannot be read", INERTIAL),
    ("a folder", READ, folder(CLIP), f"{CLIP}: missing", INERTIAL),
    ("no skeleton", READ, POSE.unlink, f"{POSE}: missing", "d_skel of shape (20, 3, N)"),
    ("no inertial file", READ, CLIP.unlink, f"{CLIP}: missing; expected one beside ", str(POSE)),
    ("other variable", READ, mat(CLIP, np.copy, "x"), f"{CLIP}: has no d_iner", INERTIAL),
    ("other shape", READ, mat(CLIP, lambda a: a[:, :3]), f"{CLIP}: d_iner has shape (120, 3)", INERTIAL),
    ("other dimensions", READ, mat(POSE, lambda a: a[:, :, 0]), f"{POSE}: d_skel has shape (20, 3)", "(20, 3, N)"),
    ("complex", READ, mat(CLIP, lambda a: a + 1j), f"{CLIP}: has d_iner of complex128", INERTIAL),
    ("cells", READ, mat(CLIP, lambda a: a.astype(object)), f"{CLIP}: has d_iner of object", INERTIAL),
    (
        "version 7.3",
        READ,
        lambda: CLIP.write_bytes(bytes(512) + b"\x89HDF\r\n\x1a\n"),
        f"{CLIP}: is a .mat",
        "version 7 at",
    ),
    ("NaN all over", READ, mat(CLIP, lambda a: a * np.nan), "a1_s1_t1: acceleration: ", "fewer than two rows"),
    ("poses of NaN", READ, mat(POSE, lambda a: a * np.nan), "a1_s1_t1: joints: ", "fewer than two rows"),
    ("poses on one point", READ, mat(POSE, lambda a: a * 0), "a1_s1_t1: joints: 41 of 41", "limbs and torso of 0.001"),
    ("poses in millimetres", READ, mat(POSE, lambda a: a * 1e3), "a1_s1_t1: joints: 41 of 41", "limbs and torso of"),
    (
        "constant channel",
        READ,
        mat(CLIP, lambda a: a * [1, 0, 1, 1, 1, 1]),
        "a1_s1_t1: acceleration's",
        "never changes",
    ),
    ("times 1e9", READ, mat(CLIP, lambda a: a * 1e9), "a1_s1_t1: acceleration is beyond 2000", "no sensor"),
    ("two rows", READ, mat(CLIP, lambda a: a[:2]), "a1_s1_t1: acceleration_time has 2 rows", "expected at least 10"),
    ("action 0", READ, lambda: small_project.write_clip("a0_s1_t1", 9), f"{CLIP.parent}/a0_s1_t1", "expected 1 to 27"),
    ("action 28", READ, lambda: small_project.write_clip("a28_s1_t1", 9), f"{CLIP.parent}/a28_s1", "expected 1 to 27"),
    ("no clips", READ, lambda: shutil.rmtree(CLIP.parent), f"{CLIP.parent}: expected files such as", "_inertial.mat"),
]

WATCH, JOINTS, LABELS = (RAW / "w00" / f"w00_{name}" for name in ("sw_l_acc.npy", "pose_3d.npy", "labels.csv"))
WORKOUT = ("resample", SAMPLE)
TIMES, UNIT = f"{WATCH}: times: ", "are the times in another unit?"
SETS, ROW = "expected first frame, last frame, repetitions and one of squats", f"{LABELS}, row 1: "
MM_FIT: list[Row] = [
    ("labels in letters", WORKOUT, edit(LABELS, lambda t: t.replace("4", "x")), ROW, SETS),
    ("labels without a column", WORKOUT, text(LABELS, "1,2,squats\n"), ROW, SETS),
    ("labels with semicolons", WORKOUT, edit(LABELS, lambda t: t.replace(",", ";")), ROW, SETS),
    ("labels with a heading", WORKOUT, edit(LABELS, lambda t: "first,last,n,what\n" + t), ROW, SETS),
    ("labels of huge frames", WORKOUT, text(LABELS, "1,99999999999999999999,1,squats\n"), ROW, SETS),
    ("labels backwards", WORKOUT, text(LABELS, "9,5,1,squats\n"), ROW, "the last frame 5 is before the first, 9"),
    ("labels cut", WORKOUT, cut(LABELS, 0.48), f"{LABELS}, row ", SETS),
    ("labels not UTF-8", WORKOUT, binary(LABELS, lambda b: b + b"\xff"), f"{LABELS}: ", "cannot be read as csv"),
    ("labels empty", WORKOUT, text(LABELS, ""), f"{LABELS}: expected sets within frames 4421 to 6096", "found none"),
    (
        "labels of another workout",
        WORKOUT,
        text(LABELS, "1,9,1,squats\n"),
        f"{LABELS}: expected sets within",
        "found none",
    ),
    ("labels missing", WORKOUT, LABELS.unlink, f"{LABELS}: missing", "expected rows of first frame, last frame"),
    ("truncated", WORKOUT, cut(WATCH), f"{WATCH}: cannot be read as .npy", "(rows, 5): frame, time in ms"),
    ("cut in its header", WORKOUT, cut(JOINTS, 1e-4), f"{JOINTS}: cannot be read as .npy", "(3, frames, 18)"),
    (
        "damaged header",
        WORKOUT,
        binary(
            WATCH,
            lambda b: b.replace(b"False", b"((((("),
        ),
        f"{WATCH}: cannot",
        "(rows, 5)",
    ),
    ("empty", WORKOUT, text(WATCH, ""), f"{WATCH}: cannot be read as .npy", "(rows, 5)"),
    ("several arrays", WORKOUT, lambda: npz(WATCH), f"{WATCH}: holds several arrays", "(rows, 5)"),
    ("several arrays, cut", WORKOUT, lambda: (npz(WATCH), cut(WATCH)()), f"{WATCH}: cannot be read", "(rows, 5)"),
    ("of objects", WORKOUT, npy(WATCH, lambda a: a.astype(object)), f"{WATCH}: cannot be read", "(rows, 5)"),
    ("of text", WORKOUT, npy(WATCH, lambda a: a.astype(str)), f"{WATCH}: expected numbers (rows, 5)", "found <U"),
    ("other columns", WORKOUT, npy(WATCH, lambda a: a[:, :4]), f"{WATCH}: expected numbers (rows, 5)", "(5749, 4)"),
    ("other dimensions", WORKOUT, npy(JOINTS, lambda a: a[0]), f"{JOINTS}: expected numbers (3, frames", "(1700, 18)"),
    ("no rows", WORKOUT, npy(WATCH, lambda a: a[:0]), f"{WATCH}: expected numbers (rows, 5)", "(0, 5)"),
    ("two rows", WORKOUT, npy(WATCH, lambda a: a[2999:3001]), "w00: acceleration_time has 2 rows", "at least 10"),
    ("nanoseconds", WORKOUT, npy(WATCH, lambda a: a * [1, 1e6, 1, 1, 1]), TIMES, UNIT),
    ("seconds", WORKOUT, npy(WATCH, lambda a: a * [1, 1e-3, 1, 1, 1]), TIMES, UNIT),
    ("rows in no order", WORKOUT, npy(WATCH, np.random.default_rng(0).permutation), TIMES, "expected rows in order"),
    ("float32 times", WORKOUT, npy(WATCH, lambda a: a.astype(np.float32)), f"{WATCH}: times in ms", "expected float64"),
    (
        "frames of another",
        WORKOUT,
        npy(WATCH, lambda a: a + np.array([1e6, 0, 0, 0, 0])),
        f"{JOINTS}: expected frames",
        "none",
    ),
    ("poses in metres", WORKOUT, npy(JOINTS, lambda a: a * np.append(1, [1e-3] * 17)), "w00: joints: ", "no poses"),
    ("no workouts", WORKOUT, lambda: (shutil.rmtree(RAW), RAW.mkdir()), f"{RAW}: expected folders w00", "found none"),
]

BY_HAND = Path("params.yaml")
YAML, MAP = "params.yaml: cannot be read as YAML: ", "Input should be a valid dictionary"
BENCH = "  {}:\n    dataset: {}\n    by: recording\n    train: [w00]\n    validation: [w01]\n    test: [w02]\n"
BENCHMARKS = "\nbenchmarks: &benchmarks\n"
PARAMS: list[Row] = [
    ("missing", RECIPES, BY_HAND.unlink, YAML, "No such file"),
    ("empty", RECIPES, text(BY_HAND, ""), "params.yaml: ", MAP),
    ("a list", RECIPES, text(BY_HAND, "- 1\n"), "params.yaml: ", MAP),
    ("cut", RECIPES, edit(BY_HAND, lambda t: t.partition("trials:")[0]), "params.yaml: trials: ", "Field required"),
    ("not UTF-8", RECIPES, binary(BY_HAND, lambda b: b + b"# \xe9\n"), YAML, "'utf-8' codec"),
    ("a tab", RECIPES, params("  mm_fit:", "\tmm_fit:"), YAML, "cannot start any token"),
    ("a key twice", RECIPES, edit(BY_HAND, lambda t: t + "alpha: 2.0\n"), YAML, 'duplicate key "alpha"'),
    ("two documents", RECIPES, edit(BY_HAND, lambda t: t + "---\nalpha: 1\n"), YAML, "expected a single document"),
    ("a conflict", RECIPES, params("alpha: 1.0", "<<<<<<< HEAD\nalpha: 1.0\n======="), YAML, "not allowed"),
    ("an object", RECIPES, param("alpha: !!python/object:os.system x"), YAML, "could not determine a constructor"),
    ("NaN", RECIPES, param("alpha: .nan"), "params.yaml: alpha: ", "finite number"),
    ("infinity", RECIPES, param("learning_rate: 1e400"), "params.yaml: learning_rate: ", "finite number"),
    ("a window beyond all", RECIPES, param("window: 1e308"), "params.yaml: window: ", "less than or equal to 86400"),
    ("a rate beyond all", RECIPES, param(f"rate: {10**30}"), "params.yaml: rate: ", "less than or equal to 10000"),
    ("epochs beyond all", RECIPES, param(f"epochs: {10**30}"), "params.yaml: epochs: ", "less than or equal to 1000"),
    ("a batch beyond all", RECIPES, param(f"batch_size: {10**30}"), "params.yaml: batch_size: ", "less than or equal"),
    ("100000 threads", RECIPES, param("threads: 100000"), "params.yaml: threads: ", "less than or equal to 1024"),
    ("a date", RECIPES, param("alpha: 2024-01-01"), "params.yaml: alpha: ", "valid number"),
    ("seed below 0", RECIPES, params("seed: 0\n    workouts", "seed: -1\n    workouts"), "params.yaml: simulator", "0"),
    ("a row of a path", RECIPES, params("\nrows:\n", "\nrows:\n  ../x: {method: joint}\n"), "params.yaml: ", "w+$"),
    ("a benchmark that is a path", RECIPES,
     params(BENCHMARKS, BENCHMARKS + BENCH.format("../x", "sample")),
     "params.yaml: benchmarks.../x", "^\\w+$"),
    ("a dataset that is a path", RECIPES, params(BENCHMARKS, BENCHMARKS + BENCH.format("x", "../y")),
     "params.yaml: benchmarks.x.dataset: ", "^\\w+$"),
]  # fmt: skip

NORMALIZED, WINDOWS = Path("data/normalized") / SAMPLE, Path("data/windows") / SAMPLE
RECORDINGS, INDEX = NORMALIZED / "recordings.parquet", WINDOWS / "index.parquet"
ABOUT, STATISTICS = WINDOWS / "benchmark.json", WINDOWS / "statistics.json"
TRAIN, EVALUATE = ("train", "trees", SAMPLE, "0"), ("evaluate", "trees", SAMPLE, "0")
NETWORK, TESTED, WHOLE = (
    *(("train", "baseline", SAMPLE, "0"), ("evaluate", "baseline", SAMPLE, "0"), ("train", "crc", CLIPS, "0")),
)
WINDOW, VIRTUAL, NORMALIZE = ("window", SAMPLE), ("virtual", SAMPLE), ("normalize", SAMPLE)
ARRAY = f"{NORMALIZED}: expected the arrays of an earlier stage ("
ACC, LIMB, LABEL = (NORMALIZED / f"{name}.npy" for name in ("acceleration", "joints", "label"))
CLIP_LABEL = Path("data/normalized") / CLIPS / "label.npy"
RESAMPLED = Path("data/resampled") / SAMPLE
IN_INDEX, OUTSIDE = f"{INDEX}: expected the window stage's index", "the index has windows that lie outside"
OF_CLASSES = f"{INDEX}: expected labels from 0 to 10"


def last_nan(a: np.ndarray) -> np.ndarray:
    a[-1] = np.nan
    return a


BETWEEN: list[Row] = [
    ("array missing", WINDOW, LABEL.unlink, ARRAY, "label.npy"),
    ("array empty", WINDOW, text(LABEL, ""), ARRAY, ""),
    ("array truncated", TRAIN, cut(ACC), ARRAY, ""),
    ("array a pointer", TRAIN, text(LIMB, POINTER), ARRAY, ""),
    ("array pickled", TRAIN, npy(ACC, lambda a: a.astype(object)), ARRAY, "can't be memory-mapped"),
    ("array turned", TRAIN, npy(ACC, np.transpose), ARRAY, "shape (3, 1"),
    ("array of other length", TRAIN, npy(ACC, lambda a: a[:-1]), ARRAY, "not float32 of ("),
    ("array of text", TRAIN, npy(ACC, lambda a: a.astype(str)), ARRAY, "acceleration.npy has <U"),
    ("array complex", TRAIN, npy(LIMB, lambda a: a.astype(complex)), ARRAY, "joints.npy has complex128"),
    ("array of float64", NETWORK, npy(ACC, lambda a: a.astype(float)), ARRAY, "acceleration.npy has float64"),
    ("array of whole numbers", TRAIN, npy(LIMB, lambda a: a.astype(int)), ARRAY, "joints.npy has int64"),
    ("array of NaN, trained", NETWORK, npy(ACC, lambda a: a * np.nan), ARRAY, "acceleration.npy has values that"),
    ("array of NaN, tested", TESTED, npy(ACC, last_nan), ARRAY, "acceleration.npy has values that are not finite"),
    ("joints of NaN", VIRTUAL, npy(LIMB, last_nan), ARRAY, "joints.npy has values that are not finite"),
    ("joints flat", TRAIN, npy(LIMB, lambda a: a.reshape(len(a), -1)), ARRAY, "joints.npy has"),
    ("joints too few", NORMALIZE, npy(RESAMPLED / "joints.npy", lambda a: a[:, :3]), f"{RESAMPLED}: ", ", 5, 3)"),
    ("labels no whole numbers", WINDOW, npy(LABEL, lambda a: a + 0.5), ARRAY, "label.npy has float"),
    ("labels of two columns", WINDOW, npy(LABEL, lambda a: np.stack([a, a], 1)), ARRAY, "label.npy has"),
    ("labels below", WINDOW, npy(LABEL, lambda a: a * 0 - np.int8(5)), ARRAY, "label.npy has -5, not -1 or a class"),
    ("labels beyond", WINDOW, npy(LABEL, lambda a: a * 0 + np.int8(99)), f"{LABEL}: has label 99", "labels up to 10"),
    ("clip's label beyond", WHOLE, npy(CLIP_LABEL, lambda a: a * 0 + np.int8(99)), f"{CLIP_LABEL}: ", "from 0 to 26"),
    ("clip all hole", WHOLE, npy(CLIP_LABEL, lambda a: a * 0 - np.int8(1)), f"{CLIP_LABEL}: expected", "from 0 to 26"),
    ("no angular velocity", WHOLE, CLIP_LABEL.with_name("angular_velocity.npy").unlink, "data/normalized", "six axes"),
    ("recordings missing", WINDOW, RECORDINGS.unlink, ARRAY, "recordings.parquet"),
    ("recordings no table", WINDOW, text(RECORDINGS), ARRAY, ""),
    ("recordings truncated", WINDOW, cut(RECORDINGS), ARRAY, ""),
    ("recordings without stop", WINDOW, table(RECORDINGS, lambda t: t.drop(columns="stop")), ARRAY, "no column stop"),
    ("recordings without split", WINDOW, table(RECORDINGS, lambda t: t.drop(columns="split")), ARRAY, "split"),
    ("no recordings", WINDOW, table(RECORDINGS, lambda t: t[:0]), ARRAY, "no recordings"),
    ("recordings of text", WINDOW, table(RECORDINGS, lambda t: t.assign(stop="end")), ARRAY, "in whole numbers"),
    ("recordings of halves", TRAIN, table(RECORDINGS, lambda t: t.assign(start=t.start + 0.5)), ARRAY, "in whole"),
    ("recordings beyond", WINDOW, table(RECORDINGS, lambda t: t.assign(stop=t.stop + 1)), ARRAY, "lie within 0 to"),
    ("recordings before", WINDOW, table(RECORDINGS, lambda t: t.assign(start=t.start - 1)), ARRAY, "lie within 0 to"),
    ("recordings that overlap", WINDOW, table(RECORDINGS, lambda t: t.assign(start=0)), ARRAY, "overlap"),
    ("recordings of one name", WINDOW, table(RECORDINGS, lambda t: t.assign(recording="w")), ARRAY, "w twice"),
    ("other splits", NETWORK, table(RECORDINGS, lambda t: t.assign(split="x")), ARRAY, "train, validation, test"),
    ("nobody to train", NETWORK, table(RECORDINGS, lambda t: t.assign(split="test")), "no recording is of", "train"),
    ("nobody to test", WINDOW, table(RECORDINGS, lambda t: t.assign(split="train")), f"{SAMPLE}: no", "1.0 s"),
    ("others than normalized", VIRTUAL, table(RESAMPLED / "recordings.parquet", lambda t: t.assign(recording=[*"abc"])),
     "resampled and normalized recordings differ", "expected the same"),
    ("statistics missing", WINDOW, Path(f"reports/{SAMPLE}/statistics.json").unlink, f"reports/{SAMPLE}", "dvc repro"),
    ("statistics without keys", NETWORK, text(STATISTICS, "{}"), "statistics.json has no acceleration", "3 axes"),
    ("statistics of two axes", NETWORK, text(STATISTICS, '{"acceleration": {"mean": [0, 0], "std": [1, 1]}}'),
     f"{STATISTICS}: acceleration.mean: ", "at least 3"),
    ("statistics of 0", NETWORK, text(STATISTICS, '{"acceleration": {"mean": [0, 0, 0], "std": [0, 1, 1]}}'),
     f"{STATISTICS}: acceleration.std.0: ", "greater than 0"),
    ("index missing", TRAIN, INDEX.unlink, f"{INDEX} is missing", "dvc repro"),
    ("index no table", TRAIN, text(INDEX), IN_INDEX, ""),
    ("index truncated", TRAIN, cut(INDEX), IN_INDEX, ""),
    ("index without a column", TRAIN, table(INDEX, lambda t: t.drop(columns="label")), IN_INDEX, "label"),
    ("index of text", NETWORK, table(INDEX, lambda t: t.assign(start="a")), IN_INDEX, "whole numbers"),
    ("index of halves", TRAIN, table(INDEX, lambda t: t.assign(start=t.start + 0.5)), IN_INDEX, "whole numbers"),
    ("index of other classes", TRAIN, table(INDEX, lambda t: t.assign(label=99)), OF_CLASSES, ""),
    ("index with a label below", TRAIN, table(INDEX, lambda t: t.assign(label=-1)), OF_CLASSES, ""),
    ("index beyond", NETWORK, table(INDEX, lambda t: t.assign(start=t.start + 99999)), OUTSIDE, "make it again"),
    ("index of others", TRAIN, table(INDEX, lambda t: t.assign(recording="w99")), OUTSIDE, "make it again"),
    ("index before", EVALUATE, table(INDEX, lambda t: t.assign(start=-1)), OUTSIDE, "make it again"),
    ("index without training", NETWORK, table(INDEX, lambda t: t[t.split == "test"]), "the index has no window", "one"),
    ("index empty", EVALUATE, table(INDEX, lambda t: t[:0]), "", "expected"),
    ("description empty", TRAIN, text(ABOUT, ""), f"{ABOUT}: ", "Invalid JSON"),
    ("description without keys", TRAIN, text(ABOUT, "{}"), f"{ABOUT}: benchmark: Field required", ""),
    ("description a list", TRAIN, text(ABOUT, "[]"), f"{ABOUT}: ", "object"),
    ("description of text", TRAIN, json_(ABOUT, window="long"), f"{ABOUT}: window: ", "integer"),
    ("description of no window", NETWORK, json_(ABOUT, window=0), f"{ABOUT}: window: ", "greater than 0"),
    ("description of more", TRAIN, json_(ABOUT, stirde=1), f"{ABOUT}: stirde: ", "Extra inputs"),
]  # fmt: skip

FOREST, CLASSIFIER, R = (
    Path(f"data/models/{SAMPLE}/{row}-0.safetensors") for row in ("trees", "baseline", "regressor")
)
ON_R = ("train", "regression_first", SAMPLE, "0")
NEED = ": expected the weights of a finished run"


def doubled(state: dict[str, Any]) -> dict[str, Any]:
    name = max(state)
    return {**state, name: np.concatenate([state[name], state[name]])}


def renamed(state: dict[str, Any]) -> dict[str, Any]:
    return {name.replace("classifier", "clasifier").replace("features", "feats"): a for name, a in state.items()}


WEIGHTS: list[Row] = [
    ("missing", EVALUATE, FOREST.unlink, f"{FOREST}{NEED}", "No such file"),
    ("empty", EVALUATE, text(FOREST, ""), f"{FOREST}{NEED}", ""),
    ("truncated", EVALUATE, cut(FOREST), f"{FOREST}{NEED}", ""),
    ("a pointer", EVALUATE, text(FOREST, POINTER), f"{FOREST}{NEED}", ""),
    ("a folder", EVALUATE, folder(FOREST), f"{FOREST}{NEED}", ""),
    ("another run's", EVALUATE, lambda: shutil.copy(CLASSIFIER, FOREST), f"{FOREST}{NEED} of trees", "baseline"),
    ("NaN", TESTED, learned(CLASSIFIER, lambda s: {n: a * np.nan for n, a in s.items()}), f"{CLASSIFIER}{NEED}", "fin"),
    ("another shape", TESTED, learned(CLASSIFIER, doubled), f"{CLASSIFIER}{NEED}; features", "not torch.float32 of"),
    ("another type", TESTED, learned(CLASSIFIER, lambda s: {n: a.astype(np.int16) for n, a in s.items()}),
     f"{CLASSIFIER}{NEED}; ", "torch.int16"),
    ("other names", TESTED, learned(CLASSIFIER, renamed), f"{CLASSIFIER}{NEED}; ", "is missing"),
    ("no arrays", TESTED, learned(CLASSIFIER, lambda s: {}), f"{CLASSIFIER}{NEED}; ", "is missing"),
    ("other classes", TESTED, learned(CLASSIFIER, run={"classes": 27}), f"{CLASSIFIER}{NEED} of 11 classes", "27"),
    ("other windows", EVALUATE, learned(FOREST, run={"window": 50}), f"{FOREST}{NEED} of 11 classes", "of 50 samples"),
    ("classes in text", EVALUATE, learned(FOREST, run={"classes": "11"}), f"{FOREST}{NEED}", "classes: Input"),
    ("history a number", EVALUATE, learned(FOREST, run={"history": 5}), f"{FOREST}{NEED}", "history: Input"),
    ("no history", TESTED, learned(CLASSIFIER, run={"history": ""}), f"{CLASSIFIER}{NEED}; ", "no learning curve"),
    ("a forest without features", EVALUATE, learned(FOREST, renamed), f"{FOREST}{NEED}; ", "features is missing"),
    ("R missing", ON_R, R.unlink, f"{R}{NEED}", "No such file"),
    ("R of another shape", ON_R, learned(R, doubled), f"{R}{NEED}; regressor.", "not torch.float32 of"),
    ("R of other names", ON_R, learned(R, lambda s: {f"x{n}": a for n, a in s.items()}), f"{R}{NEED}; ", "is missing"),
    ("R of other windows", ON_R, learned(R, run={"window": 50}), f"{R}{NEED} of 11 classes", "of 50 samples"),
]  # fmt: skip

JOINT, TABLES = Path(f"reports/{SAMPLE}/runs/joint-0"), Path("reports/tables") / SAMPLE
METRICS, PREDICTIONS = JOINT / "metrics.json", JOINT / "predictions.parquet"
CURVE, GENERATED = JOINT / "curve.csv", JOINT / "generated.parquet"
PAGE, FIGURES = ("page", SAMPLE), TABLES / "figures/index.json"
F1, VERDICT = TABLES / "figures/f1-window.svg", Path("reports/verdict.csv")
CLAIM = (
    "claim,title,where,benchmark,measure,decides,paper_effect,effect,low,high,over,n,p,verdict\n"
    "joint,Joint wins,Table I,sample,macro-F1,True,0.1,0.2,0.1,0.3,seeds,3,0.01,reproduced\n"
)
CLASSES = "expected 0 to 10"


def verdict(old: str, new: str) -> Damage:
    return text(VERDICT, CLAIM.replace(old, new))


RESULTS: list[Row] = [
    ("metrics no JSON", REPORT, text(METRICS), f"{METRICS}: ", "Invalid JSON"),
    ("metrics of NaN", REPORT, text(METRICS, '{"window": {"f1": NaN, "accuracy": 1}}'), f"{METRICS}: window.f1: ", "0"),
    ("metrics beyond 1", REPORT, text(METRICS, '{"window": {"f1": 7, "accuracy": 1}}'), f"{METRICS}: window.f1: ", "1"),
    ("MSE below 0", REPORT, json_(METRICS, mse=-1.0), f"{METRICS}: mse: ", "greater than or equal to 0"),
    ("predictions missing", REPORT, PREDICTIONS.unlink, f"{PREDICTIONS} is missing", "dvc repro"),
    ("predictions truncated", REPORT, cut(PREDICTIONS), f"{PREDICTIONS}: cannot be read", "Parquet"),
    ("no predictions", REPORT, table(PREDICTIONS, lambda t: t[:0]), f"{PREDICTIONS}: no rows", "expected one at least"),
    ("labels of others", REPORT, table(PREDICTIONS, lambda t: t.assign(label=99)), f"{PREDICTIONS}: label", CLASSES),
    ("predicted below", REPORT, table(PREDICTIONS, lambda t: t.assign(predicted=-1)), f"{PREDICTIONS}: pred", CLASSES),
    ("predicted half", REPORT, table(PREDICTIONS, lambda t: t.assign(predicted=0.5)), f"{PREDICTIONS}: pred", CLASSES),
    ("predicted a", REPORT, table(PREDICTIONS, lambda t: t.assign(predicted="a")), f"{PREDICTIONS}: pred", "numbers"),
    ("curve empty", REPORT, text(CURVE, ""), f"{CURVE}: cannot be read", "No columns"),
    ("curve without rows", REPORT, csv(CURVE, lambda t: t[:0]), f"{CURVE}: no rows", "expected one at least"),
    ("curve in letters", REPORT, csv(CURVE, lambda t: t.assign(loss="a")), f"{CURVE}: loss has 'a'", "numbers"),
    ("signals of no class", REPORT, table(GENERATED, lambda t: t.assign(label=99)), f"{GENERATED}: label", CLASSES),
    ("signals in letters", REPORT, table(GENERATED, lambda t: t.assign(real="a")), f"{GENERATED}: real", "numbers"),
    ("signals of other axes", REPORT, table(GENERATED, lambda t: t.assign(axis="q")), f"{GENERATED}: axis", "x, y, z"),
    ("table missing", PAGE, (TABLES / "table.csv").unlink, f"{TABLES / 'table.csv'} is missing", "dvc repro"),
    ("table empty", PAGE, text(TABLES / "table.csv", ""), f"{TABLES / 'table.csv'}: cannot be read", "No columns"),
    ("table of others", PAGE, text(TABLES / "comparisons.csv", "a\n1\n"), f"{TABLES}/comparisons.csv", "other"),
    ("table in letters", PAGE, csv(TABLES / "table.csv", lambda t: t.assign(window_f1="a")), str(TABLES), "numbers"),
    ("figures no JSON", PAGE, text(FIGURES), f"{FIGURES}: ", "expected the report stage's index"),
    ("figures of no keys", PAGE, text(FIGURES, "[{}]"), f"{FIGURES}: ", "expected the report stage's index"),
    ("figure missing", PAGE, F1.unlink, f"{F1} is missing", "dvc repro"),
    ("no classes", PAGE, text(TABLES / "by_class.csv", "a\n1\n"), f"{TABLES}/by_class.csv: no column", "method"),
    ("no confusions", PAGE, (TABLES / "confusions.csv").unlink, f"{TABLES}/confusions.csv is missing", "dvc repro"),
    ("verdict of words", PAGE, verdict(",reproduced", ",maybe"), f"{VERDICT}: verdict has 'maybe'", "expected"),
    ("verdict of letters", PAGE, verdict("0.2", "much"), f"{VERDICT}: effect has 'much'", "numbers"),
    ("verdict of animals", PAGE, verdict("seeds", "cats"), f"{VERDICT}: over has 'cats'", "expected seeds"),
    ("verdict of nobody", PAGE, verdict(",3,", ",,"), f"{VERDICT}: n is empty", "expected a value"),
    ("verdict untitled", PAGE, verdict("Joint wins", ""), f"{VERDICT}: title is empty", "expected a value"),
    ("no trials", ("trials",), lambda: [json_(p, alone={})() for p in Path("reports/recipes/runs").glob("u*")],
     "params.yaml: nothing is tried", "expected a list"),
    ("trial's curve missing", ("trials",), lambda: None, "reports/utd_mhad_committed/runs/", "is missing"),
]  # fmt: skip

ARGUMENTS: list[Row] = [
    ("unknown benchmark", ("train", "joint", "smaple", "0"), lambda: None, "reports/recipes/train/smaple", "dvc repro"),
    (
        "unknown row",
        ("train", "jiont", SAMPLE, "0"),
        lambda: None,
        f"reports/recipes/train/{SAMPLE}/jiont",
        "dvc repro",
    ),
    ("unknown to the report", ("report", "smaple"), lambda: None, "reports/recipes/runs/smaple.json: missing", "which"),
    ("a path", ("window", "../x"), lambda: None, "reports/recipes/window/../x.json: missing", "which must name it"),
    (
        "never trained",
        ("evaluate", "baseline", SAMPLE, "7"),
        lambda: None,
        f"data/models/{SAMPLE}/baseline-7",
        "weights",
    ),
    ("unknown dataset", ("resample", "smaple"), lambda: None, "resample.py: error: argument dataset: ", "choose from"),
    (
        "seed below 0",
        ("train", "joint", SAMPLE, "--", "-1"),
        lambda: None,
        "train.py: error: argument seed",
        "expected 0",
    ),
    (
        "seed of 33 bits",
        ("train", "joint", SAMPLE, str(2**32)),
        lambda: None,
        "train.py: error: argument",
        "expected 0",
    ),
    ("seed in letters", ("train", "joint", SAMPLE, "x"), lambda: None, "train.py: error: argument seed", "'x'"),
    (
        "no arguments",
        ("evaluate",),
        lambda: None,
        "evaluate.py: error: the following arguments",
        "row, benchmark, seed",
    ),
    ("unknown option", ("report", SAMPLE, "--fast"), lambda: None, "report.py: error: unrecognized", "--fast"),
]

MODELS = FOREST.parent
DISK: list[Row] = [
    ("a file for the data", WINDOW, file(NORMALIZED), ARRAY, ""),
    ("a file for the windows", WINDOW, file(WINDOWS), f"{WINDOWS}: ", "Not a directory"),
    ("a file above the windows", WINDOW, file(WINDOWS.parent), "data/windows: ", "File exists"),
    ("a file for the models", TRAIN, file(MODELS), f"{MODELS}: cannot be written to", "expected a folder for results"),
    (
        "a file for the run",
        NETWORK,
        file(JOINT.parent / "baseline-0"),
        f"{JOINT.parent}/baseline-0: cannot",
        "a folder",
    ),
    ("data a link", WINDOW, lambda: (shutil.move("data", "x"), Path("data").symlink_to("x")), "data: a link", "mount"),
]

TABLE = {
    f"{kind}: {row[0]}": row[1:]
    for kind, rows in {
        **{"archive": ARCHIVES, ".mat": MAT, "MM-Fit": MM_FIT, "params.yaml": PARAMS, "between stages": BETWEEN},
        **{"weights": WEIGHTS, "results": RESULTS, "arguments": ARGUMENTS, "disk": DISK},
    }.items()
    for row in rows
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project, as its stages left it."""
    root = tmp_path_factory.mktemp("finished")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        small_project.build()
    return root


@pytest.fixture
def project(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, to spoil."""
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True, symlinks=True)
    monkeypatch.chdir(tmp_path)
    small_project.take_its_manifest(monkeypatch)
    return tmp_path


def contents(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def said(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that a stage ends with; argparse writes its usage above it."""
    capsys.readouterr()
    end = stage(*command)
    return str(end) if end != 2 else capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("kind", TABLE)
@pytest.mark.filterwarnings("ignore")
def test_it_is_one_line_and_leaves_what_was_there(kind: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command, damage, beginning, rest = TABLE[kind]
    damage()
    before = contents(project)
    line = said(command, capsys)
    assert line.removeprefix("error: ").startswith(beginning), line
    assert "error: " in line
    assert rest in line
    assert "\n" not in line
    assert contents(project) == before


@pytest.mark.parametrize(
    ("command", "damage", "note"),
    [
        (READ, mat(CLIP, lambda a: a * ([9.81] * 3 + [1.0] * 3)), "a1_s1_t1: acceleration has a median magnitude of 9"),
        (WORKOUT, npy(WATCH, lambda a: a / [1, 1, 9.81, 9.81, 9.81]), "w00: acceleration has a median magnitude of 1"),
    ],
)
@pytest.mark.usefixtures("project")
def test_another_unit_of_acceleration_is_a_warning(command: tuple[str, ...], damage: Damage, note: str) -> None:
    damage()
    with pytest.warns(UserWarning, match=note) as caught:
        assert stage(*command) == 0
    assert len(caught) == 1


@pytest.mark.parametrize(
    ("command", "damage"),
    [
        (WORKOUT, binary(LABELS, lambda b: b"\xef\xbb\xbf" + b)),
        (WORKOUT, edit(LABELS, lambda t: t + " \n\n")),
        (RECIPES, param("learning_rate: 1e-05")),
        (RECIPES, param("rate: 0o144")),
        (RECIPES, binary(BY_HAND, lambda b: b"\xef\xbb\xbf" + b)),
    ],
)
@pytest.mark.usefixtures("project")
def test_what_only_looks_bad_passes_in_silence(command: tuple[str, ...], damage: Damage) -> None:
    damage()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert stage(*command) == 0


def test_a_member_that_unzips_to_far_too_much(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "LARGEST_MEMBER", 10)
    assert str(stage(*DOWNLOAD)).startswith(
        f"error: {ARCHIVE}: Inertial/a1.mat: refused, it has 650 bytes, expected at"
    )
    assert not list(project.rglob("*.partial"))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize(
    ("command", "writer"),
    [(WINDOW, "write_parquet"), (EVALUATE, "write_parquet"), (EVALUATE, "write_json")],
)
def test_a_disk_that_cannot_be_written_to(
    number: int, command: tuple[str, ...], writer: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic, writer, lambda path, *_: fails(path, number))
    assert re.fullmatch(r"error: (data|reports)/\S+: [A-Z][^\n]+", str(stage(*command)))
    assert not list(project.rglob("*.partial"))


def fails(path: Path, number: int = errno.ENOSPC) -> None:
    raise OSError(number, {errno.ENOSPC: "No space left on device"}.get(number, "Not permitted"), str(path))


@pytest.mark.usefixtures("project")
def test_what_was_trained_is_kept_where_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full after training, not before."""
    save = weights.save_weights
    monkeypatch.setattr(weights, "save_weights", lambda path, *run: fails(path) if path == FOREST else save(path, *run))
    before = FOREST.read_bytes()
    line = str(stage(*TRAIN))
    assert line.startswith(f"error: {FOREST}: No space left on device; what was trained is in ")
    rescued = Path(line.rpartition(" ")[2])
    assert rescued.read_bytes() == before == FOREST.read_bytes()
    shutil.rmtree(rescued.parent)
