"""What a method can be told: one class for each, with exactly the parameters that it reads.

Their values come from params.yaml, by name: from the row's own changes, else the method's section, else the value for
the dataset, else the general one (`Params.options`).
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.types import NonNegativeFloat, PositiveFloat, PositiveInt

Label = Literal["majority", "midpoint"]
Sampling = Literal["all", "random_start"]
ClassWeights = Literal["none", "balanced"]
Precision = Literal["float32", "tf32", "bfloat16"]
Device = Annotated[str, Field(pattern=r"^(auto|cpu|cuda(:\d+)?)$")]
Statistic = Literal["mean", "std", "variance", "rms", "min", "max", "median"]
Transform = Literal["rotation", "time_warp", "scaling", "magnitude_warp", "jitter"]
Axes = Literal[3, 6]
Probability = Annotated[float, Field(ge=0, lt=1)]
BatchSize = Annotated[int, Field(ge=2, le=2**20)]
Epochs = Annotated[int, Field(ge=1, le=10**6)]
Threads = Annotated[int, Field(ge=1, le=1024)]
# On a GPU, whether a training step is captured as one graph. Recipes and weights name it where it is off, alone.
Graphs = Annotated[bool, Field(default=True, exclude_if=lambda on: on)]


class Strict(BaseModel):
    """No unknown key, no silent conversion of types, no number that is none."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Common(Strict):
    """What every method reads: where it computes, on how many threads."""

    device: Device
    threads: Threads


class OnWindows(Common):
    """How networks on windows are trained (paper, IV-C)."""

    epochs: Epochs
    patience: Epochs
    label: Label  # of windows at random starts
    sampling: Sampling
    batch_size: BatchSize
    learning_rate: PositiveFloat
    precision: Precision
    graphs: Graphs


class WindowClassifier(OnWindows):
    """F and C, or what stands in their places."""

    class_weights: ClassWeights  # w_l of eq. 6


class Regressor(OnWindows):
    """R alone (Table I)."""

    output_gain: NonNegativeFloat  # of the last layer's initialisation
    folded: bool  # whether block 5 of Table I, over joints folded into channels, is there


class RegressionFirst(Regressor, WindowClassifier):
    """F and C on R's signals too."""


class Joint(RegressionFirst):
    """R, F and C at once, with the weights of eq. 7."""

    alpha: NonNegativeFloat
    beta: NonNegativeFloat


class Augmentation(WindowClassifier):
    """Classical augmentation: the mix, in turn, and the strength of each transform there is."""

    mix: list[Transform]
    rotation: NonNegativeFloat
    time_warp: NonNegativeFloat
    scaling: NonNegativeFloat
    magnitude_warp: NonNegativeFloat
    jitter: NonNegativeFloat


class OnSequences(Common):
    """A method that classifies whole sequences; `refit`: once chosen, on training and validation splits together."""

    axes: Axes
    refit: bool


class SegmentStatistics(OnSequences):
    """Features of a sequence: statistics of segments, whose number is chosen on validation."""

    segments: Annotated[list[PositiveInt], Field(min_length=1)]


class CRC(SegmentStatistics):
    """Chen et al.: all is chosen on validation."""

    statistics: Annotated[list[Annotated[list[Statistic], Field(min_length=1)]], Field(min_length=1)]
    standardized: Annotated[list[bool], Field(min_length=1)]
    regularization: Annotated[list[PositiveFloat], Field(min_length=1)]


class Trees(SegmentStatistics):
    """Extremely randomised trees."""

    statistics: Annotated[list[Statistic], Field(min_length=1)]
    trees: PositiveInt


class MiniRocket(OnSequences):
    """MiniRocket; the length, chosen on validation, is in samples."""

    kernels: PositiveInt
    length: Annotated[list[Annotated[int, Field(ge=9)]], Field(min_length=1)]


class OnClips(Common):
    """How a network on whole sequences is trained: stretched to a length, cut, warped and turned."""

    length: Annotated[int, Field(ge=16)]
    batch_size: BatchSize
    learning_rate: PositiveFloat
    weight_decay: NonNegativeFloat
    label_smoothing: Probability
    crop: Probability
    warp: NonNegativeFloat
    rotation: NonNegativeFloat


class ClipNetwork(OnClips, OnSequences):
    """A network on whole sequences; the numbers of `epochs` are tried on validation."""

    epochs: Annotated[list[Epochs], Field(min_length=1)]
    graphs: Graphs


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


class ClipClassifier(OnClips):
    """What classifies clips where labels are scarce."""

    classifier: Literal["cnn", "minirocket", "trees"]
    networks: PositiveInt  # that speak together
    widths: Annotated[list[PositiveInt], Field(min_length=1)]
    dropout: Probability
    epochs: Epochs  # of the real clips
    least_steps: PositiveInt
    scale: NonNegativeFloat
    fading_clips: PositiveFloat  # real clips with which a quarter of a batch is synthetic; half of it with none
    absent: NonNegativeFloat  # by how much training on real clips lowers the logits of classes that have none
    kernels: PositiveInt  # of MiniRocket
    segments: PositiveInt  # of trees, as what follows
    statistics: Annotated[list[Statistic], Field(min_length=1)]
    trees: PositiveInt


class SyntheticClips(ClipClassifier):
    """R, and what it writes."""

    poses: Literal["own", "shuffled"]
    writer: Literal["regressor", "class_mean"]
    regressors: PositiveInt
    regressor_steps: Annotated[int, Field(ge=10)]
    regressor_batch: BatchSize
    regressor_rate: PositiveFloat
    regressor_dropout: Probability
    dropout_on: bool  # while R writes
    aligned: bool  # whether each pair has a lag of its own
    variants: PositiveInt  # of a pose
    tempo: NonNegativeFloat
    size: NonNegativeFloat


class Distilled(SyntheticClips):
    """One network that learns from several."""

    teachers: PositiveInt


class ImutubeClips(ClipClassifier):
    """IMUTube's virtual sensors: their place on the bone, seconds between a spline's knots."""

    placement: Annotated[float, Field(ge=0, le=1)]
    knots: PositiveFloat


class ScarceWindows(Common):
    """The paper's rows on scarce sensor data; window and stride in seconds."""

    scheme: Literal["baseline", "regression_first", "joint"]
    alpha: NonNegativeFloat
    window: PositiveFloat
    stride: PositiveFloat
    window_steps: PositiveInt
    window_rate: PositiveFloat
    batch_size: BatchSize


# Method, which is the name of its module, to what it reads.
PARAMETERS: Mapping[str, type[Common]] = {
    "baseline": WindowClassifier,
    "regressor": Regressor,
    "regression_first": RegressionFirst,
    "regression_first_half": RegressionFirst,
    "joint": Joint,
    "mmfit_cnn": WindowClassifier,
    "augmentation": Augmentation,
    "imutube": WindowClassifier,
    "crc": CRC,
    "signal_image": SignalImage,
    "trees": Trees,
    "minirocket": MiniRocket,
    "strong_cnn": StrongCNN,
    "real_clips": ClipClassifier,
    "synthetic_clips": SyntheticClips,
    "synthetic_clips_distilled": Distilled,
    "imutube_clips": ImutubeClips,
    "scarce_windows": ScarceWindows,
}
