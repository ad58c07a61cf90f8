"""The only writer of tables: the paper's Tables III-VI, our runs with the paper's printed values beside them.

One frame per benchmark (`table`), kept as table.csv; `formatted` turns it into the cells that Markdown and HTML show.
"""

from pathlib import Path

import pandas as pd

from pose2imu.datasets.benchmark import Benchmark
from pose2imu.errors import InputError
from pose2imu.reporting.comparisons import sentences
from pose2imu.reporting.paper import PaperRow, paper_tables
from pose2imu.reporting.reading import read_table
from pose2imu.reporting.results import Results
from pose2imu.reporting.templates import render

STARTS = {True: ", from pretrained weights", False: ", from scratch"}
OURS = "this pipeline"
SOURCES = {"paper": "paper", "quoted": "paper, quoted from reference"}

METRICS = ["window_f1", "window_accuracy", "clip_f1", "clip_accuracy", "mse"]
PAPER_METRICS = ["paper_f1", "paper_accuracy", "paper_mse"]
# As a reader sees them: the paper's window-level scores next to ours of that level, the clip level apart.
SHOWN = ["window_f1", "window_accuracy", "mse", *PAPER_METRICS, "clip_f1", "clip_accuracy"]
# What a run was given; shown where it is not the same for all.
GIVEN = {"axes": "Axes", "trained_on": "Trained on"}
COLUMNS = [
    *("method", "row", "source", "data", "n_seeds", *GIVEN),
    *(column for metric in METRICS + PAPER_METRICS for column in (metric, f"{metric}_sd")),
    *("paper_level", "paper_source"),
]

TEXT = ("method", "row", "source", "data", "trained_on", "paper_level", "paper_source")
INTEGERS = {"n_seeds": "Int64", "axes": "Int64"}  # a row that is only printed has none

# Two-line headings of what is shown: (group, column).
WINDOW, CLIP, REGRESSOR, PAPER = "Window level", "Clip level", "Regressor", "Printed in the paper"
HEADINGS = {
    "window_f1": (WINDOW, "F1"),
    "window_accuracy": (WINDOW, "Accuracy"),
    "clip_f1": (CLIP, "F1"),
    "clip_accuracy": (CLIP, "Accuracy"),
    "mse": (REGRESSOR, "MSE"),
    "paper_f1": (PAPER, "F1"),
    "paper_accuracy": (PAPER, "Accuracy"),
    "paper_mse": (PAPER, "MSE"),
}


def table(results: Results) -> pd.DataFrame:
    """Make one row per method, then the paper's reference rows; sd is the sample one over seeds (ddof = 1)."""
    groups = results.runs.groupby("method")
    mean, sd = groups[METRICS].mean(), groups[METRICS].std(ddof=1)
    printed = paper_tables(results.protocol.dataset)
    paper_rows = printed.rows if printed else {}
    data = "synthetic" if results.protocol.synthetic else "real"
    rows = []
    for method in results.methods:
        first = results.runs[results.runs["method"] == method].iloc[0]
        name = results.names[method] + STARTS.get(first["pretrained"], "")
        row = {"method": method, "row": name, "source": OURS, "n_seeds": groups.size()[method]}
        subjects = [subject for split in first["trained_on"] for subject in results.protocol.subjects[split]]
        row |= {"axes": first["axes"], "trained_on": " ".join(dict.fromkeys(subjects))}
        row |= {metric: mean.loc[method, metric] for metric in METRICS}
        row |= {f"{metric}_sd": sd.loc[method, metric] for metric in METRICS}
        rows.append(row | _printed(paper_rows.get(method)))
    for method, reference in paper_rows.items():
        if method not in results.methods:
            row = {"method": method, "row": reference.row, "source": SOURCES[reference.source]}
            rows.append(row | _printed(reference))
    frame = pd.DataFrame(rows).assign(data=data).reindex(columns=COLUMNS)
    return frame.astype(INTEGERS)


def _printed(row: PaperRow | None) -> dict[str, object]:
    if row is None:
        return {}
    values = row.model_dump(include={"f1", "f1_sd", "accuracy", "accuracy_sd", "mse", "mse_sd"})
    return {f"paper_{key}": value for key, value in values.items()} | {
        "paper_level": row.level,
        "paper_source": SOURCES[row.source],
    }


def read_csv(path: Path) -> pd.DataFrame:
    """Read a table.csv."""
    frame = read_table(path, (), TEXT)
    if list(frame.columns) != COLUMNS:
        raise InputError(f"{path}: not a table of this version: its columns differ")
    return frame.astype(INTEGERS)


def metrics(frame: pd.DataFrame) -> dict[str, float]:
    """Pick what DVC shows of a benchmark: each row's mean test score, macro-F1 of windows or, of a row that classifies
    whole clips, accuracy of clips; and the MSE of the paper's own regressors."""
    ours = frame[frame["source"] == OURS].set_index("method")
    scores = ours["window_f1"].fillna(ours["clip_accuracy"]).round(4).to_dict()
    errors = {
        f"{row}_mse": round(float(ours.loc[row, "mse"]), 4)
        for row in ("regression_first", "joint")
        if row in ours.index
    }
    return {**scores, **errors}


