"""Pose-to-IMU data augmentation for human activity recognition: a reproduction of Zolfaghari et al. 2024.

`synthesize`, `check`, `train` and `classify` are functions of it; see docs/own_data.md.
"""

from importlib import import_module
from typing import Any

# Functions, by the module that each is loaded from when it is first asked for: some take seconds to load. By name, for
# an import here would put these modules into what every stage of the pipeline depends on (fingerprint.py).
_FUNCTIONS = {
    "synthesize": "pose2imu.synthesis",
    "check": "pose2imu.inspection",
    "train": "pose2imu.own.training",
    "classify": "pose2imu.own.classify",
}
__all__ = ["check", "classify", "synthesize", "train"]


def __getattr__(name: str) -> Any:
    """Load a function."""
    if name not in _FUNCTIONS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_FUNCTIONS[name]), name)


def __dir__() -> list[str]:
    """List functions too."""
    return sorted({*globals(), *_FUNCTIONS})
