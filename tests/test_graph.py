"""The graph: what makes a stage stale, and that dvc.yaml runs what params.yaml says with all that it needs."""

import copy
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import pose2imu.fingerprint as fingerprints
from pose2imu.fingerprint import EXCLUDED, SOURCE, closure, fingerprint
from pose2imu.layout import OWN_DATA
from pose2imu.method_params import PARAMETERS
from pose2imu.methods import method_of
from pose2imu.params import Params
from pose2imu.recipes import CODE_ALONE, METHODS, SCRIPTS, write_recipes
from pose2imu.reporting.trials import BENCHMARKS
from tests.toy import PROJECT, SEQUENCE_METHODS, WINDOW_METHODS, params

RAW = yaml.safe_load((PROJECT / "params.yaml").read_text(encoding="utf-8"))
RAW |= {"own": {}, "tables": RAW["benchmarks"]}  # as shipped: tests/test_own_entry.py has entries of own recordings
WITH_R = {"regressor", "regression_first", "regression_first_half", "joint"}
Recipes = dict[str, Any]  # contents, by path below reports/recipes
SCARCE = "scarce"  # what begins so: test_scarce_graph.py
Kind = Callable[[str, Any], bool]  # of a recipe: its path, its content


@pytest.fixture(scope="module", autouse=True)
def each_file_is_read_once() -> Iterator[None]:
    """Remember what a file of some content imports and does: the same, wherever it lies."""
    with pytest.MonkeyPatch.context() as patch:
        imported, meaning = fingerprints.imported, fingerprints.meaning
        imports = cache(lambda file, root, content: list(imported(file, root)))
        meanings = cache(lambda file, content: meaning(file))

        def read(file: Path) -> bytes:
            return file.read_bytes()

        patch.setattr(fingerprints, "imported", lambda file, root: imports(file, root, read(root / file)))
        patch.setattr(fingerprints, "meaning", lambda file: meanings(file, read(file)))
        yield


def written(folder: Path, values: Params, root: Path = PROJECT, scarce: bool = False) -> Recipes:
    """Write the recipes of some parameters and of the code below `root`; contents of those of scarce data, or not."""
    with chdir(root):
        write_recipes(values, folder / "recipes")
    found = sorted((folder / "recipes").rglob("*.json"))
    contents = {path.relative_to(folder / "recipes").as_posix(): json.loads(path.read_text()) for path in found}
    return {name: content for name, content in contents.items() if name.startswith(SCARCE) == scarce}


