"""params.yaml, validated: the one place that reads it. A typo or an impossible value is one clear line."""

from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import yaml
from pydantic import Field, ValidationError, model_validator
from pydantic.types import NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt

from pose2imu.errors import InputError
from pose2imu.method_params import (
    CRC,
    Augmentation,
    IMUTube,
    JointSimilarity,
    Method,
    MiniRocket,
    PerDataset,
    Regressor,
    SequenceMethod,
    SignalImage,
    Strict,
    StrongCNN,
    ThreeAxes,
    Transform,
    Trees,
    WindowMethod,
)

Dataset = Literal["mm_fit", "rehearsal", "sample", "utd_mhad"]
Label = Literal["majority", "midpoint"]
Sampling = Literal["all", "random_start"]

# The shortest clip of UTD-MHAD has 107 samples at 50 Hz (design.md §3).
SHORTEST_RECORDING = {"utd_mhad": 107 / 50}


class Benchmark(Strict):
    """A dataset with a protocol: who is train, validation and test."""

    dataset: Dataset
    by: Literal["recording", "subject", "chance"]
    train: list[str] | float
    validation: list[str] | float
    test: list[str] | float
    seed: NonNegativeInt | None = None

    @model_validator(mode="after")
    def _splits_fit_together(self) -> "Benchmark":
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


class Run(Strict):
    """A seed of a benchmark, trained once by every method."""

    benchmark: str
    dataset: Dataset
    seed: NonNegativeInt


class RunLists(Strict):
    """Runs of methods that have others than one per line of `seeds`."""

    six_axes: dict[str, Run]
    once: dict[str, Run]
    repeated: dict[str, Run]
    image: dict[str, Run]
    image_six_axes: dict[str, Run]


class Archive(Strict):
    """A file to download; `sha256` is null where no official checksum is known and members are verified instead."""

    file: str
    urls: list[str]
    sha256: str | None


class Choice(Strict):
    """A run that tries, on validation, other values of what the paper leaves open; null: what params.yaml has."""

    benchmark: str
    method: Literal["regressor"] | WindowMethod
    seed: NonNegativeInt
    batch_size: Annotated[int, Field(ge=2)] | None = None
    output_gain: NonNegativeFloat | None = None
    mix: list[Transform] | None = None


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


class Params(Strict):
    """All of params.yaml; each key is explained there."""

    alpha: NonNegativeFloat
    beta: NonNegativeFloat
    window: PerDataset[PositiveFloat]
    stride: PerDataset[PositiveFloat]
    label: Label
    sampling: Sampling
    rate: PerDataset[PositiveInt]
    max_gap: PositiveFloat
    limb: Literal["sensor", "arm"]
    epochs: PerDataset[PositiveInt]
    patience: PerDataset[PositiveInt]
    batch_size: Annotated[int, Field(ge=2)]
    learning_rate: PositiveFloat
    class_weights: Literal["none", "balanced"]
    precision: Literal["float32", "bfloat16"]
    device: Annotated[str, Field(pattern=r"^(auto|cpu|cuda(:\d+)?)$")]
    threads: PositiveInt
    regressor: Regressor
    methods: list[Method]
    joint_similarity: JointSimilarity
    augmentation: Augmentation
    compared: dict[SequenceMethod, Literal["six_axes", "once", "repeated", "image", "image_six_axes"]]
    run_lists: RunLists
    imutube: IMUTube
    refit: bool
    crc: CRC
    crc_three_axes: ThreeAxes
    signal_image: SignalImage
    signal_image_three_axes: ThreeAxes
    trees: Trees
    minirocket: MiniRocket
    strong_cnn: StrongCNN
    benchmarks: dict[str, Benchmark]
    seeds: dict[str, Run]
    choices: dict[str, Choice]
    mirror: str | None
    download: Download
    simulator: Simulator

    @model_validator(mode="before")
    @classmethod
    def _one_number_for_all_datasets(cls, raw: Any) -> Any:
        """`dvc exp run -S window=2` puts a number where the file has one per dataset."""
        if isinstance(raw, dict):
            for key in ("window", "stride"):
                if isinstance(raw.get(key), int | float):
                    raw = {**raw, key: dict.fromkeys(PerDataset.model_fields, raw[key])}
        return raw

    @model_validator(mode="after")
    def _parts_fit_together(self) -> "Params":
        if len(set(self.methods)) < len(self.methods):
            raise ValueError("methods: one of them stands twice")
        for dataset, seconds in SHORTEST_RECORDING.items():
            if self.window[dataset] > seconds:
                raise ValueError(
                    f"window.{dataset}: {self.window[dataset]} s is longer than its shortest recording, {seconds:.2f} s"
                )
        for dataset in PerDataset.model_fields:
            for key in ("window", "stride"):
                if getattr(self, key)[dataset] * self.rate[dataset] < 1:
                    raise ValueError(f"{key}.{dataset} is shorter than one sample at {self.rate[dataset]} Hz")
        if missing := set(get_args(SequenceMethod)) - set(self.compared):
            raise ValueError(f"compared: {', '.join(sorted(missing))} is missing")
        lists = {"seeds": self.seeds} | {f"run_lists.{name}": runs for name, runs in self.run_lists}
        for where, runs in lists.items():
            for name, run in runs.items():
                if run.benchmark not in self.benchmarks:
                    raise ValueError(f"{where}.{name}: unknown benchmark {run.benchmark!r}")
                expected = f"{run.benchmark}-{run.seed}", self.benchmarks[run.benchmark].dataset
                if (name, run.dataset) != expected:
                    raise ValueError(f"{where}.{name}: expected the name {expected[0]} and the dataset {expected[1]}")
        return self

    def benchmark_seeds(self, benchmark: str) -> list[int]:
        """The seeds of a benchmark, in the order of params.yaml."""
        return [run.seed for run in self.seeds.values() if run.benchmark == benchmark]

    def runs(self, benchmark: str) -> dict[str, list[int]]:
        """The rows of a benchmark's table, in the order of params.yaml, with the seeds that each has."""
        rows: dict[str, list[int]] = {}
        for method in self.methods:
            runs = self.seeds if method not in self.compared else getattr(self.run_lists, self.compared[method])
            if found := [run.seed for run in runs.values() if run.benchmark == benchmark]:
                rows[method] = found
        return rows


def load_params(path: Path = Path("params.yaml")) -> Params:
    """Read and validate a params file; raises InputError with one line that names the key and what is wrong."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"{path}: cannot be read as YAML: {' '.join(str(error).split())}") from error
    try:
        return Params.model_validate(raw)
    except ValidationError as error:
        raise InputError(f"{path}: {_first_problem(error)}") from error


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in problem["loc"])
    what = problem["msg"].removeprefix("Value error, ")
    given = "" if isinstance(problem["input"], dict) else f" (got {problem['input']!r})"
    return f"{where}: {what}{given}" if where else what