def shown(frame: pd.DataFrame) -> list[str]:
    """Give the metrics that have a value in some row: without clips, or not in the paper, it has fewer."""
    return [metric for metric in SHOWN if frame[metric].notna().any()]


def best(frame: pd.DataFrame) -> pd.DataFrame:
    """Tell which of our own cells hold the best mean of their column; none where there is nothing to compare."""
    mask = pd.DataFrame(False, index=frame.index, columns=shown(frame))
    for metric in set(METRICS) & set(mask.columns):
        values = frame[metric].round(6)
        if values.count() > 1:
            mask[metric] = values == (values.min() if metric == "mse" else values.max())
    return mask


def formatted(frame: pd.DataFrame, seeds: bool = True) -> pd.DataFrame:
    """Write the cells, a column per metric shown: ours `0.612 ± 0.013 (n=2)`, the paper's with its four decimals."""
    cells = {metric: [_cell(row, metric, seeds) for _, row in frame.iterrows()] for metric in shown(frame)}
    return pd.DataFrame(cells, index=frame.index)


def _cell(row: pd.Series, metric: str, seeds: bool) -> str:
    mean, sd = row[metric], row[f"{metric}_sd"]
    if pd.isna(mean):
        return "–"
    decimals = 4 if metric in PAPER_METRICS else 3
    text = f"{mean:.{decimals}f}" + ("" if pd.isna(sd) else f" ± {sd:.{decimals}f}")
    if metric in PAPER_METRICS:
        marks = [" (clip)"] * (row["paper_level"] == "clip") + [" *"] * (row["paper_source"] == SOURCES["quoted"])
        return text + "".join(marks)
    return f"{text} (n={row['n_seeds']})" if seeds else text


def given(frame: pd.DataFrame) -> pd.DataFrame:
    """Write what our runs were given; a column for each thing that is not the same for all of them."""
    cells = frame[list(GIVEN)].astype("string").fillna("–")
    return cells[[column for column in GIVEN if frame[column].nunique() > 1]]


def notes(frame: pd.DataFrame, protocol: Benchmark, compared: pd.DataFrame) -> list[str]:
    """Say what a reader must know to read the table; one sentence or two each."""
    lines = [
        "Mean ± sample standard deviation (ddof = 1) over n seeds; a single seed has none. F1 is macro-averaged over "
        "the classes of the test split. Bold: best mean among our own rows, without a claim that the difference is "
        "significant."
    ]
    if frame["mse"].notna().any():
        lines.append("MSE: between generated and measured acceleration of the test windows, in normalised units.")
    if frame["clip_f1"].notna().any():
        lines.append(
            "Clip level: one prediction per clip, from the mean of its windows' probabilities, or by a method that "
            "classifies whole clips. Not comparable with the window level."
        )
    if "trained_on" in given(frame):
        lines.append("Trained on: where a row has more people than another, part of its lead may be theirs.")
    if "axes" in given(frame):
        lines.append("Axes: 3 of acceleration; 6 with those of angular velocity.")
    if printed := paper_tables(protocol.dataset):
        lines.append(
            f"Printed in the paper: its Tables {printed.tables['scores']} (F1, accuracy) and {printed.tables['mse']} "
            "(MSE), with its own standard deviations; window level unless marked (clip). Not results of this pipeline."
        )
        if (frame["paper_source"] == SOURCES["quoted"]).any():
            lines.append("* Quoted by the paper from the reference paper.")
        lines += sentences(compared, frame.set_index("method")["row"].to_dict())
    return lines


def to_markdown(frame: pd.DataFrame, protocol: Benchmark, compared: pd.DataFrame) -> str:
    """Write the table for README.md and table.md, with its notes; it says so where the data is synthetic."""
    cells, bold, conditions = formatted(frame), best(frame), given(frame)
    headings = ["Method", *(GIVEN[column] for column in conditions)]
    rows = []
    for index, row in frame.iterrows():
        values = [cells[metric][index].replace("*", "\\*") for metric in cells]
        values = [f"**{value}**" if bold[metric][index] else value for metric, value in zip(cells, values, strict=True)]
        rows.append([row["row"], *conditions.loc[index], *values])
    return render(
        "table.md.jinja",
        title=title(protocol),
        headings=[*headings, *map(_heading, cells)],
        alignments=[*("---" for _ in headings), *("--:" for _ in cells)],
        rows=rows,
        notes=notes(frame, protocol, compared),
    )


def _heading(metric: str) -> str:
    group, name = HEADINGS[metric]
    if group == REGRESSOR:
        return name
    return f"Paper: {name}" if group == PAPER else f"{name} ({group.lower()})"


def title(protocol: Benchmark) -> str:
    """Give the line above a table: benchmark, test set, and whether the data is synthetic."""
    test = f"`{protocol.benchmark}`: {protocol.windows['test']:,} test windows, {len(protocol.classes)} classes"
    if protocol.synthetic:
        return f"**Synthetic data** (made by this project's simulator, not recorded from people). {test}."
    return f"{test}."
