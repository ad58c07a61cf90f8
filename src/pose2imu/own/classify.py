"""What a classifier says of a sensor recording: of the whole of a short one, of windows of a long one."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from pose2imu.errors import InputError, WeightsError
from pose2imu.formats.inertial import inertial_of
from pose2imu.formats.streams import Inertial
from pose2imu.loading.augmentation import at_moments, whole
from pose2imu.own.clock import SHORTEST, Signal, all_known, signal_of, starts_of
from pose2imu.own.model import ClassifierHeader, Model, found, load_model
from pose2imu.own.networks import Spoken

AT_ONCE = 256  # windows
STRIDE, LONGEST = 1.0, 86_400.0  # seconds
COLUMNS = ["recording", "start", "stop", "activity", "probability"]


def load_classifier(path: Path) -> tuple[Model[ClassifierHeader], Spoken]:
    """Read a classifier's file; InputError where its arrays are not those of the networks that its header names."""
    model = load_model(path, ClassifierHeader)
    try:
        return model, Spoken(model.header, model.state)
    except WeightsError as error:
        raise InputError(f"{path}: {error}; expected a classifier that `pose2imu train` wrote") from error


def classify(
    model: Path | str,
    recording: Inertial | pd.DataFrame,
    *,
    window: float | None = None,
    stride: float = STRIDE,
    as_clip: bool | None = None,
    name: str = "recording",
) -> pd.DataFrame:
    """Say which activities a recording has.

    Parameters
    ----------
    model : Path or str
        A classifier's model file, or the name of one in the project's models/.
    recording : Inertial or DataFrame
        At any rate; it is brought to the model's. A table has columns such as time, ax, ay, az, whose units are
        guessed, and is named `name`.
    window, stride : float
        Seconds; by default windows of the middle length of the clips that the model learned from, and one a second.
        What is left at the end is in a last window, unless it is less than half a stride.
    as_clip : bool, optional
        Whether the recording is one clip of one activity. By default, one no longer than the longest that the model
        learned from is, unless `window` is given.

    Returns
    -------
    DataFrame
        A row for the clip, or for each window that has no gap of more than a second in it: recording, start and stop
        in seconds of the recording's clock, activity, its probability, and a column of probabilities for each activity.

    Raises
    ------
    InputError
        One line, where the model is none or the recording is none of movement.
    """
    if isinstance(recording, pd.DataFrame):
        recording = inertial_of(recording, name)
    loaded, spoken = load_classifier(found(str(model)))
    return classified(loaded.header, spoken, recording, window, stride, as_clip)


def classified(
    header: ClassifierHeader,
    spoken: Spoken,
    recording: Inertial,
    window: float | None = None,
    stride: float = STRIDE,
    as_clip: bool | None = None,
) -> pd.DataFrame:
    """Do what `classify` does, by a classifier that was read."""
    signal = signal_of(recording, header.rate)
    samples = signal.acceleration.shape[1]
    as_clip = samples / header.rate <= header.longest and window is None if as_clip is None else as_clip
    window = header.seconds if window is None else window
    if not (SHORTEST <= window <= LONGEST and 0 < stride <= LONGEST):
        raise InputError(f"{window} s every {stride} s; expected windows of at least {SHORTEST} s and a stride above 0")
    size, step = round(window * header.rate), max(round(stride * header.rate), 1)
    starts = np.array([0]) if as_clip or samples <= size else starts_of(samples, size, step)
    size = samples if as_clip else min(size, samples)
    starts = starts[all_known(signal.known, starts, size)]
    if not len(starts):
        raise InputError(f"{recording.name}: no window of {size / header.rate:.1f} s without a gap of a second or more")
    probability = np.concatenate(list(_spoken_of(spoken, signal, starts, size, recording.name)))
    first = signal.start + starts / header.rate
    table = pd.DataFrame(
        {
            "recording": recording.name,
            "start": first,
            "stop": first + (size - 1) / header.rate,
            "activity": np.array(header.activities, dtype=object)[probability.argmax(axis=1)],
            "probability": probability.max(axis=1),
        }
    )
    names = [f"{name}_probability" if name in table else name for name in header.activities]
    return table.join(pd.DataFrame(probability, columns=names))


@torch.inference_mode()
def _spoken_of(spoken: Spoken, signal: Signal, starts: np.ndarray, size: int, name: str) -> Iterator[np.ndarray]:
    """Give probabilities (windows, classes), some windows at a time."""
    # Stretched here and not in the network: of a window only the moments that it reads are ever gathered.
    within = whole(torch.tensor([size]), spoken.length)
    acceleration = torch.from_numpy(signal.acceleration)[None]
    parts = np.array_split(starts, -(-len(starts) // AT_ONCE))
    for part in tqdm(parts, desc=name, unit="windows", unit_scale=AT_ONCE, disable=None if len(parts) > 20 else True):
        moments = (torch.from_numpy(part)[:, None] + within.double()).reshape(1, -1)
        x = at_moments(acceleration, moments)[0].float().unflatten(1, (len(part), spoken.length)).transpose(0, 1)
        yield spoken(x).numpy()
