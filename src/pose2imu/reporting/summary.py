"""The answer in a few sentences, each from a table: no verdict is typed."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from pose2imu.datasets.benchmark import published_benchmark
from pose2imu.layout import table_folder
from pose2imu.reporting import comparisons, tables


def summary(benchmarks: Sequence[str], root: Path = Path()) -> str:
    """Write two paragraphs on benchmarks of real data: the proposed method against the baseline, and the best one."""
    real = [name for name in benchmarks if not published_benchmark(name, root).synthetic]
    tables_ = {name: tables.read_csv(root / table_folder(name) / "table.csv") for name in real}
    compared = {name: comparisons.read_csv(root / table_folder(name) / "comparisons.csv") for name in real}
    return "".join(f"{paragraph}\n\n" for paragraph in (_claim(compared), _best(tables_)) if paragraph).strip() + "\n"


def _claim(compared: dict[str, pd.DataFrame]) -> str:
    """Say what joint training is worth over real data alone, here and in the paper; one seed decides nothing."""
    found, printed = [], float("nan")
    for name, frame in compared.items():
        of = frame[(frame["other"] == "baseline") & (frame["metric"] == "window F1")].dropna(subset=["low", "high"])
        for row in of.itertuples():
            found.append(f"{row.here:+.3f} ({row.low:+.3f} to {row.high:+.3f}, {row.n} seeds) on `{name}`")
            printed = row.paper
    if not found:
        return ""
    return (
        f"Joint training less real data alone, macro-F1 of windows with 95 % intervals over seeds: {', '.join(found)}; "
        f"the paper has {printed:+.3f}."
    )


def _best(frames: dict[str, pd.DataFrame]) -> str:
    """Say which method gets most clips right, and what the proposed one does."""
    found: dict[str, list[str]] = {}
    for name, frame in frames.items():
        ours = frame[frame["source"] == tables.OURS].set_index("method")
        scores = ours["clip_accuracy"].dropna()
        if scores.empty:
            continue
        best = scores.idxmax()
        proposed = f", proposed {scores[comparisons.PROPOSED]:.3f}" if comparisons.PROPOSED in scores else ""
        found.setdefault(str(ours.loc[best, "row"]), []).append(f"`{name}` ({scores[best]:.3f}{proposed})")
    parts = [f"*{method}* on {', '.join(where)}" for method, where in found.items()]
    return f"Most whole clips are got right by {'; by '.join(parts)}." if parts else ""


def answer(written: str, scarce: str, verdict: str | None) -> str:
    """Write the answer for README.md: the verdict's first paragraph, or without one the summary's; what poses are worth
    where labels are scarce; the best method.

    `written` is summary.md, `scarce` the summary of reports/scarce, `verdict` is verdict.md.
    """
    claim, *best = _paragraphs(written) or [""]
    parts = {
        "Does the paper hold?": next(iter(_paragraphs(verdict)), claim) if verdict else claim,
        "Where labels are scarce:": next(iter(_paragraphs(scarce)), "").strip("*"),
        "Where they are not:": " ".join(best),
    }
    return "\n".join(f"- **{name}** {text}" for name, text in parts.items() if text) + "\n"


def _paragraphs(text: str) -> list[str]:
    """Give the paragraphs of Markdown as lines, without headings and tables."""
    blocks = (" ".join(block.split()) for block in text.split("\n\n"))
    return [block for block in blocks if block and not block.startswith(("#", "|", "<"))]
