"""params.yaml, validated: the one place that reads it. A typo or an impossible value is one clear line."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.types import NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt

from pose2imu.errors import InputError
from pose2imu.layout import SCARCE
from pose2imu.method_params import (
    PARAMETERS,
    BatchSize,
    ClassWeights,
    Common,
    Device,
    Epochs,
    Label,
    Precision,
    Sampling,
    Strict,
    Threads,
)

Limb = Literal["sensor", "arm"]
Scenario = Literal["clips", "people", "new_activity"]
Seed = Annotated[int, Field(ge=0, lt=2**32)]  # what numpy's generators take
Name = Annotated[str, Field(pattern=r"^\w+$")]  # of folders and files
Seconds = Annotated[float, Field(gt=0, le=86400)]
Rate = Annotated[int, Field(ge=1, le=10_000)]
REGRESSOR = "regressor"  # the row of R alone, which has no test metrics
# Rows on own recordings that are clips: methods for scarce sensor data, each as it is told by the row of `scarce`.
OWN_CLIPS = {"real_clips": "strong_cnn", "synthetic_clips": "synthetic_clips"}
FEWEST_SAMPLES = 9  # of a window: the length of MiniRocket's kernels, and of F's


class Protocol(Strict):
    """A benchmark: a dataset with who is train, validation and test."""

    dataset: Name
    by: Literal["recording", "subject", "chance"]
    train: list[str] | float
    validation: list[str] | float
    test: list[str] | float
    seed: Seed | None = None
    activities: Annotated[list[str], Field(min_length=2)] | None = None  # of the dataset's; None: all
    aligned: Seconds | None = None  # the training recordings' poses are moved by their best lag, at most so far

    @model_validator(mode="after")
    def _splits_fit_together(self) -> "Protocol":
        parts = {"train": self.train, "validation": self.validation, "test": self.test}
        if self.by == "chance":
            shares = [part for part in parts.values() if isinstance(part, float)]
            if len(shares) < 3 or min(shares) <= 0 or abs(sum(shares) - 1) > 1e-9 or self.seed is None:
                raise ValueError("by: chance needs a seed, and three shares above 0 that sum to 1")
            return self
        names = [name for part in parts.values() if isinstance(part, list) for name in part]
        if any(not isinstance(part, list) or not part for part in parts.values()):
            raise ValueError(f"by: {self.by} needs a list of names for each of train, validation and test")
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"{', '.join(twice)} stands in more than one place: splits must not share a {self.by}")
        return self


class Study(Strict):
    """What is run: every row of the lists on every benchmark with every seed."""

    benchmark: list[str]
    seed: list[Seed]
    row: list[str] = Field(default_factory=list)
    on_regressor: list[str] = Field(default_factory=list)  # rows that build on the regressor's run of the same seed
    on_virtual: list[str] = Field(default_factory=list)  # rows that read virtual sensors
    alone: list[str] = Field(default_factory=list)  # trained, and not evaluated on test windows

    def evaluated(self) -> list[str]:
        """Give the rows that have test metrics."""
        return [*self.row, *self.on_regressor, *self.on_virtual]


class Row(Strict):
    """A row of a table: a method, by default that of the row's name, and the parameters that it changes."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True, allow_inf_nan=False)

    name: str | None = None
    method: str | None = None

    def changes(self) -> dict[str, Any]:
        """Give the parameters that it changes."""
        return dict(self.model_extra or {})


class DatasetParams(Strict):
    """Where a dataset needs other values than the general ones."""

    window: Seconds | None = None
    stride: Seconds | None = None
    rate: Rate | None = None
    epochs: Epochs | None = None
    patience: Epochs | None = None
    folded: bool | None = None
    methods: dict[str, dict[str, Any]] = Field(default_factory=dict)


class Own(Protocol, DatasetParams):
    """Own recordings, those of data/own/NAME: a protocol, what is run, and where they need other values."""

    dataset: Literal["own"] = "own"  # need not be said
    seeds: Annotated[list[Seed], Field(min_length=1)] = Field(default_factory=lambda: [0, 1, 2])
    rows: Annotated[list[str], Field(min_length=1)] | None = None  # None: all that the data allow

    def part(self, model: type[BaseModel]) -> dict[str, Any]:
        """Give the values that are another model's, too."""
        return {key: getattr(self, key) for key in model.model_fields}


