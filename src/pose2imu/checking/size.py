"""How long dvc.yaml and dvc.lock are: they are to be read, and DVC parses all of them for each stage that it runs."""

from collections.abc import Iterator
from pathlib import Path

from pose2imu import lock

# An entry: the longest is of the page, which reads a file of each benchmark.
PIPELINE_LINES, LOCK_LINES, ENTRY_LINES = 450, 30_000, 72


def oversize(root: Path = Path()) -> Iterator[str]:
    """Say what is longer than it may be, one line each."""
    for file, text in lock.each(root):
        pipeline = file.with_suffix(".yaml")
        yield from _longer(str(pipeline), (root / pipeline).read_text(encoding="utf-8"), PIPELINE_LINES)
        yield from _longer(str(file), text, LOCK_LINES)
        for name, entry in lock.entries(text).items():
            yield from _longer(f"{file}: {name}", entry, ENTRY_LINES)


def _longer(what: str, text: str, most: int) -> Iterator[str]:
    if (lines := len(text.splitlines())) > most:
        yield f"{what}: {lines} lines; expected at most {most}"
