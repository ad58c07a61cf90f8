"""breakdown.md: who and what is recognised badly, to be read."""

import pandas as pd

from pose2imu.reporting.breakdown.people import ALL
from pose2imu.reporting.results import Results
from pose2imu.reporting.templates import render

HARDEST, PAIRS = 10, 10  # activities, and pairs that are confused, that are shown


def to_markdown(results: Results, tables: dict[str, pd.DataFrame]) -> str:
    """Write scores by row and person, the hardest activities, the pairs confused most, and clips never got right."""
    people, activities = tables["people.csv"], tables["classes.csv"]
    level = "window_f1" if results.clips.empty else "clip_accuracy"
    scores = people.groupby(["row", "subject"], sort=False)[level].mean().unstack()
    subjects = [*sorted(set(scores) - {ALL}), ALL]
    recall = activities.pivot_table(index="activity", columns="row", values="recall", sort=False)
    hardest = recall.mean(axis=1).sort_values(kind="stable").index[:HARDEST]
    confused = tables["confused.csv"].groupby(["activity", "predicted"])["share"].agg(["size", "mean"])
    confused = confused.sort_values(["size", "mean"], ascending=False, kind="stable").head(PAIRS)
    return render(
        "breakdown/breakdown.md.jinja",
        benchmark=results.protocol.benchmark,
        synthetic=results.protocol.synthetic,
        level={"window_f1": "macro-F1 of windows", "clip_accuracy": "accuracy of clips"}[level],
        subjects=subjects,
        people=[
            [results.names[row], *(f"{scores.loc[row, subject]:.3f}" for subject in subjects)]
            for row in results.methods
            if row in scores.index and scores.loc[row].notna().any()
        ],
        activities=[
            [name, f"{recall.loc[name].mean():.2f}", *_extremes(recall.loc[name], results.names)] for name in hardest
        ],
        confused=[
            [activity, predicted, f"{line['size']:.0f}", f"{line['mean']:.0%}"]
            for (activity, predicted), line in confused.iterrows()
        ],
        never=tables["never_right.csv"].to_dict("records"),
    )


def _extremes(recall: pd.Series, names: dict[str, str]) -> list[str]:
    """Name the row that recognises an activity best, and the one that does worst."""
    known = recall.dropna()
    return [f"{names[row]} ({known[row]:.2f})" for row in (known.idxmax(), known.idxmin())]