@pytest.fixture(scope="module")
def recipes(tmp_path_factory: pytest.TempPathFactory) -> Recipes:
    """The recipes as they are."""
    return written(tmp_path_factory.mktemp("recipes"), params())


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the code, to be changed."""
    root = tmp_path / "project"
    for folder in ("src/pose2imu", "stages"):
        shutil.copytree(PROJECT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def changed(before: Recipes, after: Recipes) -> set[str]:
    """The recipes that are not the same, which no stage has lost or got."""
    assert before.keys() == after.keys()
    return {name for name in before if before[name] != after[name]}


def of_methods(*methods: str) -> Kind:
    """Training by some methods, whatever the row."""
    return lambda name, recipe: name.startswith("train/") and recipe["method"] in methods


def of_stages(*stages: str) -> Kind:
    """Some stages but train, on whatever data."""
    return lambda name, _: name.split("/")[0].removesuffix(".json") in stages


def either(*kinds: Kind) -> Kind:
    return lambda name, recipe: any(kind(name, recipe) for kind in kinds)


def but(kind: Kind, *rows: str) -> Kind:
    """Without rows that have a value of their own."""
    return lambda name, recipe: kind(name, recipe) and recipe.get("row") not in rows


def on(kind: Kind, *datasets: str) -> Kind:
    """On some datasets alone."""

    def holds(name: str, recipe: Any) -> bool:
        if not kind(name, recipe):
            return False
        item = name.split("/")[1].removesuffix(".json")
        return (params().protocols[item].dataset if item in params().protocols else item) in datasets

    return holds


def these(recipes: Recipes, kind: Kind) -> set[str]:
    found = {name for name, recipe in recipes.items() if kind(name, recipe)}
    assert found
    return found


# -- What code a recipe is of --------------------------------------------------------------------------------------


def test_comments_docstrings_and_layout_change_no_recipe(recipes: Recipes, tree: Path, tmp_path: Path) -> None:
    for path in (*tree.rglob("src/**/*.py"), *tree.rglob("stages/*.py")):
        text = re.sub(
            r'^(\s*)"""(?=\S)', r'\1"""In other words: ', path.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        text = text.replace("\n\n\n", "\n\n\n# A comment.\n\n") + "\n# The end.\n"
        path.write_text(text, encoding="utf-8")
    assert changed(recipes, written(tmp_path, params(), tree)) == set()
    for path in tree.rglob("*.py"):
        content = path.read_text(encoding="utf-8")
        path.write_text(
            fingerprints.ast.unparse(fingerprints.ast.parse(content)), encoding="utf-8"
        )  # other line breaks
    assert changed(recipes, written(tmp_path, params(), tree)) == set()


EVALUATE, MODEL = of_stages("evaluate"), of_stages("model")
REPORT = of_stages("report", "breakdown", "verdict", "explanation", "loss_weights", "page", "summary", "trials")
# Of a file, the recipes that its code is in; what train.py imports is in every run's, and testing.py in evaluate's.
CODE: dict[str, Kind] = {
    "methods/crc.py": of_methods("crc"),
    "methods/baseline.py": of_methods("baseline"),
    "methods/joint.py": of_methods("joint"),
    "methods/regression_first.py": of_methods("regression_first", "regression_first_half"),
    "methods/clip_networks.py": either(of_methods("strong_cnn", "signal_image"), MODEL),
    "methods/choosing.py": either(of_methods(*SEQUENCE_METHODS), MODEL),
    "methods/networks.py": either(of_methods(*WINDOW_METHODS), EVALUATE),
    "methods/__init__.py": either(of_methods(*PARAMETERS), EVALUATE, MODEL),
    "models/residual_cnn.py": either(of_methods("strong_cnn"), MODEL),
    "models/regressor.py": either(of_methods(*WINDOW_METHODS), EVALUATE),
    "models/mmfit_cnn.py": of_methods("mmfit_cnn"),
    "kernels/dropout.py": either(of_methods(*WINDOW_METHODS), EVALUATE),
    "loading/drawing.py": of_methods("signal_image"),
    "loading/segments.py": of_methods("crc", "trees"),
    "loading/augmentation.py": either(of_methods("augmentation", "strong_cnn", "signal_image"), MODEL),
    "loading/sampling.py": either(of_methods(*PARAMETERS), EVALUATE, MODEL),
    "training.py": either(of_methods(*PARAMETERS), EVALUATE, MODEL),
    "weights.py": either(of_methods(*PARAMETERS), EVALUATE),
    "testing.py": EVALUATE,
    "evaluation/best_epoch.py": EVALUATE,
    "reporting/tables.py": of_stages("report", "page", "summary"),
    "reporting/classes.py": of_stages("report", "page"),
    "reporting/trials.py": of_stages("trials"),
    "reporting/page/page.html.jinja": of_stages("report", "page"),
    "reporting/table.md.jinja": REPORT,
    "reporting/paper.yaml": REPORT,
    "simulation/exercises.py": of_stages("simulate"),
    "datasets/download.py": of_stages("download"),
    "preprocessing/resample.py": of_stages("resample"),
    "preprocessing/normalize.py": of_stages("normalize"),
    "preprocessing/alignment.py": of_stages("normalize", "streams"),
    "preprocessing/virtual_imu.py": of_stages("virtual", "normalize", "streams"),
    "own/shipped.py": MODEL,
    "own/method.yaml": MODEL,
    "preprocessing/window.py": either(of_stages("window"), of_methods(*PARAMETERS), EVALUATE, MODEL),
}


@pytest.mark.parametrize("file", CODE)
def test_a_changed_file_changes_the_recipes_that_it_is_in_and_no_other(
    file: str, recipes: Recipes, tree: Path, tmp_path: Path
) -> None:
    with (tree / "src/pose2imu" / file).open("a", encoding="utf-8") as opened:
        opened.write("\nCHANGED = 1\n")
    assert changed(recipes, written(tmp_path, params(), tree)) == these(recipes, CODE[file])


def test_a_changed_expression_changes_the_recipes(recipes: Recipes, tree: Path, tmp_path: Path) -> None:
    for file, old, new, kind in (
        ("methods/crc.py", "1e-12", "1e-11", CODE["methods/crc.py"]),
        ("training.py", "lr=options.learning_rate", "lr=2 * options.learning_rate", CODE["training.py"]),
    ):
        path = tree / "src/pose2imu" / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        assert changed(recipes, written(tmp_path, params(), tree)) == these(recipes, kind)
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "script", sorted(path.name for path in (PROJECT / SCRIPTS).glob("*.py") if not path.name.startswith(SCARCE))
)
def test_a_changed_script_changes_its_own_recipes(script: str, recipes: Recipes, tree: Path, tmp_path: Path) -> None:
    with (tree / "stages" / script).open("a", encoding="utf-8") as opened:
        opened.write("\nCHANGED = 1\n")
    expected = {name for name in recipes if re.match(rf"{script.removesuffix('.py')}(/|\.json)", name)}
    found = changed(recipes, written(tmp_path, params(), tree))
    assert found == ({*()} if script in ("here.py", "recipes.py") else expected)


def test_a_new_method_changes_no_recipe(recipes: Recipes, tree: Path, tmp_path: Path) -> None:
    (tree / "src/pose2imu/methods/new.py").write_text("from pose2imu.methods import crc\n")
    assert changed(recipes, written(tmp_path, params(), tree)) == set()


LOADED = """
import importlib, json, os, runpy, sys
import aeon.transformations.collection.convolution_based, efficientnet_pytorch, jinja2, matplotlib.figure, numba
import pandas, pooch, pyarrow, pydantic, requests, ruamel.yaml, safetensors.numpy, scipy.io, scipy.stats, torch
import sklearn.ensemble, sklearn.linear_model, tqdm, yaml
assert not any(name.startswith("pose2imu") for name in sys.modules)
sys.path[:0] = ["stages", "src"]

