"""A folder of own recordings, and models that learned from it for a moment."""

from pathlib import Path

import pytest

from pose2imu.own.training import train
from tests.own.folders import make_folder

# What makes a training take a moment, and still learn three tempos.
SMALL = {"epochs": 1, "least_steps": 150, "regressor_steps": 40, "widths": [8, 16], "length": 64, "batch_size": 16}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three people, three activities, two recordings of each."""
    return make_folder(tmp_path_factory.mktemp("own") / "gym")


@pytest.fixture(scope="session")
def models(folder: Path) -> dict[str, Path]:
    """A classifier and a regressor."""
    found = {kind: folder.parent / f"{kind}.safetensors" for kind in ("classifier", "regressor")}
    train(folder, found["classifier"], regressor=found["regressor"], compare=False, **SMALL)
    return found
