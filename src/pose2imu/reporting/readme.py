"""Tables in README.md, between `<!-- table:NAME -->` and `<!-- /table -->`."""

import re
from collections.abc import Mapping
from pathlib import Path

from pose2imu.atomic import replacing
from pose2imu.errors import InputError


def updated(text: str, tables: Mapping[str, str]) -> str:
    """Give `text` with each named table between its markers; InputError if a table has no pair of markers."""
    for name, table in tables.items():
        pattern = re.compile(rf"(<!-- table:{re.escape(name)} -->\n)(?:(?!<!-- table:).)*?(<!-- /table -->)", re.DOTALL)
        match = pattern.search(text)
        if match is None:
            raise InputError(f"no <!-- table:{name} --> and <!-- /table --> to put the table {name} between")
        text = f"{text[: match.end(1)]}\n{table.strip()}\n\n{text[match.start(2) :]}"
    return text


def update(readme: Path, tables: dict[str, str], check: bool = False) -> bool:
    """Put the tables into the file, or with `check` only look; returns whether they were all in place already."""
    try:
        before = readme.read_text(encoding="utf-8")
        after = updated(before, tables)
    except (OSError, InputError) as error:
        raise InputError(f"{readme}: {error}") from error
    if before != after and not check:
        with replacing(readme) as temporary:
            temporary.write_text(after, encoding="utf-8")
    return before == after