def report(target, load):
    if os.fork():
        assert os.wait()[1] == 0, target
        return
    load()
    files = [module.__file__ for name, module in sys.modules.items() if name.partition(".")[0] == "pose2imu"]
    print(json.dumps([target, [os.path.relpath(file) for file in files]]), flush=True)
    os._exit(0)

scripts, methods = (argument.split() for argument in sys.argv[1:])
for script in scripts:
    report(script, lambda: runpy.run_path(script))
runpy.run_path("stages/train.py")
for method in methods:
    report("stages/train.py:" + method, lambda: importlib.import_module("pose2imu.methods." + method))
"""


# Loaded by excluded modules alone, and as much without an effect on numbers.
BY_EXCLUDED = {
    "fingerprint.py": "recipes.py has it hash code, where recipes are written",
    "lock.py": "command.py has it keep a copy of dvc.lock",
}


def test_all_code_that_a_stage_loads_is_in_its_recipe() -> None:
    """Each is loaded in a process of its own, in which nothing of the package is loaded yet."""
    scripts = [
        f"stages/{path.name}" for path in (PROJECT / SCRIPTS).glob("*.py") if path.stem not in ("here", "recipes")
    ]
    run = subprocess.run(
        [sys.executable, "-c", LOADED, " ".join(scripts), " ".join(PARAMETERS)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert run.returncode == 0, run.stderr
    loaded = dict(json.loads(line) for line in run.stdout.splitlines())
    assert set(loaded) == {*scripts, *(f"stages/train.py:{method}" for method in PARAMETERS)}
    excluded = {(SOURCE / path).as_posix() for path in EXCLUDED}
    excluded |= {f"src/pose2imu/{path}" for path in BY_EXCLUDED}
    for target, files in loaded.items():
        script, _, method = target.partition(":")
        of = [Path(script), *([METHODS / f"{method}.py"] if method else [])]
        assert len(files) > 3
        assert set(files) - excluded <= set(fingerprint(of, PROJECT)), target


def test_what_is_excluded_is_there_and_data_beside_modules_is_not() -> None:
    assert all((PROJECT / SOURCE / path).is_file() for path in EXCLUDED)
    names = {path.name for path in closure([SCRIPTS / "report.py"], PROJECT)}
    assert {"paper.yaml", "page.html.jinja", "report.py", "tables.py"} <= names
    assert not names & {Path(path).name for path in EXCLUDED}


# -- What parameters a recipe is of --------------------------------------------------------------------------------

ON_WINDOWS, TRAINED = of_methods(*WINDOW_METHODS), of_methods(*PARAMETERS)
BATCH128 = "baseline_batch128", "regressor_batch128", "joint_batch128"
SMALL_GAIN = "regressor_smallgain", "joint_smallgain"
THREE_SECONDS = "mm_fit", "sample", "rehearsal"
# Of each general value: another one, and the recipes that it is in.
# What is told of the limb, or of the virtual sensors on it: alignment is by them.
SENSORS = either(of_stages("resample", "virtual", "streams"), lambda name, _: name == "normalize/utd_mhad_aligned.json")
GENERAL: dict[str, tuple[Any, Kind]] = {
    "alpha": (2.0, but(of_methods("joint"), "joint_alpha_01", "joint_alpha_10")),
    "beta": (1.0, but(of_methods("joint"), "joint_similarity", "joint_beta_1", "joint_beta_50")),
    "window": (2.5, on(of_stages("window"), *THREE_SECONDS)),
    "stride": (0.4, on(of_stages("window"), "mm_fit", "utd_mhad")),
    "label": ("midpoint", either(of_stages("window"), ON_WINDOWS)),
    "sampling": ("random_start", ON_WINDOWS),
    "rate": (80, on(of_stages("resample", "normalize", "window", "virtual", "streams"), *THREE_SECONDS)),
    "max_gap": (0.5, of_stages("resample")),
    "limb": ("arm", SENSORS),
    "epochs": (99, on(ON_WINDOWS, "mm_fit")),
    "patience": (24, on(ON_WINDOWS, "mm_fit")),
    "batch_size": (16, but(ON_WINDOWS, *BATCH128)),
    "learning_rate": (0.01, ON_WINDOWS),
    "class_weights": ("balanced", of_methods(*(set(WINDOW_METHODS) - {"regressor"}))),
    "output_gain": (0.5, but(of_methods(*WITH_R), *SMALL_GAIN)),
    "folded": (False, on(of_methods(*WITH_R), *THREE_SECONDS)),
    "refit": (False, of_methods(*SEQUENCE_METHODS)),
    "precision": ("bfloat16", ON_WINDOWS),
    "graphs": (False, either(ON_WINDOWS, of_methods("strong_cnn", "signal_image"))),
    "device": ("cpu", TRAINED),
    "threads": (2, TRAINED),
}
# In no recipe, for a reason.
REASONS = {"mirror": "where archives come from: what comes is verified"}
# What has parts, each of which has a test of its own below.
OF_PARTS = {
    "datasets",
    "virtual",
    "methods",
    "rows",
    "trials",
    "benchmarks",
    "folds",
    "runs",
    "tried",
    "mm_fit",
    "download",
}
OF_PARTS |= {SCARCE, "own", "tables"}  # tests/test_own_entry.py has those two


def with_change(change: Callable[[dict[str, Any]], Any]) -> Params:
    raw = copy.deepcopy(RAW)
    change(raw)
    return Params.model_validate(raw)


def test_every_key_of_params_is_accounted_for() -> None:
    assert {*GENERAL, *REASONS, *OF_PARTS, "simulator"} == set(Params.model_fields)


@pytest.mark.parametrize("key", GENERAL)
def test_a_general_value_is_in_the_recipes_of_what_reads_it(key: str, recipes: Recipes, tmp_path: Path) -> None:
    value, kind = GENERAL[key]
    assert RAW[key] != value
    after = written(tmp_path, with_change(lambda raw: raw.update({key: value})))
    assert changed(recipes, after) == these(recipes, kind)


def another(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value * 2 if 0 < value * 2 < 1 or value >= 1 else value / 2 if value else 0.5
        case list():
            return value[:-1] or [another(value[0])]
        case None | str():
            return {None: "other.pth", "b0": "b1"}[value]
    raise TypeError(value)


SECTIONS = [(method, key) for method, section in RAW["methods"].items() for key in section]


@pytest.mark.parametrize(("method", "key"), SECTIONS)
def test_a_methods_own_value_is_in_its_rows_recipes_alone(
    method: str, key: str, recipes: Recipes, tmp_path: Path
) -> None:
    value = RAW["methods"][method][key]
    value = 9 - value if key == "axes" else another(value)
    after = written(tmp_path, with_change(lambda raw: raw["methods"][method].update({key: value})))

    def reads(name: str, recipe: Any) -> bool:
        if not of_methods(method)(name, recipe):
            return False
        dataset = params().protocols[recipe["benchmark"]].dataset
        of_row = {**RAW["rows"], **RAW["trials"]}[recipe["row"]]
        return key not in of_row and key not in RAW["datasets"][dataset].get("methods", {}).get(method, {})

    assert changed(recipes, after) == these(recipes, reads)


PARTS: list[tuple[str, Callable[[dict[str, Any]], Any], Kind]] = [
    ("datasets.sample.epochs", lambda raw: raw["datasets"]["sample"].update(epochs=9), on(ON_WINDOWS, "sample")),
    (
        "datasets.sample.methods.strong_cnn.epochs",
        lambda raw: raw["datasets"]["sample"]["methods"]["strong_cnn"].update(epochs=[9]),
        on(of_methods("strong_cnn"), "sample"),
    ),
    ("datasets.utd_mhad.window", lambda raw: raw["datasets"]["utd_mhad"].update(window=1.0),
     on(of_stages("window"), "utd_mhad")),
    *((f"virtual.{key}", lambda raw, key=key: raw["virtual"].update({key: another(RAW["virtual"][key])}),
       lambda name, recipe: SENSORS(name, recipe) and not name.startswith("resample")) for key in RAW["virtual"]),
    ("rows.joint.name", lambda raw: raw["rows"]["joint"].update(name="Other"),
     lambda name, recipe: name.startswith("runs/") and "joint" in recipe["names"]),
    ("rows.joint.alpha", lambda raw: raw["rows"]["joint"].update(alpha=0.3),
     lambda name, recipe: name.startswith("train/") and recipe["row"] == "joint"),
    ("trials.joint_batch128.batch_size", lambda raw: raw["trials"]["joint_batch128"].update(batch_size=64),
     lambda name, recipe: name.startswith("train/") and recipe["row"] == "joint_batch128"),
    ("folds", lambda raw: raw["folds"]["utd_mhad_loso_s1"].update(validation=["s3"], train=["s2", "s4"]),
     lambda name, _: name == "normalize/utd_mhad_loso_s1.json"),
    ("benchmarks.sample.test", lambda raw: raw["benchmarks"]["sample"].update(test=["w07"]),
     lambda name, _: name == "normalize/sample.json"),
    ("benchmarks.utd_mhad_random.seed", lambda raw: raw["benchmarks"]["utd_mhad_random"].update(seed=1),
     lambda name, _: name == "normalize/utd_mhad_random.json"),
    ("mm_fit.benchmarks", lambda raw: raw["mm_fit"]["benchmarks"]["mm_fit_unseen"].update(test=["w00"]),
     lambda name, _: name == "normalize/mm_fit_unseen.json"),
    ("mm_fit.runs.seed", lambda raw: raw["mm_fit"]["runs"]["seed"].append(7),
     lambda name, _: name.startswith("runs/mm_fit_")),
    ("runs.sample.seed", lambda raw: raw["runs"]["sample"]["seed"].append(7),
     lambda name, _: name == "runs/sample.json"),
    ("tried.joint.seed", lambda raw: raw["tried"]["joint"]["seed"].append(7),
     lambda name, _: name == "runs/utd_mhad_committed.json"),
    ("download", lambda raw: raw["download"]["utd_mhad"]["archives"][0].update(sha256="0"),
     lambda name, _: name == "download/utd_mhad.json"),
    *((f"simulator.sample.{key}", lambda raw, key=key: raw["simulator"]["sample"].update({key: 9}),
       lambda name, _: name == "simulate/sample.json") for key in RAW["simulator"]["sample"]),
    ("simulator.rehearsal.labels", lambda raw: raw["simulator"]["rehearsal"].update(labels="here"),
     lambda name, _: name == "simulate/rehearsal.json"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "kind"), [part[1:] for part in PARTS], ids=[part[0] for part in PARTS])
def test_a_part_of_params_is_in_the_recipes_of_what_reads_it(
    change: Callable[[dict[str, Any]], Any], kind: Kind, recipes: Recipes, tmp_path: Path
) -> None:
    assert changed(recipes, written(tmp_path, with_change(change))) == these(recipes, kind)


def test_no_mirror_is_in_a_recipe(recipes: Recipes, tmp_path: Path) -> None:
    assert changed(recipes, written(tmp_path, with_change(lambda raw: raw.update(mirror="/mnt")))) == set()


def test_a_new_row_is_one_recipe_more_and_makes_nothing_stale_but_its_benchmarks_report(
    recipes: Recipes, tmp_path: Path
) -> None:
    def change(raw: dict[str, Any]) -> None:
        raw["rows"]["joint_beta_one"] = {"method": "joint", "beta": 1.0}
        raw["runs"]["sample"]["row"].append("joint_beta_one")

    after = written(tmp_path, with_change(change))
    assert after.keys() - recipes.keys() == {"train/sample/joint_beta_one.json"}
    assert changed(recipes, {name: after[name] for name in recipes}) == {"runs/sample.json"}
    new, old = (after[f"train/sample/{row}.json"] for row in ("joint_beta_one", "joint"))
    assert new["options"] == {**old["options"], "beta": 1.0}
    assert new["code"] == old["code"]


# -- What dvc.yaml runs --------------------------------------------------------------------------------------------

PIPELINES = {
    path: PROJECT / path for path in ("dvc.yaml", "mm_fit/dvc.yaml", "own/dvc.yaml") if (PROJECT / path).is_file()
}
PATH = re.compile(r"\$\{([\w.]+)\}")


def looked_up(name: str, values: dict[str, Any]) -> Any:
    found: Any = values
    for part in name.split("."):
        found = found[part]
    return found


def filled(body: Any, values: dict[str, Any]) -> Any:
    """A stage with its ${…} replaced; where there is nothing else, by the value itself."""
    match body:
        case str() if whole := PATH.fullmatch(body):
            return looked_up(whole[1], values)
        case str():
            return PATH.sub(lambda found: str(looked_up(found[1], values)), body)
        case list():
            return [filled(part, values) for part in body]
        case dict():
            return {filled(key, values): filled(part, values) for key, part in body.items()}
    return body


def items(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What a group has a stage for each of."""
    if "matrix" in body:
        lists = filled(body["matrix"], RAW)
        for values in itertools.product(*lists.values()):
            yield {"item": dict(zip(lists, values, strict=True))}
    elif "foreach" in body:
        over = filled(body["foreach"], RAW)
        yield from (
            ({"key": key, "item": item} for key, item in over.items())
            if isinstance(over, dict)
            else ({"item": item} for item in over)
        )
    else:
        yield {}


