"""Consistency of the experiment with scarce sensor data: metrics, table and figure must follow from predictions."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from pose2imu.errors import InputError
from pose2imu.evaluation.scarce import scarce_scores
from pose2imu.layout import REPORTS, SCARCE, scarce_folder
from pose2imu.reporting.scarce import curve, results
from pose2imu.reporting.scarce.results import Results, classes_of
from pose2imu.reporting.scarce.summary import written

EXACT = 1e-12


def problems(root: Path = Path(), *, partial: bool = False) -> Iterator[str]:
    """Tell what does not follow, one line each; nothing where all is well. `partial`: runs may be missing."""
    try:
        loaded = results.load(root, partial=partial)
    except InputError as error:
        yield str(error)
        return
    yield from wrong_metrics(loaded, root)
    yield from wrong_labels(loaded)
    yield from wrong_tables(loaded, root)


def wrong_metrics(loaded: Results, root: Path) -> Iterator[str]:
    """Metrics that the predictions in git do not give, and predictions of other clips than the other runs have."""
    expected: pd.DataFrame | None = None
    for run in loaded.runs[loaded.runs.labelled.notna()].itertuples():
        folder = root / scarce_folder(run.scenario, run.level, run.row, run.seed)
        if not folder.is_dir():  # a copy of another run, as the oracle's are
            continue
        clips = pd.read_parquet(folder / "clips.parquet")
        for name, value in scarce_scores(clips, run.scenario, run.level, classes_of(clips)).items():
            if not abs(getattr(run, name) - value) <= EXACT:
                yield f"{folder}: {name} is {getattr(run, name)}, but clips.parquet gives {value}"
        of_all = clips[["recording", "subject", "label"]]
        expected = of_all if expected is None else expected
        if not of_all.equals(expected):
            yield f"{folder}/clips.parquet: not the test clips that the other runs have"
        if set(clips.subject) != set(loaded.about.test):
            yield f"{folder}/clips.parquet: not of the test people {', '.join(loaded.about.test)}"


def wrong_labels(loaded: Results) -> Iterator[str]:
    """Rows that, at a level and with a seed, had the sensor data of other clips than the others had."""
    own = loaded.runs[(loaded.runs.row != results.ORACLE) & loaded.runs.labelled.notna()]
    for (scenario, level, seed), runs in own.groupby(["scenario", "level", "seed"]):
        if runs.labelled.nunique() > 1 or runs.labelled_clips.nunique() > 1:
            yield f"{scenario}, {level}, seed {seed}: rows had sensor data of different clips"


def wrong_tables(loaded: Results, root: Path) -> Iterator[str]:
    """Tables, the worth of poses and the figure, as far as they are not what the runs give."""
    said, texts = written(loaded)
    folder = root / REPORTS / SCARCE
    for name, text in texts.items():
        yield from _differs(folder / name, text.encode())
    with TemporaryDirectory() as temporary:
        file = curve.draw(loaded, Path(temporary), said)
        yield from _differs(folder / "figures" / file, (Path(temporary) / file).read_bytes())


def _differs(path: Path, expected: bytes) -> Iterator[str]:
    if not path.is_file() or path.read_bytes() != expected:
        yield f"{path}: differs from what the runs give; run `dvc repro scarce`"
