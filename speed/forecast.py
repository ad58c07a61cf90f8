"""What MM-Fit's tables will cost, forecast before anyone has the archive: hours on this machine, and on one GPU.

Windows come from the rehearsal (reports/rehearsal.json), windows a second from what `make speed` measured on one core
(reports/benchmark.csv, cost.csv and validation.csv), operations from torch's counter on the plain networks. How many
epochs early stopping will take is unknown: the forecast has the least and the most it can take. Of a GPU it has what
`checks/gpu.py` measured, reports/gpu.json; without that file, an estimate.
"""

import argparse
import json
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import torch
import torch.nn.functional as F
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

from pose2imu.atomic import write_text
from pose2imu.command import run
from pose2imu.layout import REPORTS
from pose2imu.params import Params, load_params
from pose2imu.reporting.templates import render
from pose2imu.runner.cards import paid
from speed import reference
from speed.epochs import CLASSES, plain_regressor, settings_for

DATASET = "mm_fit"
# What is trained: the step it is made of, and how often an epoch sees each training window.
TRAININGS = {
    "baseline": ("baseline", 1),
    "regressor": ("regressor", 1),
    "regression_first": ("baseline", 2),
    "regression_first_half": ("baseline", 1),
    "joint": ("joint", 1),
    "joint_similarity": ("joint", 1),
    "mmfit_cnn": ("baseline", 1),
    "augmentation": ("baseline", 1),
    "imutube": ("baseline", 2),
}
CORES = 2
HOURS = ["core_hours_least", "core_hours_most", "gpu_hours_least", "gpu_hours_most"]
HEADINGS = [
    "Benchmark",
    "Training",
    "Windows an epoch",
    "MFLOP a window",
    "Windows/s, one core",
    "Seeds",
    "Core hours",
    "GPU hours",
]
# The GPU: an A100's float32 peak without TF32, the share of it that small convolutions reach, and the time each of
# torch's operations takes at least, which batches of 32 rather wait for.
GPU_FLOPS, GPU_SHARE, GPU_SECONDS_PER_OPERATION = 19.5e12, 0.2, 10e-6


# Measured on a GPU as another training, which it is but for numbers.
PLAIN = {"row", "seconds", "peak_memory_gib"}  # measured with the options of params.yaml
MEASURED_AS = {"regression_first_half": "baseline", "joint_similarity": "joint"}


class Card(NamedTuple):
    """A GPU, as it was measured."""

    name: str
    seconds: dict[str, float]  # of an epoch of mm_fit_unseen, by row
    processes: int  # side by side
    times: float  # as fast as one are they
    how: str


class CountOperations(TorchDispatchMode):
    """Count the operations that reach the device."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.count += 1
        return func(*args, **(kwargs or {}))


def work(step: str, params: Params) -> tuple[float, int]:
    """Count floating-point operations a window and torch operations a batch, of a training step plainly written."""
    settings = settings_for(step, DATASET, params)
    regressor, classifier = plain_regressor(settings), reference.Classifier(settings.window, CLASSES[DATASET])
    n = settings.options.batch_size
    acceleration, pose = torch.randn(n, 3, settings.window), torch.randn(n, 3, 3, settings.window)
    label = torch.zeros(n, dtype=torch.int64)
    with FlopCounterMode(display=False) as flops, CountOperations() as operations:
        if step == "joint":
            weights = settings.options.alpha, settings.options.beta
            loss = reference.joint_loss(regressor, classifier, acceleration, pose, label, *weights)
        elif step == "regressor":
            loss = reference.regressor_loss(regressor, acceleration, pose)
        else:
            loss = F.cross_entropy(classifier.classifier(classifier.features(acceleration)), label)
        loss.backward()
    return flops.get_total_flops() / n, operations.count


def measured(folder: Path, params: Params) -> dict[str, float]:
    """Read windows a second of each training step on one core, at MM-Fit's shapes."""
    steps = pd.read_csv(folder / "benchmark.csv").set_index(["shape", "step"])["windows_per_second"][DATASET]
    samples = round(params.of(DATASET, "window") * params.of(DATASET, "rate"))
    cost = pd.read_csv(folder / "cost.csv")
    baseline = cost[(cost["step"] == "baseline") & (cost["window"] == samples)].iloc[0]
    return {**steps.to_dict(), "baseline": baseline["windows"] / baseline["seconds_per_epoch"]}


def measured_card(folder: Path) -> Card | None:
    """Read what was measured on a GPU; None where that has not every training."""
    path = folder / "gpu.json"
    found = json.loads(path.read_text()) if path.exists() else {}
    seconds = {row["row"]: row["seconds"] for row in reversed(found.get("mm_fit", [])) if row.keys() <= PLAIN}
    seconds |= {row: seconds[other] for row, other in MEASURED_AS.items() if other in seconds}
    if not (TRAININGS.keys() <= seconds.keys() and found.get("at_once")):
        return None
    ways = {"": paid(found["at_once"])}
    if found.get("at_once_mps"):
        ways[" with NVIDIA's MPS"] = paid(found["at_once_mps"])
    how, (processes, times) = max(ways.items(), key=lambda way: way[1][1])
    return Card(found["card"]["name"], seconds, processes, times, how)


