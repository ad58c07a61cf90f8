"""What the breakdown stage writes."""

from pathlib import Path

import pandas as pd

from pose2imu.reporting.breakdown.classes import classes, confused, never_right
from pose2imu.reporting.breakdown.people import people
from pose2imu.reporting.results import Results


def written(results: Results, root: Path = Path()) -> dict[str, pd.DataFrame]:
    """Give the tables by the names of their files."""
    return {
        "people.csv": people(results, root),
        "classes.csv": classes(results),
        "confused.csv": confused(results),
        "never_right.csv": never_right(results),
    }