@cache
def stages(pipeline: str) -> list[dict[str, Any]]:
    """All stages of a pipeline, with its name for them in `group`; deps and outs as plain paths."""
    found = []
    for group, body in yaml.safe_load(PIPELINES[pipeline].read_text(encoding="utf-8"))["stages"].items():
        for item in items(body):
            stage = filled(
                {key: part for key, part in body.get("do", body).items() if key != "matrix"}, {**RAW, **item}
            )
            for key in ("deps", "outs"):
                stage[key] = [next(iter(path)) if isinstance(path, dict) else path for path in stage[key]]
            found.append({**stage, "group": group, "pipeline": pipeline})
    return found


def everywhere(scarce: bool = False) -> list[dict[str, Any]]:
    """All stages, but those of scarce sensor data unless these are wanted too."""
    found = [stage for pipeline in PIPELINES for stage in stages(pipeline)]
    return [stage for stage in found if scarce or not stage["group"].startswith(SCARCE)]


def runs_of(pipeline: str, script: str) -> list[tuple[str, str, int]]:
    """Row, benchmark and seed of all stages that are one run of a script."""
    found = [command for stage in everywhere() if stage["pipeline"] == pipeline for command in commands(stage)]
    return [
        (row, name, int(seed)) for _, program, row, name, seed, *_ in (c for c in found if c[1] == f"stages/{script}")
    ]