class Virtual(Strict):
    """Virtual sensors: place on the bone, seconds between a spline's knots, noise in m/s², how they sit, mapping."""

    placement: Annotated[float, Field(ge=0, le=1)]
    knots: PositiveFloat
    noise: NonNegativeFloat
    align: bool
    per_class: bool


class Archive(Strict):
    """A file to download; `sha256` is null where no official checksum is known and members are verified instead."""

    file: str
    urls: list[str]
    sha256: str | None


class Source(Strict):
    """The archives of one dataset."""

    archives: list[Archive]


class Sample(Strict):
    """How the sample is simulated."""

    seed: NonNegativeInt
    workouts: PositiveInt
    seconds_per_set: PositiveFloat


class Rehearsal(Strict):
    """How the rehearsal of MM-Fit is simulated; `labels` is a folder of MM-Fit's label files."""

    seed: NonNegativeInt
    labels: str | None


class Simulator(Strict):
    """The two simulated datasets (synthetic)."""

    sample: Sample
    rehearsal: Rehearsal


class Download(Strict):
    """Where each dataset comes from."""

    utd_mhad: Source
    mm_fit: Source


class ScarceStudy(Strict):
    """What is run with scarce sensor data: every row of the list at every level with every seed."""

    scenario: Scenario
    level: list[str | int]
    seed: list[Seed]
    row: list[str]


class Scarce(Strict):
    """Scarce labels: whose clips, what all rows have in common, the rows, and what is run."""

    dataset: str
    train: list[str]
    test: list[str]
    values: dict[str, Any]
    rows: dict[str, Row]
    runs: dict[str, ScarceStudy]

    @model_validator(mode="after")
    def _parts_fit_together(self) -> "Scarce":
        if both := sorted(set(self.train) & set(self.test)):
            raise ValueError(f"{', '.join(both)} stands in train and in test")
        for name, study in self.runs.items():
            if unknown := [row for row in study.row if row not in self.rows]:
                raise ValueError(f"runs.{name}: {', '.join(unknown)} is not in rows")
        return self

    def method_of(self, row: str) -> str:
        """The method of a row."""
        return self.rows[row].method or row


class MMFit(Strict):
    """MM-Fit's protocols, and what is run on them once its archive is at hand."""

    benchmarks: dict[Name, Protocol]
    runs: Study


