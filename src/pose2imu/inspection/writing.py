"""recordings.csv and dataset.yaml of a folder of own recordings, written once."""

import csv
import io
import json
from pathlib import Path

from pose2imu.atomic import remove, write_text
from pose2imu.datasets.own_files import COLUMNS, DESCRIPTION, TABLE
from pose2imu.errors import InputError
from pose2imu.inspection.starting import Comments, Draft


def table_text(draft: Draft) -> str:
    """Write recordings.csv; columns that no recording has are left out."""
    columns = [column for column in COLUMNS if any(getattr(line, column) is not None for line in draft.lines)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([getattr(line, column) or "" for column in columns] for line in draft.lines)
    return text.getvalue()


def description_text(draft: Draft) -> str:
    """Write dataset.yaml, with what each guess was made by."""
    about, comments = draft.description, draft.comments
    text = [
        "# How this folder's files are read. `pose2imu init` wrote it: beside a guess stands what it was made by.",
        f"# {TABLE}: {comments['persons']}.",
        f"place: {about.place}{_comment(comments, 'place')}",
        f"clock: {about.clock}{_comment(comments, 'clock')}",
    ]
    for section in ("sensor", "poses"):
        given = getattr(about, section).model_dump(exclude_none=True)
        text += [f"{section}:"] * bool(given)
        for key, value in given.items():
            text.append(f"  {key}: {json.dumps(value, ensure_ascii=False)}{_comment(comments, f'{section}.{key}')}")
    return "\n".join(text) + "\n"


def _comment(comments: Comments, key: str) -> str:
    return f"  # {comments[key]}" if key in comments else ""


def require_unwritten(folder: Path) -> None:
    """Raise InputError where one of the two files is there: it may hold somebody's work."""
    for name in (TABLE, DESCRIPTION):
        if (folder / name).exists():
            raise InputError(f"{folder / name}: is there already; expected a folder without one: it is not overwritten")


def write(folder: Path, draft: Draft) -> None:
    """Write both files or none."""
    require_unwritten(folder)
    write_text(folder / DESCRIPTION, description_text(draft))
    try:
        write_text(folder / TABLE, table_text(draft))
    except OSError:
        remove(folder / DESCRIPTION)
        raise