def forecast(folder: Path, params: Params) -> pd.DataFrame:
    """Make one row per benchmark and training: hours of one core, of all seeds."""
    windows = json.loads((folder / "rehearsal.json").read_text())["windows_of"]
    card = measured_card(folder)
    speed = measured(folder, params)
    validation = pd.read_csv(folder / "validation.csv").set_index(["shape", "step"])["of_training"][DATASET]
    works = {step: work(step, params) for step in speed}
    least, most = params.of(DATASET, "patience") + 1, params.of(DATASET, "epochs")
    rows = []
    for benchmark, counts in windows.items():
        runs = {**params.evaluated_runs(benchmark), **params.other_runs(benchmark)}
        for method, (step, times) in TRAININGS.items():
            flops, operations = works[step]
            batch_seconds = max(
                flops * params.batch_size / (GPU_FLOPS * GPU_SHARE), operations * GPU_SECONDS_PER_OPERATION
            )
            per_epoch = times * counts["train"] + validation[step] * counts["validation"]
            gpu_seconds = per_epoch * batch_seconds / params.batch_size
            if card:
                gpu_seconds = card.seconds[method] * counts["train"] / windows["mm_fit_unseen"]["train"]
            hours = per_epoch / speed[step] / 3600
            seeds = len(runs[method])
            rows.append(
                {
                    "benchmark": benchmark,
                    "method": method,
                    "windows_per_epoch": times * counts["train"],
                    "mflop_per_window": round(flops / 1e6, 1),
                    "windows_per_second": round(speed[step], 1),
                    "seeds": seeds,
                    "core_hours_least": round(hours * least * seeds, 2),
                    "core_hours_most": round(hours * most * seeds, 2),
                    "gpu_seconds_per_epoch": round(gpu_seconds, 2),
                    "gpu_hours_least": round(gpu_seconds / 3600 * least * seeds, 2),
                    "gpu_hours_most": round(gpu_seconds / 3600 * most * seeds, 2),
                }
            )
    return pd.DataFrame(rows)


def to_markdown(table: pd.DataFrame, params: Params, card: Card | None) -> str:
    """Write the table with its totals, and what it assumes."""
    least, most = params.of(DATASET, "patience") + 1, params.of(DATASET, "epochs")
    return render(
        "table.md.jinja",
        title=f"Forecast, not measured on MM-Fit: training for {least} epochs (no progress after the first) to {most} "
        "(all that params.yaml allows), all seeds. Windows are the rehearsal's.",
        headings=HEADINGS,
        alignments=["---"] * 2 + ["--:"] * (len(HEADINGS) - 2),
        rows=[cells for name, of in table.groupby("benchmark", sort=False) for cells in _cells(str(name), of)],
        notes=[
            f"With {CORES} cores, half the core hours (`python -m pose2imu.runner BENCHMARK --jobs {CORES}`).",
            "On a core, MM-Fit's classifier is counted as the baseline, which takes longer, and transforms of "
            "augmentation are not counted.",
            "MFLOP: forward and backward, two to a multiply-add, of the plain networks.",
            _of_gpu(table, params, card),
        ],
    )


def _of_gpu(table: pd.DataFrame, params: Params, card: Card | None) -> str:
    """Say where the GPU's hours come from."""
    if card is None:
        return (
            f"GPU, estimated without one: an A100's float32 peak of {GPU_FLOPS / 1e12:g} TFLOP/s, of which small "
            f"convolutions reach {GPU_SHARE:.0%}; but no operation of torch takes less than "
            f"{GPU_SECONDS_PER_OPERATION * 1e6:g} µs, and at batches of {params.batch_size} that is the limit: a "
            "larger batch_size is faster in proportion."
        )
    hours = table.groupby("benchmark", sort=False)[["gpu_hours_least", "gpu_hours_most"]].sum() / card.times
    together = "; ".join(f"{of.Index} {of.gpu_hours_least:.1f} to {of.gpu_hours_most:.1f}" for of in hours.itertuples())
    return (
        f"GPU: {card.name}, one run at a time, from epochs of noise at this size measured on it (checks/gpu.py, "
        f"reports/gpu.json). {card.processes} processes at a time{card.how} were {card.times:.1f} times as fast as "
        f"one, on UTD-MHAD's shapes; if that holds here, hours of all: {together}."
    )


def _cells(name: str, table: pd.DataFrame) -> list[list[str]]:
    """Write the trainings of a benchmark and their sum, a list of cells each."""
    hours = table[HOURS].sum()
    return [
        [
            name,
            row.method,
            f"{row.windows_per_epoch:,}",
            f"{row.mflop_per_window:,.1f}",
            f"{row.windows_per_second:,.0f}",
            str(row.seeds),
            f"{row.core_hours_least:,.1f} to {row.core_hours_most:,.1f}",
            f"{row.gpu_hours_least:,.1f} to {row.gpu_hours_most:,.1f}",
        ]
        for row in table.itertuples()
    ] + [
        [name, "**all**"]
        + [""] * 4
        + [
            f"**{hours.core_hours_least:,.0f} to {hours.core_hours_most:,.0f}**",
            f"**{hours.gpu_hours_least:,.1f} to {hours.gpu_hours_most:,.1f}**",
        ]
    ]


def main() -> None:
    """Write reports/forecast.csv and reports/forecast.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=REPORTS, metavar="FOLDER")
    folder = parser.parse_args().out
    params = load_params()
    table = forecast(REPORTS, params)
    write_text(folder / "forecast.csv", table.to_csv(index=False, lineterminator="\n"))
    write_text(folder / "forecast.md", to_markdown(table, params, measured_card(REPORTS)))


if __name__ == "__main__":
    run(main)
