"""What `checks/gpu.py` measures on a GPU: whether a captured step is the step, and how fast; alone and side by side.

All of it runs on a CPU too, where nothing is captured and numbers mean nothing: to see that it runs.
"""

import hashlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest import mock

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from pose2imu.datasets.benchmark import load_benchmark
from pose2imu.evaluation.metrics import classification
from pose2imu.kernels.dropout import Dropout
from pose2imu.loading.batches import Windows, load_windows
from pose2imu.loading.data import Data, State, load_data
from pose2imu.methods import Fitted, joint, method_of
from pose2imu.methods.networks import build_regressor, state_of
from pose2imu.params import load_params
from pose2imu.settings import Settings
from pose2imu.steps import WARM_UP, Steps
from pose2imu.training import make_deterministic, optimizer_of, train_epoch
from speed.epochs import networks_of, random_windows, settings_for

GIB = 2**30
BENCHMARK = "utd_mhad_cross_subject"  # what real runs are on


def told(row: str, dataset: str, device: str, **changes: Any) -> Settings[Any]:
    """Take a row's settings of a dataset, on a device, with other options where `changes` says so."""
    settings = settings_for(row, dataset, load_params())
    return replace(settings, device=device, options=settings.options.model_copy(update={"device": device, **changes}))


def noise(settings: Settings[Any], dataset: str, count: int) -> Windows:
    """Make `count` windows of noise, of a dataset's shape and stride."""
    stride = round(load_params().of(dataset, "stride") * load_params().of(dataset, "rate"))
    return random_windows(settings.window, stride, count, settings.classes, settings.device)