class Params(Strict):
    """All of params.yaml; each key is explained there."""

    alpha: NonNegativeFloat
    beta: NonNegativeFloat
    window: Seconds
    stride: Seconds
    label: Label
    sampling: Sampling
    rate: Rate
    max_gap: Seconds
    limb: Limb
    epochs: Epochs
    patience: Epochs
    batch_size: BatchSize
    learning_rate: PositiveFloat
    class_weights: ClassWeights
    output_gain: NonNegativeFloat
    folded: bool
    refit: bool
    precision: Precision
    graphs: bool
    device: Device
    threads: Threads
    datasets: dict[str, DatasetParams]
    virtual: Virtual
    methods: dict[str, dict[str, Any]]
    rows: dict[Name, Row]
    trials: dict[Name, Row]
    benchmarks: dict[Name, Protocol]
    folds: dict[Name, Protocol]
    runs: dict[str, Study]
    tried: dict[str, Study]
    scarce: Scarce
    mm_fit: MMFit
    own: dict[Name, Own]
    tables: dict[Name, Any]  # for dvc.yaml: benchmarks and own recordings, which stand there by reference
    mirror: str | None
    download: Download
    simulator: Simulator

    @model_validator(mode="after")
    def _windows_hold_samples(self) -> "Params":
        for dataset in dict.fromkeys(protocol.dataset for protocol in self.protocols.values()):
            self.require_samples(dataset)
        return self

    @model_validator(mode="after")
    def _names_are_known(self) -> "Params":
        if unknown := sorted(set(self.datasets) - {protocol.dataset for protocol in self.protocols.values()}):
            raise ValueError(f"datasets: {', '.join(unknown)} is the dataset of no benchmark")
        of_datasets = {f"datasets.{name}.methods": of.methods for name, of in self.datasets.items()}
        for where, sections in {"methods": self.methods, **of_datasets}.items():
            if unknown := sorted(set(sections) - set(PARAMETERS)):
                raise ValueError(f"{where}: there is no method {', '.join(unknown)}")
        return self

    @model_validator(mode="after")
    def _rows_can_run(self) -> "Params":
        for where, study in self._studies():
            for benchmark in study.benchmark:
                if benchmark not in self.protocols:
                    raise ValueError(f"{where}: unknown benchmark {benchmark!r}")
            for row in [*study.evaluated(), *study.alone]:
                if row not in {**self.rows, **self.trials}:
                    raise ValueError(f"{where}: {row!r} is neither in rows nor in trials")
                for benchmark in study.benchmark:
                    self.options(row, benchmark)
        for row in {**self.rows, **self.trials}:  # in no study, maybe: a typo is told of all the same
            self.options(row, next(iter(self.protocols)))
        read = {key for row in self.scarce.rows for key in type(self.scarce_options(row)).model_fields}
        if unknown := sorted(set(self.scarce.values) - read):
            raise ValueError(f"scarce.values: no row reads {', '.join(unknown)}")
        return self

    @model_validator(mode="after")
    def _own_recordings_can_run(self) -> "Params":
        taken = {*self.protocols, *(protocol.dataset for protocol in self.protocols.values()), SCARCE}
        for name, own in self.own.items():
            if name in taken:
                raise ValueError(f"own: {name!r} is a benchmark's or a dataset's name; expected another one")
            if unknown := sorted({*own.methods} - {*PARAMETERS}):
                raise ValueError(f"own.{name}.methods: there is no method {', '.join(unknown)}")
            of_own = self.of_own(name)
            if unknown := [row for row in own.rows or () if row not in of_own.rows or row == REGRESSOR]:
                known = ", ".join(row for row in of_own.rows if row != REGRESSOR)
                raise ValueError(f"own.{name}.rows: {', '.join(unknown)} is no row of theirs; expected some of {known}")
            of_own.require_samples(name)
            for row in of_own.evaluated_runs(name):
                of_own.options(row, name)
        return self

    def of_own(self, name: str) -> "Params":
        """Give the parameters in which an entry of own recordings stands as a dataset, a benchmark and a study."""
        own, methods, rows = self.own[name], dict(self.methods), dict(self.rows)
        for method, row in OWN_CLIPS.items():
            methods[method] = self.scarce_options(row).model_dump(exclude={"threads"})
            rows[method] = Row(name=self.scarce.rows[row].name)
        named = own.rows or [row for row in rows if row != REGRESSOR]
        study = Study(benchmark=[name], seed=own.seeds, row=named, alone=[REGRESSOR])
        of_dataset = DatasetParams.model_validate(own.part(DatasetParams))
        protocol = Protocol.model_validate({**own.part(Protocol), "dataset": name})
        only = {"datasets": {name: of_dataset}, "benchmarks": {name: protocol}, "runs": {"own": study}}
        return self.model_copy(update={**only, "methods": methods, "rows": rows, "folds": {}, "tried": {}})

    def _studies(self) -> Iterator[tuple[str, Study]]:
        yield from ((f"runs.{name}", study) for name, study in self.runs.items())
        yield from ((f"tried.{name}", study) for name, study in self.tried.items())
        yield "mm_fit.runs", self.mm_fit.runs

    @property
    def protocols(self) -> Mapping[str, Protocol]:
        """Give all benchmarks by name, those of folds and MM-Fit's too."""
        return {**self.benchmarks, **self.folds, **self.mm_fit.benchmarks}

    def require_samples(self, dataset: str) -> None:
        """Raise ValueError where a dataset's windows or strides hold too few samples."""
        for key, fewest in (("window", FEWEST_SAMPLES), ("stride", 1)):
            rate, seconds = self.of(dataset, "rate"), self.of(dataset, key)
            if round(seconds * rate) < fewest:
                samples = f"{round(seconds * rate)} samples at {rate} Hz"
                raise ValueError(f"{key}: {seconds} s of {dataset} are {samples}; expected at least {fewest}")

    def of(self, dataset: str, key: str) -> Any:
        """Give the value of a key for a dataset: its own, else the general one."""
        own = getattr(self.datasets[dataset], key) if dataset in self.datasets else None
        return getattr(self, key) if own is None else own

    def method_of(self, row: str) -> str:
        """Give the method of a row, or of a trial."""
        return (self.rows.get(row) or self.trials[row]).method or row

    def options(self, row: str, benchmark: str) -> Common:
        """Give what a row's method is told on a benchmark, validated; ValueError that names the row where it cannot."""
        method, dataset = self.method_of(row), self.protocols[benchmark].dataset
        name = f"{'rows' if row in self.rows else 'trials'}.{row}"
        if method not in PARAMETERS:
            raise ValueError(f"{name}: there is no method {method!r}; expected one of {', '.join(PARAMETERS)}")
        changes = (self.rows.get(row) or self.trials[row]).changes()
        own = self.datasets[dataset].methods.get(method, {}) if dataset in self.datasets else {}
        values: dict[str, Any] = {}
        for key in PARAMETERS[method].model_fields:
            for section in (changes, own, self.methods.get(method, {})):
                if key in section:
                    values[key] = section[key]
                    break
            else:
                if key not in Params.model_fields:
                    raise ValueError(f"methods.{method}.{key} is missing")
                values[key] = self.of(dataset, key) if key in DatasetParams.model_fields else getattr(self, key)
        where = {name: changes, f"methods.{method}": self.methods.get(method, {})}
        for place, section in {**where, f"datasets.{dataset}.methods.{method}": own}.items():
            if unknown := sorted(set(section) - set(values)):
                raise ValueError(f"{place}: {method} has no parameter {', '.join(unknown)}")
        try:
            return PARAMETERS[method].model_validate(values)
        except ValidationError as error:
            raise ValueError(f"{name}: {first_problem(error)}") from error

    def scarce_options(self, row: str) -> Common:
        """What a row with scarce sensor data is told, validated; ValueError that names the row where it cannot be."""
        method, changes = self.scarce.method_of(row), self.scarce.rows[row].changes()
        if method not in PARAMETERS:
            raise ValueError(f"scarce.rows.{row}: there is no method {method!r}")
        general = {"device": self.device, "threads": self.threads}
        fields = PARAMETERS[method].model_fields
        values = {key: value for key, value in {**general, **self.scarce.values}.items() if key in fields}
        try:
            return PARAMETERS[method].model_validate({**values, **changes})
        except ValidationError as error:
            raise ValueError(f"scarce.rows.{row}: {first_problem(error)}") from error

    def evaluated_runs(self, benchmark: str) -> dict[str, list[int]]:
        """Give the rows of a benchmark's table, in the order of `rows`, with the seeds that each has."""
        seeds = self._seeds(benchmark, lambda study: study.evaluated())
        return {row: seeds[row] for row in self.rows if row in seeds}

    def beside_runs(self, benchmark: str) -> dict[str, list[int]]:
        """Give the trials with test metrics on a benchmark, which are in no table of rows, with the seeds of each."""
        seeds = self._seeds(benchmark, lambda study: study.evaluated())
        return {row: seeds[row] for row in self.trials if row in seeds}

    def other_runs(self, benchmark: str) -> dict[str, list[int]]:
        """Give the rows and trials that are trained on a benchmark without test metrics, with the seeds of each."""
        return self._seeds(benchmark, lambda study: study.alone)

    def _seeds(self, benchmark: str, rows_of: Callable[[Study], list[str]]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for _, study in self._studies():
            for row in rows_of(study) if benchmark in study.benchmark else []:
                found[row] = [*found.get(row, []), *(seed for seed in study.seed if seed not in found.get(row, []))]
        return found


def load_params(path: Path = Path("params.yaml")) -> Params:
    """Read and validate a params file; raises InputError with one line that names the key and what is wrong.

    It is read as DVC reads and writes it, by the rules of YAML 1.2.
    """
    # Here: what reads recipes and no params does without it.
    from ruamel.yaml import YAML  # noqa: PLC0415
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    try:
        raw = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise InputError(f"{path}: cannot be read as YAML: {' '.join(str(error).split())}") from error
    try:
        return Params.model_validate(raw)
    except ValidationError as error:
        raise InputError(f"{path}: {first_problem(error)}") from error


def first_problem(error: ValidationError) -> str:
    """Tell what a model found wrong first: where, what, and what was given."""
    problem = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in problem["loc"])
    what = problem["msg"].removeprefix("Value error, ")
    given = "" if isinstance(problem["input"], dict) else f" (got {problem['input']!r})"
    return f"{where}: {what}{given}" if where else what
