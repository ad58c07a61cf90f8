"""params.yaml, validated: the one place that reads it. A typo or an impossible value is one clear line."""

from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar, get_args

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.types import NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt

from pose2imu.errors import InputError

Dataset = Literal["mm_fit", "rehearsal", "sample", "utd_mhad"]
WindowMethod = Literal["baseline", "regression_first", "regression_first_half", "joint", "joint_similarity", "imutube"]
SequenceMethod = Literal["crc", "crc_three_axes", "trees", "minirocket", "strong_cnn"]
Method = Literal[WindowMethod, SequenceMethod]
Statistic = Literal["mean", "std", "variance", "rms", "min", "max", "median"]
Axes = Literal[3, 6]
Label = Literal["majority", "midpoint"]
Sampling = Literal["all", "random_start"]
T = TypeVar("T")
Probability = Annotated[float, Field(ge=0, lt=1)]

# The shortest clip of UTD-MHAD has 107 samples at 50 Hz (design.md §3).
SHORTEST_RECORDING = {"utd_mhad": 107 / 50}


def _odd(value: int) -> int:
    if value % 2 == 0:
        raise ValueError("must be odd, so that its padding keeps the length")
    return value


OddInt = Annotated[int, Field(gt=0), AfterValidator(_odd)]


class Strict(BaseModel):
    """No unknown key, no silent conversion of types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class PerDataset(Strict, Generic[T]):
    """A value for each dataset."""

    mm_fit: T
    rehearsal: T
    sample: T
    utd_mhad: T

    def __getitem__(self, dataset: str) -> T:
        return getattr(self, dataset)


class Block(Strict):
    """A row of Table I: a TCN block."""

    in_: PositiveInt = Field(alias="in")
    out: PositiveInt
    kernel: OddInt
    dilation: PositiveInt
    dropout: Probability


class Regressor(Strict):
    """Table I: the regressor R."""

    kernel_joints: OddInt
    output_gain: NonNegativeFloat
    blocks: Annotated[list[Block], Field(min_length=1)]
    folded_block: PerDataset[Block | None]

    @model_validator(mode="after")
    def _channels_chain(self) -> "Regressor":
        channels = 3  # the coordinates of a joint
        for number, block in enumerate(self.blocks, start=1):
            if block.in_ != channels:
                raise ValueError(f"block {number} takes {block.in_} channels, but is given {channels}")
            channels = block.out
        for dataset in PerDataset.model_fields:
            folded = self.folded_block[dataset]
            if folded and folded.in_ != 3 * channels:
                raise ValueError(
                    f"folded_block.{dataset} takes {folded.in_} channels, but three joints give {3 * channels}"
                )
        return self


class JointSimilarity(Strict):
    """What is fixed in the row "Proposed, beta = 10"."""

    beta: NonNegativeFloat


class IMUTube(Strict):
    """Virtual sensors: place on the bone, seconds between a spline's knots, noise in m/s², how they sit, mapping."""

    placement: Annotated[float, Field(ge=0, le=1)]
    knots: PositiveFloat
    noise: NonNegativeFloat
    align: bool
    per_class: bool


class SegmentStatistics(Strict):
    """Features of a sequence: statistics of segments, whose number is chosen on validation."""

    axes: Axes
    segments: Annotated[list[PositiveInt], Field(min_length=1)]
    statistics: Annotated[list[Statistic], Field(min_length=1)]


class CRC(SegmentStatistics):
    """Chen et al.: λ too is chosen on validation."""

    regularization: Annotated[list[PositiveFloat], Field(min_length=1)]


class Trees(SegmentStatistics):
    """Extremely randomised trees."""

    trees: PositiveInt


class MiniRocket(Strict):
    """MiniRocket; the length, chosen on validation, is in samples."""

    axes: Axes
    kernels: PositiveInt
    length: Annotated[list[Annotated[int, Field(ge=9)]], Field(min_length=1)]


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


class StrongCNN(Strict):
    """The residual CNN and its augmentation; `epochs` are tried on validation."""

    axes: Axes
    length: Annotated[int, Field(ge=16)]
    widths: Annotated[list[PositiveInt], Field(min_length=1)]
    dropout: Probability
    epochs: Annotated[list[PositiveInt], Field(min_length=1)]
    batch_size: Annotated[int, Field(ge=2)]
    learning_rate: PositiveFloat
    weight_decay: NonNegativeFloat
    label_smoothing: Probability
    crop: Probability
    warp: NonNegativeFloat
    rotation: NonNegativeFloat
    scale: NonNegativeFloat


class RunLists(Strict):
    """Runs of methods that have others than one per line of `seeds`."""

    imutube: dict[str, Run]
    six_axes: dict[str, Run]
    once: dict[str, Run]
    repeated: dict[str, Run]
    strong_cnn: dict[str, Run]


class Archive(Strict):
    """A file to download; `sha256` is null where no official checksum is known and members are verified instead."""

    file: str
    urls: list[str]
    sha256: str | None


class Choice(Strict):
    """A run that tries what the paper leaves open, on validation."""

    method: Literal["regressor"] | WindowMethod
    seed: NonNegativeInt
    batch_size: Annotated[int, Field(ge=2)]
    output_gain: NonNegativeFloat


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
    compared: dict[
        SequenceMethod | Literal["imutube"], Literal["imutube", "six_axes", "once", "repeated", "strong_cnn"]
    ]
    run_lists: RunLists
    imutube: IMUTube
    refit: bool
    crc: CRC
    crc_three_axes: CRC
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
