"""A picture of what a classifier said of recordings: the signal's magnitude above, the activities below."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from pose2imu.atomic import replacing
from pose2imu.formats.streams import Inertial

MOST_POINTS = 4000  # of a line: more are no longer seen
MOST_ACTIVITIES = 12  # with a row of their own
MOST_RECORDINGS = 20


def draw(recordings: Sequence[Inertial], table: pd.DataFrame, path: Path) -> None:
    """Draw recordings below one another, by the table that `classify` gave of them, and write a picture.

    A bar is as dark as its activity is probable; of windows that overlap, it is the middle. Of many recordings, the
    first are drawn.
    """
    recordings = recordings[:MOST_RECORDINGS]
    figure = Figure(figsize=(10, 3 * len(recordings)), layout="constrained")
    axes = figure.subplots(2 * len(recordings), 1, squeeze=False, height_ratios=[2, 1] * len(recordings))
    rows = axes[:, 0].reshape(len(recordings), 2)
    for (above, below), recording in zip(rows, recordings, strict=True):
        found = table[table.recording == recording.name]
        time, magnitude = thinned(recording.time, np.linalg.norm(recording.acceleration, axis=1))
        above.plot(time, magnitude, linewidth=0.6, color="#334155")
        above.set(title=recording.name, ylabel="m/s²")
        # Windows are equally far apart, but for the last one and for gaps.
        width = found.start.diff().median() if len(found) > 1 else (found.stop - found.start).iloc[0]
        names = list(found.activity.value_counts().index[:MOST_ACTIVITIES])
        for height, name in enumerate(names):
            bars = found[found.activity == name]
            alpha = bars.probability.clip(0.15, 1).to_numpy()
            colors = [(0.11, 0.31, 0.63, strength) for strength in alpha]
            spans = [(middle - width / 2, width) for middle in (bars.start + bars.stop) / 2]
            below.broken_barh(spans, (height - 0.4, 0.8), facecolors=colors)
        below.set(yticks=range(len(names)), yticklabels=names, xlabel="s", xlim=above.get_xlim())
    kind = path.suffix.lstrip(".").lower() or "png"
    with replacing(path) as temporary:
        figure.savefig(temporary, format=kind, dpi=120, metadata={"Software": None} if kind == "png" else None)


def thinned(time: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Keep of a long line (samples,) the least and the greatest of each of so many parts."""
    if len(values) <= MOST_POINTS:
        return time, values
    parts = np.array_split(np.arange(len(values)), MOST_POINTS // 2)
    kept = np.unique([at for part in parts for at in (part[values[part].argmin()], part[values[part].argmax()])])
    return time[kept], values[kept]
