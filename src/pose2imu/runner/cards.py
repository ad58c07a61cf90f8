"""GPUs that runs share: which of several a process takes, and what was measured of runs side by side on one."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from pose2imu.layout import REPORTS

VISIBLE = "CUDA_VISIBLE_DEVICES"
PAYS = 0.95  # of the fastest: with more processes than reach it, memory goes for nothing


def card_of(slot: int, environment: Mapping[str, str]) -> dict[str, str]:
    """Give the environment of the process in a slot: where several cards are named, one of them, in turn."""
    cards = [card for card in environment.get(VISIBLE, "").split(",") if card]
    return {VISIBLE: cards[slot % len(cards)]} if len(cards) > 1 else {}


def paid(rows: Sequence[Mapping[str, float]]) -> tuple[int, float]:
    """Give the fewest processes at a time that are as fast as any, and how many times as fast as one they are."""
    fastest = max(row["windows_per_second"] for row in rows)
    best = next(row for row in rows if row["windows_per_second"] >= PAYS * fastest)
    return int(best["processes"]), best["windows_per_second"] / rows[0]["windows_per_second"]


def side_by_side(path: Path = REPORTS / "gpu.json") -> str:
    """Put what checks/gpu.py measured into words: a run's memory, and the number at a time that paid; else nothing."""
    try:
        found = json.loads(path.read_bytes())
        said = [f"a joint run takes {found['at_once'][0]['memory_gib_each']:.1f} GiB of a GPU"]
        for name, how in {"at_once": f"on one {found['card']['name']}", "at_once_mps": "with NVIDIA's MPS"}.items():
            if name in found:
                processes, times = paid(found[name])
                said.append(f"{how}, {processes} at a time paid: {times:.1f} times as fast as one")
        return "; ".join(said)
    except (OSError, ValueError, KeyError, IndexError):
        return ""
