"""The one training loop: shuffled batches, Adam, early stopping, best weights restored (paper, IV-C)."""

import copy
import ctypes
import math
import os
import random
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from pose2imu.errors import InputError
from pose2imu.loading.batches import Batch, Batches
from pose2imu.method_params import OnWindows
from pose2imu.settings import Settings
from pose2imu.steps import Loss, Steps

INFERENCE_BATCH = {"cpu": 512, "cuda": 4096}  # windows at once: what a CPU's cache holds, what fills a GPU
PROGRESS_SECONDS = 0.5 if sys.stderr.isatty() else 30.0  # a log file gets a line now and then


def make_deterministic(seed: int, threads: int) -> None:
    """See to it that the same seed, machine and thread count give the same digits.

    On a GPU torch warns of an operation that cannot promise it.
    """
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS's condition
    torch.backends.cudnn.allow_tf32 = False  # float32 means float32
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - for libraries that draw from the global generator
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    # By this name: the other one also tells a compiler that is not used here, and takes a second to find it.
    torch.set_deterministic_debug_mode("warn" if torch.cuda.is_available() else "error")
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


def fit_networks(
    part: str,
    networks: nn.ModuleDict,
    windows: Batches,
    loss: Loss,
    validate: Callable[[], dict[str, float]],
    score: Callable[[dict[str, float]], float],
    settings: Settings[Any],
) -> list[dict[str, float | int | str]]:
    """Train `networks` in place and return their learning curve, one row per epoch.

    `loss` returns the terms of a batch's loss, of which "loss" is minimised; the curve has their means. `validate` is
    called after each epoch, and training stops once `score` of what it returns (higher is better) has not risen for
    `patience` epochs. The weights of the best epoch are restored.
    """
    options: OnWindows = settings.options
    steps = Steps(windows, loss, optimizer_of(networks, options), options.precision, options.graphs)
    order = torch.Generator().manual_seed(settings.seed)
    best, best_epoch, best_weights = -math.inf, 0, networks.state_dict()
    curve: list[dict[str, float | int | str]] = []
    progress = tqdm(range(1, options.epochs + 1), desc=part, unit="epoch", mininterval=PROGRESS_SECONDS)
    for epoch in progress:
        networks.train()
        means = train_epoch(steps, order, options.batch_size)
        networks.eval()
        metrics = validate()  # here alone a GPU is waited for
        terms = {name: float(mean) for name, mean in means.items()}
        curve.append({"part": part, "epoch": epoch, **terms, **metrics})
        shown = {name: f"{value:.3f}" for name, value in {**terms, **metrics}.items()}
        progress.set_postfix(shown, refresh=False)
        if not math.isfinite(terms["loss"]):
            raise InputError(f"{part}: the loss is {terms['loss']} in epoch {epoch}; try a smaller learning_rate")
        if score(metrics) > best:
            best, best_epoch, best_weights = score(metrics), epoch, copy.deepcopy(networks.state_dict())
        if epoch - best_epoch >= options.patience:
            break
    networks.load_state_dict(best_weights)
    networks.eval()
    return curve


def optimizer_of(networks: nn.Module, options: OnWindows) -> torch.optim.Optimizer:
    """Make Adam (paper, IV-C)."""
    return torch.optim.Adam(networks.parameters(), lr=options.learning_rate, fused=True)


def train_epoch(steps: Steps, order: torch.Generator, batch_size: int) -> dict[str, torch.Tensor]:
    """Take one step for each batch of an epoch's windows, in random order; returns the means of the loss's terms.

    Nothing waits for a GPU: the order goes there once, and the means are left there, float64.
    """
    windows = steps.windows
    epoch = windows.epoch(order)
    permutation = epoch[torch.randperm(len(epoch), generator=order)].to(windows.device)
    for indices in permutation.split(batch_size):
        steps.take(indices)
    return {name: total.double() / len(epoch) for name, total in steps.sums().items()}


@torch.inference_mode()
def infer(network: Callable[[Batch], torch.Tensor], windows: Batches) -> torch.Tensor:
    """Give `network` of all windows in order, on the CPU; its modules must be in evaluation mode."""
    parts = torch.arange(len(windows), device=windows.device).split(INFERENCE_BATCH[windows.device.type])
    return torch.cat([network(windows.batch(indices)) for indices in parts]).cpu()