def commands(stage: dict[str, Any]) -> list[list[str]]:
    """Words of a stage's command, or commands."""
    return [command.split() for command in ([stage["cmd"]] if isinstance(stage["cmd"], str) else stage["cmd"])]


def of_one_command() -> list[dict[str, Any]]:
    return [stage for stage in everywhere() if isinstance(stage["cmd"], str)]


@pytest.mark.parametrize("pipeline", [path for path in PIPELINES if path != "own/dvc.yaml"])
def test_what_is_trained_and_evaluated_is_what_params_says(pipeline: str) -> None:
    benchmarks = params().mm_fit.benchmarks if pipeline.startswith("mm_fit") else params().benchmarks | params().folds

    def said(runs: Callable[[str], dict[str, list[int]]]) -> set[tuple[str, str, int]]:
        return {(row, name, seed) for name in benchmarks for row, seeds in runs(name).items() for seed in seeds}

    trained, evaluated = runs_of(pipeline, "train.py"), runs_of(pipeline, "evaluate.py")
    assert set(evaluated) == said(params().evaluated_runs) | said(params().beside_runs)
    assert set(trained) == set(evaluated) | said(params().other_runs)
    assert len(trained) == len(set(trained))
    assert len(evaluated) == len(set(evaluated))


def test_every_list_of_every_study_has_its_group() -> None:
    bodies = [
        body
        for path in PIPELINES.values()
        for group, body in yaml.safe_load(path.read_text(encoding="utf-8"))["stages"].items()
        if not group.startswith(SCARCE)
    ]
    used = {part for body in bodies if "matrix" in body for part in body["matrix"].values()}
    studies = {f"runs.{name}": study for name, study in RAW["runs"].items()}
    studies |= {f"tried.{name}": study for name, study in RAW["tried"].items()}
    if "mm_fit/dvc.yaml" in PIPELINES:
        studies["mm_fit.runs"] = RAW["mm_fit"]["runs"]
    assert used == {f"${{{where}.{key}}}" for where, study in studies.items() for key in study}


