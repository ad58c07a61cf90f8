"""What `checks/gpu.py` found on a card, as reports/gpu.md: a table for each part, from reports/gpu.json."""

import json
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from pose2imu.atomic import write_text
from pose2imu.command import parser_of, run
from pose2imu.errors import InputError
from pose2imu.layout import REPORTS
from pose2imu.reporting.templates import render
from pose2imu.runner.cards import paid

Found = Mapping[str, Any]
Row = Mapping[str, Any]

CASE = ("step", "shape", "batch_size", "precision")  # what tells measured steps apart


def to_markdown(found: Found) -> str:
    """Write a page; what was not measured, or failed, is said to be so."""
    card = found["card"]
    parts = [f"# Training on a GPU: {card['name']}\n\ntorch {card['torch']}, {card['cores']} CPU cores.\n"]
    for name, write in PARTS.items():
        parts.append(write(found) if name in found else f"{TITLES[name]}: not measured.\n")
    if errors := found.get("errors"):
        parts.append("\n".join(f"- {name} failed: {what}" for name, what in errors.items()) + "\n")
    return "\n".join(parts)


def _correct(found: Found) -> str:
    of = found["correct"]
    same = "the same digits" if of["same_seed_difference"] == 0 else f"differences of {of['same_seed_difference']:.1e}"
    return _table(
        "correct",
        ["Largest difference, relative to the array's largest", "of"],
        [
            [f"{of['gradients_difference']:.1e}", "gradients of a batch, ours and cuDNN's"],
            [f"{of['weights_difference']:.1e}", "weights, by graph and one by one, dropout off"],
            [f"{of['statistics_difference']:.1e}", "BatchNorm's running statistics, likewise"],
            [f"{of['with_dropout_difference']:.1e}", "weights, by graph and one by one, dropout on"],
        ],
        [f"One seed twice by graph, dropout on: {same}."],
    )


def _steps(found: Found) -> str:
    return _table(
        "steps",
        [
            *("Step", "Shape", "Batch", "Precision"),
            *("ms, one by one, torch's gradients", "ms, graph, torch's gradients", "ms, one by one", "ms, graph"),
            *("times as fast as one by one", "and with torch's gradients", "Windows/s"),
        ],
        [
            [
                *(str(of[name]) for name in CASE),
                *_numbers(of, "torch_eager_ms", "torch_ms", "eager_ms", "ms", "times", "torch_times"),
                f"{of['windows_per_second']:,}",
            ]
            for of in found["steps"]
        ],
    )


def _run(found: Found) -> str:
    of, cpu = found["run"], found["run"]["cpu_test_f1"]
    within = "within" if cpu["min"] <= of["test_f1"] <= cpu["max"] else "outside"
    notes = [f"It is {within} what the CPU's seeds span. Memory: {of['peak_memory_gib']:.2f} GiB."]
    steps = {tuple(step[name] for name in CASE): step for step in found.get("steps", [])}
    if step := steps.get(("joint", "utd_mhad", 32, "float32")):
        times = of["times"] * step["torch_eager_ms"] / step["eager_ms"]
        notes.append(f"One by one with torch's gradients, scaled by the steps above: {times:.1f} times as long.")
    return _table(
        "run",
        ["Epochs", "Seconds", "Seconds, one by one (scaled)", "times", "Test F1", "Test F1 on the CPU"],
        [
            [
                str(of["epochs"]),
                *_numbers(of, "seconds", "eager_seconds_scaled", "times"),
                f"{of['test_f1']:.3f}",
                f"{cpu['mean']:.3f} ({cpu['min']:.3f} to {cpu['max']:.3f}, n={cpu['seeds']})",
            ],
        ],
        notes,
    )


def _rows(found: Found) -> str:
    return _table(
        "rows",
        ["Row", "Seconds, one by one", "Seconds, graph", "Largest difference of weights"],
        [[of["row"], *_numbers(of, "eager_seconds", "seconds"), f"{of['difference']:.1e}"] for of in found["rows"]],
    )


