"""What params.yaml has for the networks and methods, validated: their sections of it."""

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.types import NonNegativeFloat, PositiveFloat, PositiveInt

WindowMethod = Literal[
    "baseline",
    "regression_first",
    "regression_first_half",
    "joint",
    "joint_similarity",
    "imutube",
    "mmfit_cnn",
    "augmentation",
]
SequenceMethod = Literal[
    "crc", "crc_three_axes", "signal_image", "signal_image_three_axes", "trees", "minirocket", "strong_cnn"
]
Method = Literal[WindowMethod, SequenceMethod]
Statistic = Literal["mean", "std", "variance", "rms", "min", "max", "median"]
Transform = Literal["rotation", "time_warp", "scaling", "magnitude_warp", "jitter"]
Axes = Literal[3, 6]
T = TypeVar("T")
Probability = Annotated[float, Field(ge=0, lt=1)]


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


class CRC(SegmentStatistics):
    """Chen et al.: all is chosen on validation."""

    statistics: Annotated[list[Annotated[list[Statistic], Field(min_length=1)]], Field(min_length=1)]
    standardized: Annotated[list[bool], Field(min_length=1)]
    regularization: Annotated[list[PositiveFloat], Field(min_length=1)]


class ThreeAxes(Strict):
    """The row of a method on the acceleration alone; all else is in the method's own section."""

    axes: Literal[3]


class Trees(SegmentStatistics):
    """Extremely randomised trees."""

    statistics: Annotated[list[Statistic], Field(min_length=1)]
    trees: PositiveInt


class MiniRocket(Strict):
    """MiniRocket; the length, chosen on validation, is in samples."""

    axes: Axes
    kernels: PositiveInt
    length: Annotated[list[Annotated[int, Field(ge=9)]], Field(min_length=1)]


class Augmentation(Strict):
    """Classical augmentation: the mix, in turn, and the strength of each transform there is."""

    mix: list[Transform]
    rotation: NonNegativeFloat
    time_warp: NonNegativeFloat
    scaling: NonNegativeFloat
    magnitude_warp: NonNegativeFloat
    jitter: NonNegativeFloat


class ClipNetwork(Strict):
    """A network on whole clips, and how it is trained; `epochs` are tried on validation."""

    axes: Axes
    length: Annotated[int, Field(ge=16)]
    epochs: PerDataset[Annotated[list[PositiveInt], Field(min_length=1)]]
    batch_size: Annotated[int, Field(ge=2)]
    learning_rate: PositiveFloat
    weight_decay: NonNegativeFloat
    label_smoothing: Probability
    crop: Probability
    warp: NonNegativeFloat
    rotation: NonNegativeFloat


class StrongCNN(ClipNetwork):
    """The residual CNN; rotation is the sensor's."""

    widths: Annotated[list[PositiveInt], Field(min_length=1)]
    dropout: Probability
    scale: NonNegativeFloat


class SignalImage(ClipNetwork):
    """Memmesheimer et al.; rotation is the image's."""

    network: Annotated[str, Field(pattern=r"^b[0-7]$")]
    pretrained: str | None
    size: Annotated[int, Field(ge=48)]  # else its last feature map is one pixel, on which BatchNorm cannot train alone
    thickness: PositiveFloat