def test_a_run_depends_on_its_recipe_its_data_and_what_its_method_needs() -> None:
    for stage in of_one_command():
        _, script, *arguments = stage["cmd"].split()
        if script != "stages/train.py":
            continue
        row, name, seed, *flags = arguments
        needs = method_of(params().method_of(row)).NEEDS
        expected = {f"reports/recipes/train/{name}/{row}.json", f"data/normalized/{name}", f"data/windows/{name}"}
        expected |= {f"data/models/{name}/regressor-{seed}.safetensors"} if needs.regressor else set()
        expected |= {f"data/virtual/{name}"} if needs.virtual else set()
        assert set(stage["deps"]) == expected
        weights, kept = f"data/models/{name}/{row}-{seed}.safetensors", f"reports/{name}/runs/{row}-{seed}"
        outs = {(): {weights}, ("--alone",): {weights, kept}, ("--trial",): {kept}}
        assert set(stage["outs"]) == outs[tuple(flags)]
        assert bool(flags) == (row in params().other_runs(name))


def test_an_evaluation_depends_on_its_runs_weights_and_keeps_what_git_has_of_a_run() -> None:
    for stage in of_one_command():
        _, script, *arguments = stage["cmd"].split()
        if script == "stages/evaluate.py":
            row, name, seed = arguments
            weights = f"data/models/{name}/{row}-{seed}.safetensors"
            data = {f"data/normalized/{name}", f"data/windows/{name}"}
            assert set(stage["deps"]) == {"reports/recipes/evaluate.json", weights, *data}
            assert stage["outs"] == [f"reports/{name}/runs/{row}-{seed}"]


