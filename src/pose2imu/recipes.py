"""Recipes: all that makes a stage's result but its data and its seed, one small file for each.

A stage depends on its recipe, and reads nothing else of params.yaml that could change a result: its parameters, and
what its code does. Of a run, the recipe also goes into the header of the weights.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, SerializeAsAny, ValidationError, model_validator

from pose2imu.atomic import replacing, write_json
from pose2imu.errors import InputError
from pose2imu.fingerprint import fingerprint
from pose2imu.layout import OWN, RECIPES, SCARCE, rows_file
from pose2imu.method_params import PARAMETERS, Common, Label, Strict
from pose2imu.params import OWN_CLIPS, Limb, Params, Protocol, ScarceStudy, Virtual, first_problem

SCRIPTS, METHODS = Path("stages"), Path("src/pose2imu/methods")
# Scripts whose recipe is what their code does, and nothing else.
CODE_ALONE = (
    *("evaluate", "report", "breakdown", "verdict", "explanation", "loss_weights"),
    *("page", "summary", "trials", "scarce", "model"),
)
# Scripts that stages/own.py runs on own recordings.
OWN_STAGES = ("resample", "normalize", "window", "virtual")
# The commands of a run with scarce sensor data, which is one stage.
SCARCE_SCRIPTS = [SCRIPTS / "scarce_train.py", SCRIPTS / "scarce_evaluate.py"]
Options = TypeVar("Options", bound=BaseModel)


class Resampling(Strict):
    """What the resample stage is told of a dataset."""

    rate: int
    max_gap: float
    limb: Limb


class VirtualSensors(Strict):
    """What the virtual stage is told of a benchmark."""

    dataset: str
    rate: int
    limb: Limb
    sensor: Virtual


class Normalizing(Strict):
    """What the normalize stage is told of a benchmark."""

    protocol: Protocol
    rate: int
    alignment: VirtualSensors | None  # by which sensors poses are moved, where the protocol says so


class Windowing(Strict):
    """What the window stage is told of a benchmark; seconds."""

    dataset: str
    rate: int
    window: float
    stride: float
    label: Label
    activities: list[str] | None  # None: all of the dataset's


class Recipe(BaseModel):
    """How a row is trained on a benchmark."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    benchmark: str
    row: str
    method: str
    options: SerializeAsAny[Common]
    code: dict[str, str]

    @model_validator(mode="before")
    @classmethod
    def _options_are_the_methods(cls, raw: Any) -> Any:
        method = raw.get("method") if isinstance(raw, dict) else None
        if isinstance(method, str) and method in PARAMETERS and isinstance(raw.get("options"), dict):
            raw = {**raw, "options": PARAMETERS[method].model_validate(raw["options"])}
        return raw


class ScarceRecipe(Recipe):
    """How a row is trained on scarce sensor data, and whose."""

    dataset: str
    rate: int
    limb: Limb
    train: list[str]
    test: list[str]


class ScarceRuns(BaseModel):
    """What is run with scarce sensor data: studies, and what the rows are called, in the order of the table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    studies: dict[str, ScarceStudy]
    names: dict[str, str]
    train: list[str]
    test: list[str]


class Runs(BaseModel):
    """What is run on a benchmark: seeds by row, in the order of the table, and what the rows are called."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    evaluated: dict[str, list[int]]
    beside: dict[str, list[int]]  # evaluated, and in no table of rows
    alone: dict[str, list[int]]  # trained, without test metrics
    names: dict[str, str]
    methods: dict[str, str]


def write_recipes(params: Params, folder: Path = RECIPES) -> None:
    """Write the recipes of all stages that dvc.yaml can make of params.yaml."""
    code = {path.stem: fingerprint([path]) for path in SCRIPTS.glob("*.py")}
    with replacing(folder) as temporary:
        for stage, items in _data_stages(params).items():
            for item, options in items.items():
                recipe = {"options": options.model_dump(), "code": code[stage]}
                write_json(temporary / stage / f"{item}.json", recipe)
        for stage in CODE_ALONE:
            write_json(temporary / f"{stage}.json", {"code": code[stage]})
        for name in params.own:
            _write_own(params.of_own(name), name, temporary, code)
        of_method: dict[str, dict[str, str]] = {}
        everything = [(params, benchmark, "train") for benchmark in params.protocols]
        # In a folder of their own: there are stages that depend on all of train.
        everything += [(params.of_own(name), name, OWN) for name in params.own]
        for its, benchmark, place in everything:
            runs = runs_of(its, benchmark)
            write_json(temporary / "runs" / f"{benchmark}.json", runs.model_dump())
            for row, method in runs.methods.items():
                if method not in of_method:
                    script = "own_clips" if method in OWN_CLIPS else "train"
                    of_method[method] = fingerprint([SCRIPTS / f"{script}.py", METHODS / f"{method}.py"])
                options = its.options(row, benchmark)
                whole = Recipe(benchmark=benchmark, row=row, method=method, options=options, code=of_method[method])
                write_json(temporary / place / benchmark / f"{row}.json", whole.model_dump())
        _write_scarce(params, temporary / SCARCE)


def _write_own(params: Params, name: str, folder: Path, code: Mapping[str, dict[str, str]]) -> None:
    """Write the recipes of the stages of own recordings, but those of their runs."""
    stages = _data_stages(params)
    for stage in OWN_STAGES:
        recipe = {"options": stages[stage][name].model_dump(), "code": {**code[stage], **code["own"]}}
        write_json(folder / stage / f"{name}.json", recipe)
    write_json(folder / "own_runs" / f"{name}.json", {"code": code["own_runs"]})


