"""Check and measure training on a GPU: correctness first, then speed, within a few minutes; writes reports/gpu.json.

Each part is written as soon as it is done, and left out where too little time is left. It needs UTD-MHAD's windows
(data/normalized and data/windows of utd_mhad_cross_subject), and of this project nothing else that is not in git.
"""

import argparse
import json
import multiprocessing
import os
import platform
import shutil
import statistics
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import torch

from pose2imu.atomic import write_json
from pose2imu.command import parser_of, run
from pose2imu.errors import InputError
from pose2imu.layout import REPORTS, run_folder
from pose2imu.method_params import Precision
from pose2imu.params import load_params
from pose2imu.settings import Settings
from speed import beside, gpu

ROWS = ["baseline", "mmfit_cnn", "regressor", "regression_first", "joint", "augmentation", "imutube", "strong_cnn"]
AT_ONCE = (1, 2, 4, 8, 16)
SEEDS = (0, 1, 2)


class Check:
    """A check under way: what it found so far, and how long it may still take."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.out, self.end = arguments.out, time.monotonic() + arguments.seconds
        self.device = "cpu" if arguments.rehearse else "cuda"
        self.small = arguments.rehearse  # of everything as little as shows that it runs
        self.found: dict[str, Any] = json.loads(self.out.read_text()) if arguments.only and self.out.exists() else {}

    def part(self, name: str, seconds: float, measure: Callable[["Check"], object]) -> None:
        """Measure a part that takes about so many seconds, if they are left; write all that was found."""
        if self.end - time.monotonic() < seconds:
            print(f"{name}: left out, no time", flush=True)
            return
        begin = time.monotonic()
        self.found.pop(name, None)
        self.found.get("errors", {}).pop(name, None)
        try:
            measure(self)
        except Exception as error:  # the other parts are worth having
            self.say("errors", {**self.found.get("errors", {}), name: f"{type(error).__name__}: {error}"})
        self.say("seconds", {**self.found.get("seconds", {}), name: round(time.monotonic() - begin, 1)})

    def say(self, name: str, value: Any) -> None:
        """Keep a fact, write all, and print it."""
        self.found[name] = value
        write_json(self.out, self.found)
        if name != "seconds":
            print(name, json.dumps(value), flush=True)

    def add(self, name: str, row: dict[str, Any]) -> None:
        """Keep a row of a table, write all, and print it."""
        self.found.setdefault(name, []).append(row)
        write_json(self.out, self.found)
        print(name, json.dumps(row), flush=True)


def card(check: Check) -> None:
    """Say what it runs on."""
    on_gpu = check.device == "cuda"
    name = torch.cuda.get_device_name() if on_gpu else "none: rehearsed on a CPU"
    versions = {"torch": torch.__version__, "python": platform.python_version()}
    this = {"name": name, "cores": os.cpu_count(), **versions}
    if check.found.get("card", this) != this:
        raise InputError(f"{check.out}: measured on {check.found['card']}, and this is {this}; give another --out")
    check.say("card", this)


def correctness(check: Check) -> None:
    """Compare 50 joint steps with and without graphs."""
    check.say("correct", {name: _short(value) for name, value in gpu.correctness(check.device).items()})


def steps(check: Check) -> None:
    """Measure steps, captured and not."""
    for step, dataset, size, precision in [
        ("joint", "utd_mhad", 32, "float32"),
        ("joint", "utd_mhad", 128, "float32"),
        ("joint", "mm_fit", 32, "float32"),
        ("baseline", "mm_fit", 32, "float32"),
        ("joint", "mm_fit", 128, "float32"),
        ("joint", "utd_mhad", 32, "tf32"),
        ("joint", "utd_mhad", 32, "bfloat16"),
        ("joint", "mm_fit", 128, "bfloat16"),
    ]:
        options = {"batch_size": size, "precision": precision}

        def milliseconds(graphs: bool, step: str = step, dataset: str = dataset, options: Any = options) -> float:
            count = 8 if check.small else 300 if graphs else 60
            return _short(gpu.seconds_a_step(step, dataset, count, check.device, **options, graphs=graphs) * 1e3)

        with gpu.torchs_gradients():
            row = {"torch_eager_ms": milliseconds(False), "torch_ms": milliseconds(True)}
        row |= {"eager_ms": milliseconds(False), "ms": milliseconds(True)}
        times = {"torch_times": _short(row["torch_eager_ms"] / row["ms"]), "times": _short(row["eager_ms"] / row["ms"])}
        speed = {"windows_per_second": round(size / row["ms"] * 1e3)}
        check.add("steps", {"step": step, "shape": dataset, **options, **row, **times, **speed})


def rows(check: Check) -> None:
    """Train every method for a few epochs with and without graphs, from one seed, and compare."""
    for row in ROWS[:2] if check.small else ROWS:
        fitted, seconds = [], []
        for graphs in (False, True):
            settings, data = gpu.real(row, check.device, graphs=graphs)
            epochs: Any = 1 if check.small else 6
            changes = {"epochs": [epochs]} if row == "strong_cnn" else {"epochs": epochs, "patience": epochs}
            settings = _with(settings, **changes)
            one, taken = gpu.fit(row, data, settings)
            fitted.append(one)
            seconds.append(taken)
        gap = gpu.difference(fitted[1].state, fitted[0].state)
        last = [{name: value for name, value in one.history[-1].items() if name != "part"} for one in fitted]
        taken_by = {"eager_seconds": _short(seconds[0]), "seconds": _short(seconds[1])}
        check.add("rows", {"row": row, "difference": _short(gap), **taken_by, "last": last[1], "last_eager": last[0]})


def whole_run(check: Check) -> None:
    """Train one joint run to its end by graphs, and a few epochs without; test metrics beside those of the CPU's."""
    few = 1 if check.small else 6
    settings, data = gpu.real("joint", check.device)
    if check.small:
        settings = _with(settings, epochs=1)
    fitted, seconds = gpu.fit("joint", data, settings)
    epochs = len(fitted.history)
    _, eager = gpu.fit("joint", data, _with(settings, graphs=False, epochs=few))
    f1 = gpu.tested(settings, fitted)["f1"]
    cpu = [metrics["window"]["f1"] for metrics in _finished("joint")]
    check.say(
        "run",
        {
            "epochs": epochs,
            "seconds": _short(seconds),
            "eager_seconds_scaled": _short(eager / few * epochs),
            "times": _short(eager / few * epochs / seconds),
            "digest": gpu.digest(fitted.state),
            "test_f1": _short(f1),
            "cpu_test_f1": {"mean": _short(statistics.mean(cpu)), "min": min(cpu), "max": max(cpu), "seeds": len(cpu)},
            "peak_memory_gib": _short(gpu.peak_memory(check.device)),
        },
    )