def _mm_fit(found: Found) -> str:
    return _table(
        "mm_fit",
        ["Row", "Options", "Seconds", "Memory, GiB"],
        [
            [of["row"], _options(of), f"{of['seconds']:.1f}", f"{of['peak_memory_gib']:.2f}"]
            for of in sorted(found["mm_fit"], key=_options)
        ],
    )


def _at_once(found: Found) -> str:
    ways = {"": found["at_once"], " with NVIDIA's MPS": found.get("at_once_mps") or []}
    rows = [
        [f"{of['processes']}{how}", f"{of['windows_per_second']:,}"] for how, of_way in ways.items() for of in of_way
    ]
    notes = [
        "{0} at a time paid{how}: {1:.1f} times as fast as one.".format(*paid(of_way), how=how)
        for how, of_way in ways.items()
        if of_way
    ]
    memory = f"Memory of a process: {found['at_once'][0]['memory_gib_each']:.2f} GiB."
    return _table("at_once", ["Processes", "Windows/s, together"], rows, [*notes, memory])


def _precision(found: Found) -> str:
    rows = sorted(found["precision"], key=lambda of: (of["precision"], of["seed"]))
    f1 = {(of["precision"], of["seed"]): of["test_f1"] for of in rows}
    notes = []
    for other in ("tf32", "bfloat16"):
        gaps = [f1[kind, seed] - f1["float32", seed] for kind, seed in f1 if kind == other and ("float32", seed) in f1]
        if gaps:
            notes.append(f"{other} minus float32, test F1: {statistics.mean(gaps):+.3f} (mean of {len(gaps)} seeds).")
    alone = found.get("run", {}).get("digest")
    if beside := [of["digest"] for of in rows if (of["precision"], of["seed"]) == ("float32", 0)]:
        same = "the same as alone, to the bit" if beside == [alone] else "others than alone"
        notes.append(f"Weights of float32, seed 0, beside {len(rows) - 1} other runs: {same}.")
    return _table(
        "precision",
        ["Precision", "Seed", "Epochs", "Test F1", "Test accuracy"],
        [
            [of["precision"], str(of["seed"]), str(of["epochs"]), f"{of['test_f1']:.3f}", f"{of['test_accuracy']:.3f}"]
            for of in rows
        ],
        notes,
    )


PARTS = {
    "correct": _correct,
    "steps": _steps,
    "run": _run,
    "rows": _rows,
    "mm_fit": _mm_fit,
    "at_once": _at_once,
    "precision": _precision,
}
TITLES = {
    "correct": "50 joint steps, captured and not (noise of UTD-MHAD's shapes)",
    "steps": "Training steps of full batches (noise)",
    "run": "One joint run on `utd_mhad_cross_subject`, to its end",
    "rows": "Six epochs of each row on `utd_mhad_cross_subject`, from one seed",
    "mm_fit": "An epoch at MM-Fit's size, with its validation and set-up (noise: synthetic)",
    "at_once": "Joint trainings side by side on the card (noise of UTD-MHAD's shapes)",
    "precision": "Joint runs on `utd_mhad_cross_subject` in each precision, to their ends",
}


def _table(name: str, headings: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = ()) -> str:
    alignments = ["---"] * len(headings)
    given = {"title": f"**{TITLES[name]}**", "headings": headings, "alignments": alignments, "rows": rows}
    return render("table.md.jinja", **given, notes=notes)


def _numbers(of: Row, *names: str) -> list[str]:
    return [f"{of[name]:,.3g}" if of[name] < 1000 else f"{of[name]:,.0f}" for name in names]


def _options(of: Row) -> str:
    known = {"row", "seconds", "peak_memory_gib"}
    return ", ".join(f"{name} {value}" for name, value in of.items() if name not in known)


def main() -> None:
    """Write reports/gpu.md."""
    parser_of(__doc__).parse_args()
    path = REPORTS / "gpu.json"
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read; expected what checks/gpu.py writes ({error})") from error
    write_text(REPORTS / "gpu.md", to_markdown(found))


if __name__ == "__main__":
    run(main)
