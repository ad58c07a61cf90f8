"""dvc.lock, guarded: DVC empties it before it writes it again, after every stage, and may be killed in that moment.

While a stage runs, DVC leaves the file alone: each stage script keeps a copy of it then, if it is whole. From that copy
and from what is left of the file, `restore` makes a whole one again.
"""

import contextlib
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pose2imu.atomic import write_text
from pose2imu.errors import InputError

# Each beside the dvc.yaml whose stages it has.
LOCKS = (Path("dvc.lock"), Path("mm_fit/dvc.lock"), Path("own/dvc.lock"))
KEPT = Path(".dvc/tmp")
COMMAND = "python -m pose2imu.runner --restore-lock"
STAGES = "\nstages:\n"
EMPTY = f"schema: '2.0'{STAGES}"
SETTLED_SECONDS = 5  # DVC takes two to write five hundred entries


def kept_file(lock: Path) -> Path:
    """Name the copy of a lock."""
    return KEPT / f"{'.'.join(lock.parts)}.whole"


def keep(root: Path = Path()) -> None:
    """Keep copies of locks that are whole and new; cheap, and no error is anybody's business."""
    for lock in LOCKS:
        with contextlib.suppress(OSError, UnicodeDecodeError):
            _keep(root / lock, root / kept_file(lock), partial(_committed, root, lock))


def _keep(lock: Path, kept: Path, committed: Callable[[], str | None]) -> None:
    try:
        state = lock.stat()
    except FileNotFoundError:
        return
    if kept.exists() and (kept.stat().st_size, kept.stat().st_mtime_ns) == (state.st_size, state.st_mtime_ns):
        return
    text = lock.read_text(encoding="utf-8")
    if cut(text):
        return
    before = entries(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    # Shrunken, as after a restart from an empty file, unless git has it so.
    if len(entries(text)) < len(before) and text != committed():
        return
    temporary = kept.with_name(f"{kept.name}.{os.getpid()}")  # stages may run side by side
    kept.parent.mkdir(parents=True, exist_ok=True)
    temporary.write_text(text, encoding="utf-8", newline="\n")
    os.utime(temporary, ns=(state.st_atime_ns, state.st_mtime_ns))
    temporary.replace(kept)


def entries(text: str) -> dict[str, str]:
    """Split a lock into its stages' entries, by name, as they are written; one that is cut is among them."""
    blocks = re.split(r"^  (?=\S)", text.partition(STAGES)[2], flags=re.MULTILINE)[1:]
    return {block.partition(":\n")[0]: "  " + block for block in blocks if ":\n" in block}


def cut(text: str) -> bool:
    """Whether a lock ends before its time: no line end, or a last entry that lacks something."""
    found = entries(text)
    return not found or not text.endswith("\n") or not _complete(list(found.values())[-1])


def _complete(entry: str) -> bool:
    """Whether an entry has a command, outputs, and a hash and size for all that it names."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - a machine that only trains has no DVC, and no lock
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    try:
        ((_, stage),) = YAML(typ="safe").load(entry).items()
        items = [*stage.get("deps", []), *stage["outs"]]
        hashes = [(item["path"] and item["md5"], item) for item in items]
        return all("size" in item and (not md5.endswith(".dir") or "nfiles" in item) for md5, item in hashes)
    except (YAMLError, ValueError, KeyError, TypeError, AttributeError):
        return False


class Seen(NamedTuple):
    """What is wrong with a lock, what git has in its place, and a whole one made of its copy and of what is left."""

    damage: str | None
    committed: str | None = None
    again: str | None = None


def problem(root: Path = Path()) -> str | None:
    """Say in one line what is wrong with a lock, and the way back; None where all is well."""
    return next((_sentence(lock, seen) for lock in LOCKS if (seen := _look(root, lock)).damage), None)


def _sentence(lock: Path, seen: Seen) -> str:
    ways = []
    if seen.again:
        ways.append(f"`{COMMAND}` puts it back from a copy, {len(entries(seen.again))} stages")
    if seen.committed:
        ways.append(f"`git checkout {lock}` takes the committed one, {len(entries(seen.committed))} stages")
    return f"{lock}: {seen.damage}; {', '.join(ways) or 'remove it'}"


def _look(root: Path, lock: Path) -> Seen:
    committed, kept, text = _committed(root, lock), _read(root / kept_file(lock)), _read(root / lock)
    if text is not None and cut(text) and time.time() - (root / lock).stat().st_mtime < SETTLED_SECONDS:
        time.sleep(SETTLED_SECONDS)  # a DVC that is at work may be writing it
        text = _read(root / lock)
    if text == committed or (text is None and not kept):
        return Seen(None)
    whole = [committed or "", kept or ""]
    damage = _damage(root, lock, text, whole)
    if not (damage and kept):
        return Seen(damage, committed)
    left = entries(text or "")
    if left and cut(text or ""):
        del left[list(left)[-1]]
    again = merged(kept, left)
    return Seen(damage, committed, None if _damage(root, lock, again, whole) else again)


def _damage(root: Path, lock: Path, text: str | None, whole: list[str]) -> str | None:
    if not text:
        return "missing" if text is None else "empty"
    if cut(text):
        return f"cut short after {len(text.splitlines())} lines"
    from ruamel.yaml import YAML  # noqa: PLC0415
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    try:
        YAML(typ="safe").load(text)
    except YAMLError as error:
        return f"not YAML ({' '.join(str(error).split())})"
    here = entries(text)
    lost = {name for other in whole for name in entries(other) if name not in here}
    if lost and (lost := lost & _defined(root, lock)):
        return f"lacks {len(lost)} stages that were finished, such as {min(lost)}"
    return None


def restore(root: Path = Path()) -> list[str]:
    """Make whole locks again of their copies and of what is left of them; returns a line for each that was not whole.

    What is left wins: it was written later. Of a lock that is cut, the last entry is left out.
    """
    lines = []
    for lock in LOCKS:
        seen = _look(root, lock)
        if seen.damage and not seen.again:
            raise InputError(_sentence(lock, seen))
        if seen.again:
            write_text(root / lock, seen.again)
            lines.append(f"{lock}: {seen.damage}; put back from its copy, {len(entries(seen.again))} stages")
    return lines


def merged(text: str, new: dict[str, str]) -> str:
    """Put entries into the text of a lock, in place of those of the same stages."""
    return "".join([text.partition(STAGES)[0] + STAGES, *(entries(text) | new).values()])


def _defined(root: Path, lock: Path) -> set[str]:
    """Name the stages of the dvc.yaml beside a lock; DVC takes a second to say."""
    from dvc.dvcfile import load_file  # noqa: PLC0415
    from dvc.exceptions import DvcException  # noqa: PLC0415
    from dvc.repo import Repo  # noqa: PLC0415

    try:
        with Repo(str(root)) as repo:
            return set(load_file(repo, str((root / lock).resolve().with_suffix(".yaml"))).resolver.get_keys())
    except DvcException as error:
        raise InputError(f"dvc: {error}") from error


def _committed(root: Path, lock: Path) -> str | None:
    done = subprocess.run(
        ["git", "show", f"HEAD:./{lock.as_posix()}"], cwd=root, capture_output=True, check=False, encoding="utf-8"
    )
    return done.stdout if done.returncode == 0 else None


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not text: {error}") from error


def each(root: Path = Path()) -> Iterator[tuple[Path, str]]:
    """Yield the locks that there are, with their text."""
    yield from ((lock, text) for lock in LOCKS if (text := _read(root / lock)) is not None)
