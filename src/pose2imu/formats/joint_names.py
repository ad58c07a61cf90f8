"""Which joint is which: by its place in a format's list, or by what a file calls it (joint_names.yaml)."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from ruamel.yaml import YAML

from pose2imu.formats.streams import OF_A_SIDE, OF_THE_MIDDLE, SIDES

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
SIDE_WORDS = {"right": "right", "r": "right", "rt": "right", "left": "left", "l": "left", "lt": "left"}


@cache
def _table() -> dict[str, Any]:
    text = resources.files("pose2imu.formats").joinpath("joint_names.yaml").read_text(encoding="utf-8")
    return YAML(typ="safe").load(text)


def formats() -> list[str]:
    """Name the formats that are a list of joints."""
    return list(_table()["formats"])


def count_of(name: str) -> int:
    """Give the number of joints of a format."""
    return int(_table()["formats"][name]["count"])


def formats_with(count: int) -> list[str]:
    """Name the formats of so many joints; there may be two."""
    return [name for name in formats() if count_of(name) == count]


def counts() -> list[int]:
    """Give the numbers of joints that formats have."""
    return sorted({count_of(name) for name in formats()})


def positions(name: str) -> dict[str, int]:
    """Give the place of each of our joints in a format's list."""
    return dict(_table()["formats"][name]["joints"])


def named_joints(labels: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Find our joints among a file's labels: for each that is there, the labels of which it is the mean.

    Labels may be written in any of the usual ways: right_wrist, RightWrist, WristRight, RWrist, r_wrist, RWRA.
    """
    by_name: dict[tuple[str, str], str] = {}
    for label in labels:
        by_name.setdefault(_side_and_name(label), label)
    found: dict[str, tuple[str, ...]] = {}
    for side, ours in (*(("", OF_THE_MIDDLE),), *((side, OF_A_SIDE) for side in SIDES)):
        taken: set[str] = set()
        for joint in ours:
            if chosen := _first(by_name, side, joint, taken):
                found[f"{side}_{joint}" if side else joint] = chosen
                taken.update(chosen)
    return found


def _first(by_name: Mapping[tuple[str, str], str], side: str, joint: str, taken: set[str]) -> tuple[str, ...] | None:
    for names in _table()["names"][joint]:
        labels = tuple(by_name.get((side, name), "") for name in names.split("+"))
        if all(labels) and not taken & set(labels):
            return labels
    return None


def _side_and_name(label: str) -> tuple[str, str]:
    """Part a label into its side, empty for the middle, and a name in lower case."""
    words = [word.lower() for word in WORD.findall(label.rsplit(":", 1)[-1])]
    sides = [word for word in words if word in SIDE_WORDS]
    if len(sides) == 1:
        return SIDE_WORDS[sides[0]], "".join(word for word in words if word not in SIDE_WORDS)
    whole = "".join(words)
    for start, side in SIDE_WORDS.items():
        if whole.startswith(start) and whole[len(start) :] in _names_of_a_side():
            return side, whole[len(start) :]
    return "", whole


@cache
def _names_of_a_side() -> frozenset[str]:
    names = _table()["names"]
    return frozenset(part for joint in OF_A_SIDE for name in names[joint] for part in name.split("+"))