def test_a_run_whose_weights_nobody_keeps_depends_on_all_that_its_commands_read() -> None:
    for stage in (stage for stage in everywhere() if not isinstance(stage["cmd"], str)):
        *trained, evaluated = commands(stage)
        assert [command[1] for command in (*trained, evaluated)] == ["stages/train.py"] * len(trained) + [
            "stages/evaluate.py"
        ]
        row, name, seed = evaluated[2:]
        needs = method_of(params().method_of(row)).NEEDS
        rows = ["regressor", row] if needs.regressor else [row]
        assert [command[2:] for command in trained] == [
            *([["regressor", name, seed, "--alone"]] if needs.regressor else []),
            [row, name, seed],
        ]
        expected = {"reports/recipes/evaluate.json", f"data/normalized/{name}", f"data/windows/{name}"}
        expected |= {f"reports/recipes/train/{name}/{one}.json" for one in rows}
        assert set(stage["deps"]) == expected | ({f"data/virtual/{name}"} if needs.virtual else set())
        assert stage["outs"] == [f"reports/{name}/runs/{one}-{seed}" for one in rows]


def test_every_stage_depends_on_the_recipe_of_its_script(recipes: Recipes) -> None:
    for stage in of_one_command():
        _, script, *arguments = stage["cmd"].split()
        name = Path(script).stem
        if name == "own":  # which runs another stage's script
            name, *arguments = arguments
        if name == "recipes":
            assert set(stage["deps"]) == {"params.yaml", "src/pose2imu", "stages"}
            continue
        if name != "train":
            own = f"{name}.json" if name in CODE_ALONE else f"{name}/{arguments[0]}.json"
            assert f"reports/recipes/{own}" in stage["deps"]
        for dep in stage["deps"]:
            if dep.startswith("reports/recipes/"):
                of_scarce = dep.startswith(f"reports/recipes/{SCARCE}/")  # tests/test_scarce_graph.py has those
                known = any(recipe.startswith(dep.removeprefix("reports/recipes/")) for recipe in recipes)
                assert of_scarce or known, dep


