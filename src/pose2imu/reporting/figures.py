"""The figures of a benchmark: drawn into one folder, with an index that names and captions them."""

import json
from pathlib import Path

from pose2imu.errors import InputError
from pose2imu.layout import existing
from pose2imu.reporting.learning_curves import learning_curves
from pose2imu.reporting.results import Results
from pose2imu.reporting.scores import scores
from pose2imu.reporting.signals import signals
from pose2imu.reporting.style import Figure, style

INDEX = "index.json"


def draw(results: Results, folder: Path) -> None:
    """Draw all figures of a benchmark into `folder`, and write their index."""
    folder.mkdir(parents=True, exist_ok=True)
    with style():
        drawn = [*scores(results, folder), *learning_curves(results, folder)]
        if not results.generated.empty:
            drawn.append(signals(results, folder))
    text = json.dumps([figure._asdict() for figure in drawn], indent=2, ensure_ascii=False)
    (folder / INDEX).write_text(text + "\n", encoding="utf-8")


def read(folder: Path) -> list[Figure]:
    """Give the index of a folder of figures."""
    path = existing(folder / INDEX)
    try:
        drawn = [Figure(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
    except (ValueError, TypeError) as error:
        raise InputError(f"{path}: expected the report stage's index of figures ({error})") from error
    for figure in drawn:
        existing(folder / figure.file)
    return drawn
