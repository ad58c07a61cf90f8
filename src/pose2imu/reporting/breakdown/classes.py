"""What is recognised badly: recall by row and activity, pairs that are confused most, clips that no row gets right."""

import pandas as pd

from pose2imu.datasets.people import subject_of
from pose2imu.reporting.results import Results

MOST = 10  # confused pairs of a row
CLASSES = ["row", "activity", "n", "recall", "f1"]
CONFUSED = ["row", "activity", "predicted", "share"]
NEVER = ["recording", "subject", "activity", "predicted", "right"]


def classes(results: Results) -> pd.DataFrame:
    """Make a line for each row and activity: recall and F1, means over seeds, of clips or, without them, of windows."""
    frame, names = _predictions(results)
    lines = []
    for row, of_row in frame.groupby("method", sort=False):
        right = of_row["label"] == of_row["predicted"]
        n = of_row["seed"].nunique()
        for label, of_label in of_row.groupby("label"):
            found = int((right & (of_row["label"] == label)).sum())
            given = int((of_row["predicted"] == label).sum())
            f1 = 2 * found / (len(of_label) + given)
            lines.append((row, names[int(label)], len(of_label) // n, found / len(of_label), f1))
    return pd.DataFrame(lines, columns=CLASSES)


def confused(results: Results) -> pd.DataFrame:
    """List the pairs that each row confuses most: which share of an activity is taken for which other."""
    frame, names = _predictions(results)
    lines = []
    for row, of_row in frame.groupby("method", sort=False):
        wrong = of_row[of_row["label"] != of_row["predicted"]]
        share = wrong.groupby(["label", "predicted"]).size() / of_row.groupby("label").size().reindex(
            wrong["label"].unique()
        ).rename_axis("label")
        for (label, predicted), value in share.sort_values(ascending=False, kind="stable").head(MOST).items():
            lines.append((row, names[int(label)], names[int(predicted)], value))
    return pd.DataFrame(lines, columns=CONFUSED)


def never_right(results: Results) -> pd.DataFrame:
    """List the clips that no row gets right with most of its seeds, with what they are taken for most."""
    frame, names = results.clips, results.protocol.classes
    if frame.empty:
        return pd.DataFrame(columns=NEVER)
    lines = []
    for recording, of_clip in frame.groupby("recording", sort=False):
        right = (of_clip["label"] == of_clip["predicted"]).groupby(of_clip["method"]).mean()
        if (right > 0.5).any():
            continue
        subject = subject_of(results.protocol.dataset, str(recording))
        label, most = int(of_clip["label"].iloc[0]), int(of_clip["predicted"].mode().iloc[0])
        lines.append((recording, subject, names[label], names[most], right.mean()))
    return pd.DataFrame(lines, columns=NEVER)


def _predictions(results: Results) -> tuple[pd.DataFrame, list[str]]:
    """Give predictions of clips where recordings are clips, else of windows, and the names of the classes."""
    return (results.predictions if results.clips.empty else results.clips), results.protocol.classes
