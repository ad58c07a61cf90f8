"""What the breakdown stage writes."""

from pathlib import Path

import pandas as pd

from pose2imu.atomic import to_csv
from pose2imu.reporting.breakdown.classes import classes, confused, never_right
from pose2imu.reporting.breakdown.people import people
from pose2imu.reporting.breakdown.summary import to_markdown
from pose2imu.reporting.results import Results


def written(results: Results, root: Path = Path()) -> dict[str, str]:
    """Give the texts of the tables, and of breakdown.md, by the names of their files."""
    tables: dict[str, pd.DataFrame] = {
        "people.csv": people(results, root),
        "classes.csv": classes(results),
        "confused.csv": confused(results),
        "never_right.csv": never_right(results),
    }
    return {**{name: to_csv(table) for name, table in tables.items()}, "breakdown.md": to_markdown(results, tables)}
