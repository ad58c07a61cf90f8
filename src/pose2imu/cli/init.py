"""`pose2imu init`: the two files that describe a folder of own recordings."""

from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(help="Recordings: files of sensors, of poses, of labelled intervals.")],
    place: Annotated[
        str | None, typer.Option(help="Where the sensor is worn, such as right_wrist; else names or poses tell.")
    ] = None,
    activity: Annotated[str | None, typer.Option(help="Of all recordings, where names tell none.")] = None,
    columns: Annotated[
        str | None, typer.Option(help="Which column is what in sensors' files: time=ts,ax=accel_x,...; else guessed.")
    ] = None,
    rate: Annotated[float | None, typer.Option(help="Samples a second, where sensors' files have no times.")] = None,
    pose_rate: Annotated[float | None, typer.Option(help="Frames a second, where poses have no times.")] = None,
) -> None:
    """Write recordings.csv and dataset.yaml for a folder of recordings, as far as its files tell.

    Files are paired by their names (watch/anna_walk_1.csv, poses/anna_walk_1.npy), persons and activities are told from
    words in them; formats, units, rates and where the sensor is worn from what is in them. Both files are there to be
    read and corrected: beside each guess stands what it was made by. Nothing is overwritten.
    """
    # Seconds of pandas and scipy, which --help need not wait for.
    from pose2imu.datasets.own_files import DESCRIPTION, TABLE  # noqa: PLC0415
    from pose2imu.inspection.starting import start  # noqa: PLC0415
    from pose2imu.inspection.writing import require_unwritten, write  # noqa: PLC0415

    require_unwritten(folder)
    draft = start(folder, place=place, activity=activity, columns=columns, rate=rate, pose_rate=pose_rate)
    write(folder, draft)
    typer.echo(draft.summary)
    for key, comment in draft.comments.items():
        typer.echo(f"{key}: {comment}" if (value := draft.value(key)) is None else f"{key} {value}: {comment}")
    for line in draft.others:
        typer.echo(line)
    typer.echo(f"{folder / TABLE} and {folder / DESCRIPTION} are written: read them, and correct what is not so")