def _write_scarce(params: Params, folder: Path) -> None:
    """Write the recipes of the rows with scarce sensor data, and what is run."""
    scarce = params.scarce
    names = {row: about.name or row for row, about in scarce.rows.items()}
    runs = ScarceRuns(studies=scarce.runs, names=names, train=scarce.train, test=scarce.test)
    write_json(folder / "runs.json", runs.model_dump())
    for row in scarce.rows:
        method, options = scarce.method_of(row), params.scarce_options(row)
        named = {method} | {getattr(options, "classifier", "cnn")} - {"cnn"}  # modules that are imported by name
        recipe = ScarceRecipe(
            benchmark=SCARCE,
            row=row,
            method=method,
            options=options,
            code=fingerprint([*SCARCE_SCRIPTS, *(METHODS / f"{name}.py" for name in sorted(named))]),
            dataset=scarce.dataset,
            rate=params.of(scarce.dataset, "rate"),
            limb=params.limb,
            train=scarce.train,
            test=scarce.test,
        )
        write_json(folder / "rows" / f"{row}.json", recipe.model_dump())


def _data_stages(params: Params) -> Mapping[str, Mapping[str, BaseModel]]:
    """Give the options of each stage up to windows, by dataset or benchmark."""
    datasets = dict.fromkeys([*params.datasets, *(protocol.dataset for protocol in params.protocols.values())])
    rate = {dataset: params.of(dataset, "rate") for dataset in datasets}
    sensors = {
        name: VirtualSensors(
            dataset=protocol.dataset, rate=rate[protocol.dataset], limb=params.limb, sensor=params.virtual
        )
        for name, protocol in params.protocols.items()
    }
    return {
        "download": {name: getattr(params.download, name) for name in type(params.download).model_fields},
        "simulate": {name: getattr(params.simulator, name) for name in type(params.simulator).model_fields},
        "resample": {name: Resampling(rate=rate[name], max_gap=params.max_gap, limb=params.limb) for name in datasets},
        "normalize": {
            name: Normalizing(
                protocol=protocol,
                rate=rate[protocol.dataset],
                alignment=sensors[name] if protocol.aligned is not None else None,
            )
            for name, protocol in params.protocols.items()
        },
        "window": {
            name: Windowing(
                dataset=protocol.dataset,
                rate=rate[protocol.dataset],
                window=params.of(protocol.dataset, "window"),
                stride=params.of(protocol.dataset, "stride"),
                label=params.label,
                activities=protocol.activities,
            )
            for name, protocol in params.protocols.items()
        },
        "virtual": sensors,
        "streams": {
            name: VirtualSensors(dataset=name, rate=rate[name], limb=params.limb, sensor=params.virtual)
            for name in datasets
        },
    }


def runs_of(params: Params, benchmark: str) -> Runs:
    """Collect what params.yaml has to be run on a benchmark."""
    evaluated, beside = params.evaluated_runs(benchmark), params.beside_runs(benchmark)
    alone = params.other_runs(benchmark)
    rows = {**evaluated, **beside, **alone}
    return Runs(
        evaluated=evaluated,
        beside=beside,
        alone=alone,
        names={row: (params.rows[row].name if row in params.rows else None) or row for row in rows},
        methods={row: params.method_of(row) for row in rows},
    )


def load_options(stage: str, item: str, model: type[Options]) -> Options:
    """Read what a stage up to windows is told; InputError where it is missing or malformed."""

    class StageRecipe(BaseModel):
        options: model  # type: ignore[valid-type]

    return _load(RECIPES / stage / f"{item}.json", StageRecipe).options


def load_recipe(benchmark: str, row: str) -> Recipe:
    """Read a run's recipe; InputError where it is missing or malformed."""
    return _load(recipe_file(benchmark, row), Recipe)


def recipe_file(benchmark: str, row: str) -> Path:
    """Give the file of a run's recipe; those on own recordings have a folder of their own."""
    own = RECIPES / OWN / benchmark
    return (own if own.is_dir() else RECIPES / "train" / benchmark) / f"{row}.json"


def load_scarce_recipe(row: str) -> ScarceRecipe:
    """Read the recipe of a row with scarce sensor data; InputError where it is missing or malformed."""
    return _load(RECIPES / SCARCE / "rows" / f"{row}.json", ScarceRecipe)


def load_scarce_runs(root: Path = Path()) -> ScarceRuns:
    """Read what is run with scarce sensor data; InputError where it is missing or malformed."""
    return _load(root / RECIPES / SCARCE / "runs.json", ScarceRuns)


def load_runs(benchmark: str, root: Path = Path()) -> Runs:
    """Read what is run on a benchmark, of own recordings as far as they allow it; InputError where it is missing or
    malformed.
    """
    allowed = root / rows_file(benchmark)
    return _load(allowed, Runs) if allowed.is_file() else load_planned_runs(benchmark, root)


def load_planned_runs(benchmark: str, root: Path = Path()) -> Runs:
    """Read what params.yaml has to be run on a benchmark, whatever its data allow."""
    return _load(root / RECIPES / "runs" / f"{benchmark}.json", Runs)


def _load(path: Path, model: type[Options]) -> Options:
    expected = "`dvc repro recipes` makes it of params.yaml, which must name it"
    try:
        return model.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: missing; {expected}") from error
    except ValidationError as error:
        raise InputError(f"{path}: {first_problem(error)}; {expected}") from error