def trained(windows: Windows, settings: Settings[Any], steps: int, dropout: bool) -> State:
    """Train the joint method for so many steps at least, in whole epochs; returns all weights and statistics."""
    make_deterministic(settings.seed, threads=1)
    networks, loss = networks_of("joint", settings)
    if not dropout:
        without_dropout(networks)
    options, order = settings.options, torch.Generator().manual_seed(settings.seed)
    taken = Steps(windows, loss, optimizer_of(networks, options), options.precision, options.graphs)
    networks.train()
    for _ in range(-(-steps * options.batch_size // len(windows))):
        train_epoch(taken, order, options.batch_size)
    return state_of(networks)


def without_dropout(networks: nn.Module) -> None:
    """Have networks drop nothing."""
    for module in networks.modules():
        if isinstance(module, Dropout):
            module.probability = 0.0


@contextmanager
def torchs_gradients() -> Iterator[None]:
    """Have convolutions give the gradients that torch has for them."""

    def convolve(
        x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor, padding: tuple[int, int], dilation: int
    ) -> torch.Tensor:
        return F.conv2d(x, weight, bias, padding=padding, dilation=dilation)

    with (
        mock.patch("pose2imu.models.tcn.convolve", convolve),
        mock.patch("pose2imu.models.classifier.convolve", convolve),
    ):
        yield


def gradients(dataset: str, device: str) -> State:
    """Compute the gradients of a joint batch of noise, without dropout."""
    settings = told("joint", dataset, device, beta=1.0)
    make_deterministic(settings.seed, threads=1)
    networks, loss = networks_of("joint", settings)
    without_dropout(networks)
    windows = noise(settings, dataset, settings.options.batch_size)
    loss(windows.batch(torch.arange(len(windows), device=device)))["loss"].backward()
    named = networks.named_parameters()
    return {name: parameter.grad.cpu().numpy() for name, parameter in named if parameter.grad is not None}


def gradients_difference(dataset: str, device: str) -> float:
    """Hold convolutions' gradients against torch's."""
    ours = gradients(dataset, device)
    with torchs_gradients():
        return difference(ours, gradients(dataset, device))


def difference(one: State, other: State, buffers: bool | None = None) -> float:
    """Give the largest difference between weights, or running statistics, relative to the largest of its array."""
    names = [name for name in one if buffers is None or ("running" in name) == buffers]
    gaps = [np.abs(one[name] - other[name]).max() / max(np.abs(other[name]).max(), 1e-12) for name in names]
    return float(max(gaps))


def digest(state: State) -> str:
    """Sum up all weights: the same for the same bits alone."""
    return hashlib.sha256(b"".join(name.encode() + state[name].tobytes() for name in sorted(state))).hexdigest()[:16]


def correctness(device: str) -> dict[str, Any]:
    """Hold 50 joint steps by graph, each epoch's last batch a short one, against as many without."""
    graph, eager = (told("joint", "utd_mhad", device, beta=1.0, graphs=on) for on in (True, False))
    windows = noise(graph, "utd_mhad", 9 * graph.options.batch_size + 13)
    plain, replayed = (trained(windows, settings, 50, dropout=False) for settings in (eager, graph))
    first, second, other = (trained(windows, settings, 50, dropout=True) for settings in (graph, graph, eager))
    return {
        "gradients_difference": max(gradients_difference(dataset, device) for dataset in ("utd_mhad", "mm_fit")),
        "weights_difference": difference(replayed, plain, buffers=False),
        "statistics_difference": difference(replayed, plain, buffers=True),
        "steps_counted": int(replayed["features.blocks.0.norm.num_batches_tracked"]),
        "steps_counted_eager": int(plain["features.blocks.0.norm.num_batches_tracked"]),
        "same_seed_difference": difference(first, second),
        "with_dropout_difference": difference(first, other),
        "dropout_changes_by": difference(first, replayed),
    }


def seconds_a_step(step: str, dataset: str, steps: int, device: str, **options: Any) -> float:
    """Measure a step of full batches of noise."""
    settings = told(step, dataset, device, **options)
    make_deterministic(0, threads=1)
    windows = noise(settings, dataset, steps * settings.options.batch_size)
    networks, loss = networks_of(step, settings)
    chosen = settings.options
    taken = Steps(windows, loss, optimizer_of(networks, chosen), chosen.precision, chosen.graphs)
    networks.train()
    batches = torch.arange(len(windows), device=device).split(chosen.batch_size)
    for indices in batches[: 2 * WARM_UP]:
        taken.take(indices)
    wait(device)
    begin = time.perf_counter()
    for indices in batches:
        taken.take(indices)
    wait(device)
    return (time.perf_counter() - begin) / len(batches)


def fit(row: str, data: Data[Any], settings: Settings[Any]) -> tuple[Fitted, float]:
    """Train a row from its seed; returns what was learned, and the seconds.

    Where it asks for R it has an untrained one, and for virtual windows the training windows.
    """
    make_deterministic(settings.seed, threads=1)
    method = method_of(load_params().method_of(row))
    if method.NEEDS.regressor:
        data = replace(data, regressor=state_of(build_regressor(settings)))
    if method.NEEDS.virtual:
        data = replace(data, virtual=data.train)
    wait(settings.device)
    begin = time.perf_counter()
    fitted = method.fit(data, settings)
    wait(settings.device)
    return fitted, time.perf_counter() - begin


def at_size(row: str, counts: Mapping[str, int], device: str, **options: Any) -> dict[str, Any]:
    """Train a row for one epoch of as many windows of noise as MM-Fit has, validation and all."""
    settings = told(row, "mm_fit", device, epochs=1, patience=1, **options)
    train, validation = (noise(settings, "mm_fit", counts[split]) for split in ("train", "validation"))
    data = Data(train, validation)
    peak_memory(device)
    _, seconds = fit(row, data, settings)
    return {"seconds": seconds, "peak_memory_gib": peak_memory(device)}


def wait(device: str) -> None:
    """Wait for all that a device was given."""
    if device.startswith("cuda"):
        torch.cuda.synchronize()


def peak_memory(device: str) -> float:
    """Give the most that torch has held of a GPU since the last call, GiB."""
    if not device.startswith("cuda"):
        return 0.0
    peak = torch.cuda.max_memory_reserved() / GIB
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    return peak


def real(row: str, device: str, seed: int = 0, **changes: Any) -> tuple[Settings[Any], Data[Any]]:
    """Read UTD-MHAD for a row, and its settings."""
    benchmark, params = load_benchmark(BENCHMARK), load_params()
    options = params.options(row, BENCHMARK).model_copy(update={"device": device, **changes})
    settings = Settings(options, len(benchmark.classes), benchmark.window, seed, device)
    needs = method_of(params.method_of(row)).NEEDS._replace(virtual=False)
    return settings, load_data(benchmark, needs, settings)


def tested(settings: Settings[Any], fitted: Fitted) -> dict[str, float]:
    """Score a joint run on the test split's windows."""
    windows: Windows = load_windows(load_benchmark(BENCHMARK), "test", settings.device)
    predicted = joint.predict(fitted.state, windows, settings).argmax(axis=1)
    return classification(windows.index.label.to_numpy(dtype=np.int64), predicted)
