"""The one training loop: shuffled batches, Adam, early stopping, best weights restored (paper, IV-C)."""

import copy
import ctypes
import math
import os
import random
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from pose2imu.errors import InputError
from pose2imu.params import Params, Sampling
from pose2imu.preprocessing.batches import Batch, Batches, Windows

INFERENCE_BATCH = 512
PROGRESS_SECONDS = 0.5 if sys.stderr.isatty() else 30.0  # a log file gets a line now and then


@dataclass(frozen=True)
class Settings:
    """What a method needs to know of params.yaml, for its dataset and seed."""

    alpha: float
    beta: float
    epochs: int
    patience: int
    sampling: Sampling  # of an epoch's windows
    batch_size: int
    learning_rate: float
    balanced: bool  # weights w_l of eq. 6, inverse to the class's share of the training windows; else all 1
    classes: int
    window: int  # samples
    seed: int
    device: str
    precision: str  # of training steps: float32, or bfloat16 where autocast finds it safe
    regressor: Mapping[str, Any]  # blocks, folded_block, kernel_joints and output_gain of Table I
    options: Mapping[str, Any]  # of the method alone: what params.yaml has under its name


@dataclass(frozen=True)
class Data:
    """What training may see: there is no test split in it."""

    train: Windows
    validation: Windows
    pretrained: nn.ModuleDict  # an earlier run's networks, for methods that build on one; else empty
    virtual: Windows | None = None  # the training windows with virtual acceleration, for methods that use it
    # Mean and standard deviation (axes,), in m/s², that acceleration was z-scored with, for methods that turn sensors.
    statistics: tuple[np.ndarray, np.ndarray] | None = None


@dataclass(frozen=True)
class Trained:
    """The networks of a method with their best weights, and how they got there: one row per epoch."""

    networks: nn.ModuleDict
    curves: list[dict[str, float | int | str]]


def settings_of(params: Params, benchmark: Mapping[str, Any], method: str, seed: int) -> Settings:
    """The settings of a run; `benchmark` is the window stage's description of the benchmark."""
    dataset = benchmark["dataset"]
    # Table I's section has the name of the method that trains it, but is everyone's.
    options = getattr(params, method, None) if method != "regressor" else None
    return Settings(
        alpha=params.alpha,
        beta=params.beta,
        epochs=params.epochs[dataset],
        patience=params.patience[dataset],
        sampling=params.sampling,
        batch_size=params.batch_size,
        learning_rate=params.learning_rate,
        balanced=params.class_weights == "balanced",
        classes=len(benchmark["classes"]),
        window=benchmark["window"],
        seed=seed,
        device=resolve_device(params.device),
        precision=params.precision,
        regressor={
            "blocks": params.regressor.blocks,
            "folded_block": params.regressor.folded_block[dataset],
            "kernel_joints": params.regressor.kernel_joints,
            "output_gain": params.regressor.output_gain,
        },
        options=options.model_dump() if options else {},
    )


def resolve_device(device: str) -> str:
    """`auto` is the GPU where there is one."""
    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if device.startswith("cuda") and not torch.cuda.is_available():
        raise InputError(f"params.yaml: device is {device!r}, but torch sees no GPU; expected cpu or auto")
    return device


def make_deterministic(seed: int, threads: int) -> None:
    """Same seed, machine and thread count: same digits. On a GPU torch warns of an operation that cannot promise it."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS's condition
    torch.backends.cudnn.allow_tf32 = False  # float32 means float32
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - for libraries that draw from the global generator
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True, warn_only=torch.cuda.is_available())
    # Fresh memory is always written before it is read here; filling it first only costs time.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]


def keep_freed_memory() -> None:
    """Have the C library hold on to freed memory: a training step otherwise returns its tensors to the system and has
    them back page by page, each of them cleared. Without glibc nothing happens."""
    mmap_threshold, trim_threshold, top_pad = -3, -1, -2  # malloc.h
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(mmap_threshold, 2**30)
        libc.mallopt(trim_threshold, 2**31 - 1)
        libc.mallopt(top_pad, 2**26)


def fit(
    part: str,
    networks: nn.ModuleDict,
    windows: Batches,
    loss: Callable[[Batch], dict[str, torch.Tensor]],
    validate: Callable[[], dict[str, float]],
    score: Callable[[dict[str, float]], float],
    settings: Settings,
) -> list[dict[str, float | int | str]]:
    """Train `networks` in place and return their learning curve, one row per epoch.

    `loss` returns the terms of a batch's loss, of which "loss" is minimised; the curve has their means. `validate` is
    called after each epoch, and training stops once `score` of what it returns (higher is better) has not risen for
    `settings.patience` epochs. The weights of the best epoch are restored.
    """
    optimizer = optimizer_of(networks, settings)
    order = torch.Generator().manual_seed(settings.seed)
    best, best_epoch, best_weights = -math.inf, 0, networks.state_dict()
    curve: list[dict[str, float | int | str]] = []
    progress = tqdm(range(1, settings.epochs + 1), desc=part, unit="epoch", mininterval=PROGRESS_SECONDS)
    for epoch in progress:
        networks.train()
        terms = train_epoch(windows, loss, optimizer, order, settings.batch_size, settings.precision)
        networks.eval()
        metrics = validate()
        curve.append({"part": part, "epoch": epoch, **terms, **metrics})
        shown = {name: f"{value:.3f}" for name, value in {**terms, **metrics}.items()}
        progress.set_postfix(shown, refresh=False)
        if not math.isfinite(terms["loss"]):
            raise InputError(f"{part}: the loss is {terms['loss']} in epoch {epoch}; try a smaller learning_rate")
        if score(metrics) > best:
            best, best_epoch, best_weights = score(metrics), epoch, copy.deepcopy(networks.state_dict())
        if epoch - best_epoch >= settings.patience:
            break
    networks.load_state_dict(best_weights)
    networks.eval()
    return curve


def optimizer_of(networks: nn.Module, settings: Settings) -> torch.optim.Optimizer:
    """Adam (paper, IV-C)."""
    return torch.optim.Adam(networks.parameters(), lr=settings.learning_rate, fused=True)


def train_epoch(
    windows: Batches,
    loss: Callable[[Batch], dict[str, torch.Tensor]],
    optimizer: torch.optim.Optimizer,
    order: torch.Generator,
    batch_size: int,
    precision: str,
) -> dict[str, float]:
    """One step for each batch of an epoch's windows, in random order; returns the means of the loss's terms.

    Nothing in a step waits for a GPU: the order goes there once, and the terms are summed there.
    """
    totals: dict[str, torch.Tensor] = {}
    drawn = windows.drawn(order)
    permutation = drawn[torch.randperm(len(drawn), generator=order)].to(windows.device)
    mixed = torch.autocast(windows.device.type, torch.bfloat16, enabled=precision == "bfloat16")
    for indices in permutation.split(batch_size):
        with mixed:
            terms = loss(windows.batch(indices))
        optimizer.zero_grad()
        terms["loss"].backward()
        optimizer.step()
        for name, value in terms.items():
            totals[name] = totals.get(name, 0) + value.detach() * len(indices)
    return {name: float(total) / len(drawn) for name, total in totals.items()}


@torch.inference_mode()
def infer(network: Callable[[Batch], torch.Tensor], windows: Batches) -> torch.Tensor:
    """`network` of all windows in order, on the CPU; its modules must be in evaluation mode."""
    parts = torch.arange(len(windows), device=windows.device).split(INFERENCE_BATCH)
    return torch.cat([network(windows.batch(indices)).cpu() for indices in parts])