def precision(check: Check) -> None:
    """Train joint runs of a few seeds in each precision, each to its end, all at once."""
    jobs = [(seed, kind, check.device, check.small) for seed in SEEDS for kind in get_args(Precision)]
    with multiprocessing.get_context("spawn").Pool(2 if check.small else len(jobs)) as pool:
        for row in pool.imap_unordered(_to_the_end, jobs[:2] if check.small else jobs):
            check.add("precision", row)


def _to_the_end(job: tuple[int, str, str, bool]) -> dict[str, Any]:
    seed, kind, device, small = job
    settings, data = gpu.real("joint", device, seed, precision=kind, **({"epochs": 1} if small else {}))
    fitted, seconds = gpu.fit("joint", data, settings)
    row = {"seed": seed, "precision": kind, "epochs": len(fitted.history), "seconds": _short(seconds)}
    row["digest"] = gpu.digest(fitted.state)
    return {**row, **{f"test_{name}": _short(value) for name, value in gpu.tested(settings, fitted).items()}}


def at_once(check: Check, name: str = "at_once") -> None:
    """Measure several processes on the card, each with a joint training of its own."""
    counts, seconds = (AT_ONCE[:2], 1.0) if check.small else (AT_ONCE, 3.0)
    for row in beside.measured(counts, seconds, check.device):
        check.add(name, row)


def at_once_by_mps(check: Check) -> None:
    """Do so with NVIDIA's service that lets processes share a card at the same moment, where it is installed."""
    if not check.small and shutil.which(beside.MPS):
        with beside.mps():
            at_once(check, "at_once_mps")


def mm_fit(check: Check) -> None:
    """Measure an epoch of every row at MM-Fit's size, on noise: synthetic."""
    windows = json.loads((REPORTS / "rehearsal.json").read_text())["windows_of"]["mm_fit_unseen"]
    counts = {split: 200 if check.small else windows[split] for split in ("train", "validation")}
    cases: list[tuple[str, dict[str, Any]]] = [
        ("joint", {}),
        ("baseline", {}),
        ("regressor", {}),
        ("regression_first", {}),
        ("mmfit_cnn", {}),
        ("imutube", {}),
        ("joint", {"batch_size": 128}),
        ("joint", {"precision": "tf32"}),
        ("joint", {"precision": "bfloat16"}),
        ("augmentation", {}),
    ]
    for row, options in cases:
        if check.end - time.monotonic() < (0 if check.small else 20):
            print(f"mm_fit {row}: left out, no time", flush=True)
            continue
        found = gpu.at_size(row, counts, check.device, **options)
        check.add("mm_fit", {"row": row, **options, **{name: _short(value) for name, value in found.items()}})


def _finished(row: str) -> list[Any]:
    """Read the metrics of a row's runs in git."""
    seeds = load_params().evaluated_runs(gpu.BENCHMARK)[row]
    return [json.loads((run_folder(gpu.BENCHMARK, row, seed) / "metrics.json").read_text()) for seed in seeds]


def _with(settings: Settings[Any], **changes: Any) -> Settings[Any]:
    """Change options."""
    options = settings.options.model_copy(update=changes)
    return Settings(options, settings.classes, settings.window, settings.seed, settings.device)


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def main() -> None:
    """Run all parts for which there is time, those that must hold first."""
    parser = parser_of(__doc__)
    parser.add_argument("--seconds", type=float, default=230, help="that all may take (%(default)s)")
    parser.add_argument("--out", type=Path, default=REPORTS / "gpu.json", metavar="FILE")
    parser.add_argument("--rehearse", action="store_true", help="on a CPU, a little of everything: to see that it runs")
    parser.add_argument("--only", nargs="+", metavar="PART", help="these parts; FILE keeps the others")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore", message=".*does not have a deterministic implementation.*")
    check = Check(arguments)
    parts: dict[str, tuple[float, Callable[[Check], object]]] = {
        "correct": (12, correctness),
        "steps": (45, steps),
        "run": (30, whole_run),
        "rows": (40, rows),
        "mm_fit": (20, mm_fit),
        "at_once": (35, at_once),
        "at_once_mps": (35, at_once_by_mps),
        "precision": (160, precision),
    }
    card(check)
    for name, (seconds, measure) in parts.items():
        if not arguments.only or name in arguments.only:
            check.part(name, 0 if check.small else seconds, measure)


if __name__ == "__main__":
    run(main)
