"""What the experiment with scarce sensor data says: its files, and a few lines for README.md, each from the table."""

from typing import Any

import pandas as pd

from pose2imu.atomic import to_csv
from pose2imu.reporting.scarce import table, worth
from pose2imu.reporting.scarce.results import ALL_GROUPS, FIRST, GROUP, Results
from pose2imu.reporting.templates import render

OURS = "synthetic_clips"
CONTROLS = ("shuffled_poses", "class_mean")
# Without and with synthetic signals; the paper's are on windows.
OTHERS = {"minirocket": "minirocket_synthetic", "trees": "trees_synthetic", "baseline": "joint"}


def written(results: Results) -> tuple[str, dict[str, str]]:
    """Give the sentence of what poses are worth, and the text of each file that the runs give, by its name."""
    frame, found, names = table.table(results), worth.worth(results), results.about.names
    said = worth.sentence(found)
    return said, {
        "table.csv": to_csv(frame),
        "table.md": table.to_markdown(frame, names, said),
        "summary.md": summary(frame, names, said),
        "worth.json": worth.to_json(found),
    }


def summary(frame: pd.DataFrame, names: dict[str, str], sentence: str) -> str:
    """Write what poses are worth, two rows at every share, new activities; others and controls where least is known.

    `frame` is the table. What was not run is left out.
    """
    of = frame.set_index(["scenario", "level", "row"]).sort_index()
    clips = frame[(frame.scenario == "clips") & (frame.row == OURS)]
    fewest, fewest_clips = clips[["level", "labelled_clips"]].iloc[0] if len(clips) else ("", 0)
    return render(
        "scarce/summary.md.jinja",
        sentence=sentence,
        levels=[
            f"{line.labelled_clips:g} labelled clips: {of.accuracy['clips', line.level, FIRST]:.3f} → "
            f"{line.accuracy:.3f} ({_difference(line._asdict())})"
            for line in clips.itertuples()
        ],
        new_activity=_new_activity(of.loc[GROUP, ALL_GROUPS]) if (GROUP, ALL_GROUPS, OURS) in of.index else "",
        others=[
            f"{names[real]} → {names[synthetic]}, at {fewest_clips:g}: "
            f"{of.accuracy['clips', fewest, real]:.3f} → {of.accuracy['clips', fewest, synthetic]:.3f}, "
            f"n = {of.n['clips', fewest, synthetic]:g}"
            for real, synthetic in OTHERS.items()
            if ("clips", fewest, synthetic) in of.index
        ],
        controls=[
            f"{names[row]}, at {fewest_clips:g}: "
            f"{of.accuracy['clips', fewest, row]:.3f} ({_difference(of.loc['clips', fewest, row].to_dict())})"
            for row in CONTROLS
            if ("clips", fewest, row) in of.index
        ],
    )


def _new_activity(of: pd.DataFrame) -> str:
    return (
        "three activities without any sensor data, but poses: "
        f"{of.accuracy[OURS]:.0%} of their clips are recognised among all activities ({of.accuracy[FIRST]:.0%} without "
        "poses)"
    )


def _difference(line: dict[str, Any]) -> str:
    interval = f", {line['low']:+.3f} to {line['high']:+.3f}" if line["n"] > 1 else ""
    return f"{line['difference']:+.3f}{interval}, n = {line['n']:g}"
