"""`pose2imu train`: a classifier of a folder's activities, from its sensor data and its poses."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd

from pose2imu.errors import InputError
from pose2imu.own.comparing import leave_one_out
from pose2imu.own.fitting import classifier_header, learn_classifier, regressor_header, trained_on
from pose2imu.own.folder import read_clips
from pose2imu.own.method import ROWS, Row, options_of
from pose2imu.own.model import save_model
from pose2imu.training import keep_freed_memory, make_deterministic


def train(
    folder: Path,
    output: Path,
    *,
    row: Row = "synthetic_clips",
    regressor: Path | None = None,
    without: Collection[str] = (),
    compare: bool = True,
    seed: int = 0,
    **changes: Any,
) -> pd.DataFrame:
    """Train a classifier from a folder of labelled recordings, and write it.

    It reads the folder's recordings.csv, dataset.yaml and the files that they name, of the people `without` none, and
    no other file. The same folder and seed give the same bytes on the same machine: torch is set to deterministic
    operations on one thread, and stays so.

    Parameters
    ----------
    folder : Path
        With recordings.csv and dataset.yaml, as docs/own_data.md says; `pose2imu init` makes them.
    output : Path
        The model file, safetensors.
    row : {"synthetic_clips", "strong_cnn"}
        With poses: a regressor learns from recordings that have both streams what a sensor reads of a pose, and writes
        sensor data for all poses. Or without.
    regressor : Path, optional
        Where to write that regressor, too.
    without : collection of str
        People to leave out, to be tested on.
    compare : bool
        Whether to find out what poses add, by leaving one person out at a time: as long as several trainings.
    seed : int
        Of all that is drawn.
    **changes
        Of the values in own/method.yaml.

    Returns
    -------
    DataFrame
        A row for each person left out: subject, clips, and the accuracy of either row; empty if not compared, or where
        there are not two people with sensor data.
    """
    if regressor is not None and row == "strong_cnn":
        raise InputError(f"{regressor}: strong_cnn learns no regressor; expected synthetic_clips, or no such file")
    options = {name: options_of(name, **changes) for name in ROWS}
    make_deterministic(seed, options[row].threads)
    keep_freed_memory()
    own = read_clips(folder, without)
    learned = learn_classifier(own.clips, len(own.activities), row, options[row], seed)
    about = trained_on(own.name, own.clips, row, options[row], seed)
    header = classifier_header(own.clips, own.activities, [own.place], options[row], about)
    save_model(output, header, learned.classifier)
    if regressor is not None and learned.regressor is not None:
        save_model(regressor, regressor_header(own.clips, [own.place], options[row], about), learned.regressor)
    return leave_one_out(own, options, seed) if compare else pd.DataFrame()