def test_tables_of_runs_depend_on_what_is_run() -> None:
    for stage in of_one_command():
        _, script, *arguments = stage["cmd"].split()
        if script in ("stages/report.py", "stages/trials.py"):
            for name in arguments or BENCHMARKS:
                assert {f"reports/recipes/runs/{name}.json", f"reports/{name}/runs"} <= set(stage["deps"]), script


def test_every_dependency_is_somebodys_output() -> None:
    """Or in git; or, a folder, has outputs in it."""
    stages_ = everywhere(scarce=True)
    outs = {Path(out) for stage in stages_ for out in stage["outs"]}
    assert len(outs) == sum(len(stage["outs"]) for stage in stages_)
    within = {parent for out in outs for parent in out.parents}
    for dep in {Path(dep) for stage in stages_ for dep in stage["deps"]}:
        assert dep in outs | within or outs & set(dep.parents) or (PROJECT / dep).exists() or dep.parent == OWN_DATA
        if not (outs & {dep, *dep.parents} or dep in within or dep.parent == OWN_DATA):
            assert dep.as_posix() in {"params.yaml", "src/pose2imu", "stages"}


def test_every_file_of_a_report_that_git_has_is_kept_when_a_stage_begins() -> None:
    """`persist`: what a stage writes beside must not go, and git's copy is not DVC's to cache."""
    for path in PIPELINES.values():
        for group, body in yaml.safe_load(path.read_text(encoding="utf-8"))["stages"].items():
            for out in body.get("do", body)["outs"]:
                name, how = next(iter(out.items())) if isinstance(out, dict) else (out, {})
                assert (how.get("cache") is False) == name.startswith(("reports/", "models/")), group


def test_the_benchmarks_with_results_are_the_same_everywhere() -> None:
    lists = dict(re.findall(r"^(RESULTS|SYNTHETIC) := (.*)$", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    in_readme = lists["RESULTS"].split()
    names = [*in_readme, *lists["SYNTHETIC"].split()]
    (page,) = (stage for stage in stages("dvc.yaml") if stage["group"] == "page")
    assert page["cmd"].split()[2:] == names
    of_benchmarks = [f"reports/tables/{name}/report.html" for name in names]
    assert page["deps"][-len(names) :] == of_benchmarks
    assert {"reports/recipes/page.json", "reports/verdict.csv"} <= set(page["deps"])
    (summary,) = (stage for stage in stages("dvc.yaml") if stage["group"] == "summary")
    assert summary["cmd"].split()[2:] == in_readme
    markers = re.findall(r"<!-- table:(\w+) -->", (PROJECT / "README.md").read_text(encoding="utf-8"))
    assert set(markers) == {*in_readme, "answer", "times"}
