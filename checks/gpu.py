"""The GPU path on the card at hand: correctness, then speed; a line a fact, and all of it in a JSON file.

python checks/gpu.py --seconds 230 --out reports/gpu.json

Needs no dataset: windows are noise of UTD-MHAD's and MM-Fit's shapes (synthetic). At most a few minutes; what is known
is written as it comes.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from pose2imu.kernels.dropout import Dropout
from pose2imu.loading.batches import Windows
from pose2imu.methods import joint
from pose2imu.methods.networks import build_classifier, build_regressor, probabilities
from pose2imu.params import load_params
from pose2imu.settings import Settings
from pose2imu.steps import Graphs, Steps, steps_of
from pose2imu.training import make_deterministic, optimizer_of, train_epoch
from speed.epochs import random_windows, settings_for

TRAINING_WINDOWS = {"utd_mhad": 3000, "mm_fit": 130_000}
STRIDE = {"utd_mhad": 10, "mm_fit": 20}
STEPS = 50


class Trial:
    """A joint training of noise on the card."""

    def __init__(
        self, dataset: str, graphs: Graphs, *, windows: int = 0, dropout: bool = True, seed: int = 0, **changes: Any
    ) -> None:
        make_deterministic(seed, 1)
        told = settings_for("joint", dataset, load_params())
        options = told.options.model_copy(update=changes)
        self.settings = Settings(options, told.classes, told.window, seed, "cuda")
        self.windows = windows_of(dataset, windows or TRAINING_WINDOWS[dataset], told.window, told.classes)
        self.networks = nn.ModuleDict({**build_classifier(self.settings), **build_regressor(self.settings)}).train()
        if not dropout:
            for module in self.networks.modules():
                if isinstance(module, Dropout):
                    module.probability = 0.0
        weights = torch.ones(told.classes, device="cuda")
        loss = joint.objective(self.networks, weights, self.settings)
        optimizer = optimizer_of(self.networks, options)
        self.steps: Steps = steps_of(self.windows, loss, optimizer, options.precision, options.batch_size, graphs)
        self.order = torch.Generator().manual_seed(seed)

    def epoch(self) -> dict[str, float]:
        """Train for an epoch."""
        return train_epoch(self.steps, self.order, self.settings.options.batch_size)

    def take(self, count: int) -> None:
        """Take so many steps, and wait for them."""
        size = self.settings.options.batch_size
        for step in range(count):
            begin = step * size % (len(self.windows) - size)
            self.steps.take(torch.arange(begin, begin + size, device="cuda"))
        self.steps.means(1)

    def state(self) -> dict[str, np.ndarray]:
        """Give weights and running statistics."""
        return {name: tensor.cpu().numpy() for name, tensor in self.networks.state_dict().items()}


def windows_of(dataset: str, count: int, window: int, classes: int) -> Windows:
    """Put windows of noise on the card."""
    windows = random_windows(window, STRIDE[dataset], count, classes)
    for name in ("acceleration", "joints", "start", "label"):
        setattr(windows, name, getattr(windows, name).cuda())
    windows.device = torch.device("cuda")
    return windows


def difference(first: dict[str, np.ndarray], second: dict[str, np.ndarray]) -> float:
    """Give the largest difference of two states, in units of each tensor's largest value."""
    return max(
        float(np.abs(first[name] - second[name]).max() / max(np.abs(second[name]).max(), 1e-12)) for name in first
    )


def correctness() -> dict[str, Any]:
    """Compare graph and eager steps; an epoch has a short last batch, and running statistics of BatchNorm are in it."""
    trials = {}
    for name, graphs in (("graph", "whole"), ("eager", "none"), ("optimizer apart", "scheduled")):
        trial = Trial("utd_mhad", graphs, windows=STEPS * 32 + 7, dropout=False)  # type: ignore[arg-type]
        terms = trial.epoch()
        trials[name] = (trial.state(), terms)
    twice = []
    for _ in range(2):
        trial = Trial("utd_mhad", "whole", windows=STEPS * 32 + 7)
        trial.epoch()
        trial.epoch()
        twice.append(trial.state())
    draws = Trial("utd_mhad", "whole", windows=200, learning_rate=1e-12)
    losses = [draws.epoch()["loss"] for _ in range(4)]
    eager, of_eager = trials["eager"]
    return {
        "steps": STEPS + 1,
        "graph_and_eager": difference(trials["graph"][0], eager),
        "optimizer_apart_and_eager": difference(trials["optimizer apart"][0], eager),
        "terms_graph_and_eager": max(abs(trials["graph"][1][key] - of_eager[key]) for key in of_eager),
        "same_seed_same_digits": all(np.array_equal(twice[0][name], twice[1][name]) for name in twice[0]),
        "dropout_draws_anew": len(set(losses)) == len(losses),
    }


