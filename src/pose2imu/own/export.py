"""A classifier as ONNX: what it says there is held against torch before the file is written."""

import io
import logging
import warnings
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import numpy as np
import torch

from pose2imu.atomic import replacing
from pose2imu.errors import InputError
from pose2imu.formats.streams import Inertial
from pose2imu.own.classify import load_classifier
from pose2imu.own.clock import signal_of, starts_of
from pose2imu.own.model import ClassifierHeader
from pose2imu.own.networks import Spoken

TOLERANCE = 1e-4  # of a probability
LONGEST = 2**16  # samples of a clip
MOST = 64  # windows of a recording to compare on


def export(model: Path, output: Path, recordings: Sequence[Inertial] = (), *, seed: int = 0) -> float:
    """Write a classifier as ONNX.

    Its input `acceleration` (clips, 3, samples) is in m/s² with gravity at the model's rate, of any number of clips and
    samples; its output `probabilities` (clips, activities). Stretching to the network's length is in it, resampling to
    the model's rate is not. Names of activities, rate, axes and units stand in its metadata.

    Parameters
    ----------
    model, output : Path
        The classifier's model file; the ONNX file.
    recordings : sequence of Inertial
        Whose windows, and whole, are compared; without any, drawn signals are.
    seed : int
        Of drawn signals.

    Returns
    -------
    float
        By how much probabilities differ from torch's at most.
    """
    loaded, spoken = load_classifier(model)
    compared = [part for one in recordings for part in windows_of(one, loaded.header)] or drawn(loaded.header, seed)
    with replacing(output) as temporary:
        write_onnx(loaded.header, spoken, temporary)
        difference = largest_difference(temporary, spoken, compared)
        if not difference <= TOLERANCE:
            raise InputError(
                f"{model}: as ONNX its probabilities are {difference:.2g} off torch's; expected {TOLERANCE} at most"
            )
    return difference


def write_onnx(header: ClassifierHeader, spoken: Spoken, path: Path) -> None:
    """Trace the networks and write them, with names and units in the file's metadata."""
    clips, samples = torch.export.Dim("clips"), torch.export.Dim("samples", min=2, max=LONGEST)
    example = torch.zeros(2, 3, header.length + 1)  # another length than the network's, which would be left alone
    quiet = logging.getLogger("torch.onnx")
    level = quiet.level
    quiet.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")  # of torch about itself
            program = torch.onnx.export(
                spoken,
                (example,),
                input_names=["acceleration"],
                output_names=["probabilities"],
                dynamic_shapes=({0: clips, 2: samples},),
                dynamo=True,
                verbose=False,
            )
    finally:
        quiet.setLevel(level)
    assert program is not None  # of dynamo
    facts = {
        "activities": "\n".join(header.activities),
        "rate": str(header.rate),
        "axes": header.axes,
        "unit": f"{header.unit}, with gravity",
        "places": ", ".join(header.places),
        "seconds": str(header.seconds),
    }
    program.model.metadata_props.update(facts)
    program.save(str(path), external_data=False)


def largest_difference(onnx: Path, spoken: Spoken, clips: Sequence[np.ndarray]) -> float:
    """Compare probabilities for clips (3, samples) by onnxruntime and by torch: the largest difference there is."""
    import onnxruntime  # noqa: PLC0415 - nothing else needs it

    session = onnxruntime.InferenceSession(onnx.read_bytes(), providers=["CPUExecutionProvider"])
    found = 0.0
    for clip in clips:
        x = np.ascontiguousarray(clip[None], np.float32)
        with torch.inference_mode():
            expected = spoken(torch.from_numpy(x)).numpy()
        (given,) = session.run(None, {"acceleration": x})
        found = max(found, float(np.abs(given - expected).max()))
    return found


def windows_of(recording: Inertial, header: ClassifierHeader) -> list[np.ndarray]:
    """Cut a recording into windows (3, samples) of the model's length, at most so many, and the whole as well."""
    signal = signal_of(recording, header.rate).acceleration[:, :LONGEST]
    samples = signal.shape[1]
    size = min(round(header.seconds * header.rate), samples)
    starts = starts_of(samples, size, max((samples - size) // MOST, 1))
    return [*(signal[:, start : start + size] for start in starts), signal]


def drawn(header: ClassifierHeader, seed: int) -> list[np.ndarray]:
    """Draw movements (3, samples) of several lengths: gravity, and smooth accelerations around it."""
    random = np.random.default_rng(seed)
    clips = []
    for samples in random.integers(header.rate, 10 * header.rate, MOST):
        time = np.arange(samples) / header.rate
        tempo, phase = random.uniform(0.2, 4, (2, 3, 1)), random.uniform(0, 2 * np.pi, (2, 3, 1))
        swings = random.normal(0, 5, (2, 3, 1)) * np.sin(2 * np.pi * tempo * time + phase)
        clips.append(random.normal(0, 6, (3, 1)) + swings.sum(axis=0))
    return clips
