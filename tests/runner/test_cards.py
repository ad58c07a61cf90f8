"""Which GPU a process takes, and what the runner says of several on one."""

import json
from pathlib import Path
from typing import Any

import pytest

from pose2imu.runner.cards import card_of, side_by_side


@pytest.mark.parametrize(
    ("visible", "expected"),
    [("2,5", ["2", "5", "2", "5"]), ("GPU-a,GPU-b,GPU-c", ["GPU-a", "GPU-b", "GPU-c", "GPU-a"])],
)
def test_processes_take_cards_in_turn(visible: str, expected: list[str]) -> None:
    given = [card_of(slot, {"CUDA_VISIBLE_DEVICES": visible})["CUDA_VISIBLE_DEVICES"] for slot in range(4)]
    assert given == expected


@pytest.mark.parametrize("environment", [{}, {"CUDA_VISIBLE_DEVICES": ""}, {"CUDA_VISIBLE_DEVICES": "3"}])
def test_one_card_or_none_is_left_as_it_is(environment: dict[str, str]) -> None:
    assert card_of(1, environment) == {}


def test_the_fewest_processes_that_are_as_fast_paid(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"processes": count, "windows_per_second": speed, "memory_gib_each": 1.25}
        for count, speed in [(1, 20_000), (2, 40_000), (4, 58_000), (8, 60_000)]
    ]
    path = tmp_path / "gpu.json"
    found = {"card": {"name": "X"}, "at_once": rows}
    path.write_text(json.dumps(found))
    expected = "a joint run takes 1.2 GiB of a GPU; on one X, 4 at a time paid: 2.9 times as fast as one"
    assert side_by_side(path) == expected
    path.write_text(json.dumps({**found, "at_once_mps": rows[:2]}))
    assert side_by_side(path) == f"{expected}; with NVIDIA's MPS, 2 at a time paid: 2.0 times as fast as one"


@pytest.mark.parametrize("content", [None, "", "{}", '{"at_once": []}'])
def test_nothing_measured_is_nothing_said(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "gpu.json"
    if content is not None:
        path.write_text(content)
    assert side_by_side(path) == ""