def milliseconds(trial: Trial, count: int = 200) -> float:
    """Time a step, after those that are captured."""
    trial.take(10)
    torch.cuda.synchronize()
    begin = time.perf_counter()
    trial.take(count)
    torch.cuda.synchronize()
    return (time.perf_counter() - begin) / count * 1e3


def speed() -> dict[str, Any]:
    """Time a joint step, eager and by graph."""
    found: dict[str, Any] = {}
    for size in (32, 128):
        eager, graph = (
            min(milliseconds(Trial("utd_mhad", graphs, batch_size=size)) for _ in range(2))
            for graphs in ("none", "whole")
        )
        found[f"batch_{size}"] = {"eager_ms": eager, "graph_ms": graph, "times": eager / graph}
    found["batch_32"]["bfloat16_graph_ms"] = milliseconds(Trial("utd_mhad", "whole", precision="bfloat16"))
    return found


def mm_fit() -> dict[str, Any]:
    """Train an epoch of MM-Fit's size by graph."""
    found: dict[str, Any] = {}
    torch.cuda.reset_peak_memory_stats()
    trial = Trial("mm_fit", "whole")
    trial.take(10)
    found["joint_epoch_seconds"] = seconds(trial.epoch)
    found["validation_seconds"] = seconds(lambda: probabilities(trial.networks.eval(), trial.windows)) / 4
    found["peak_gib"] = torch.cuda.max_memory_allocated() / 2**30
    found["windows"] = len(trial.windows)
    return found


def seconds(of: Callable[[], object]) -> float:
    """Time something on the card."""
    torch.cuda.synchronize()
    begin = time.perf_counter()
    of()
    torch.cuda.synchronize()
    return time.perf_counter() - begin


def side_by_side(limit: float) -> dict[str, Any]:
    """Count the windows a second of 1, 2, 4, … processes on the card at once."""
    found: dict[str, Any] = {}
    begin = time.perf_counter()
    for jobs in (1, 2, 4, 8, 12):
        if time.perf_counter() - begin > limit:
            break
        command = [sys.executable, __file__, "--worker", str(time.time() + 14 + jobs)]
        workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(jobs)]
        rates = [json.loads(worker.communicate()[0].splitlines()[-1]) for worker in workers]
        found[str(jobs)] = {
            "windows_per_second": sum(rate["windows_per_second"] for rate in rates),
            "gib_each": max(rate["gib"] for rate in rates),
        }
    return found


def worker(start: float) -> None:
    """Train beside others from a moment on, and print the rate."""
    trial = Trial("utd_mhad", "whole")
    trial.take(50)
    time.sleep(max(start - time.time(), 0))
    begin, steps = time.perf_counter(), 0
    while time.perf_counter() - begin < 4:
        trial.take(100)
        steps += 100
    rate = steps * trial.settings.options.batch_size / (time.perf_counter() - begin)
    print(json.dumps({"windows_per_second": rate, "gib": torch.cuda.max_memory_reserved() / 2**30}))


def main() -> None:
    """Run all parts, as far as the time goes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=230)
    parser.add_argument("--out", type=Path, default=Path("reports/gpu.json"))
    parser.add_argument("--worker", type=float, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        worker(arguments.worker)
        return
    if not torch.cuda.is_available():
        parser.error("torch sees no GPU; this script is for one")
    end = time.perf_counter() + arguments.seconds
    found: dict[str, Any] = {
        "card": torch.cuda.get_device_name(),
        "torch": torch.__version__,
        "cpu_cores": os.cpu_count(),
    }
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "correctness": correctness,
        "speed": speed,
        "mm_fit": mm_fit,
        "side_by_side": lambda: side_by_side(end - time.perf_counter() - 25),
    }
    for name, part in parts.items():
        if time.perf_counter() < end:
            found[name] = part()
            print(name, json.dumps(found[name]), flush=True)
            arguments.out.parent.mkdir(parents=True, exist_ok=True)
            arguments.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
