"""`pose2imu classify`: which activities sensor recordings have."""

from pathlib import Path
from typing import Annotated

import typer

from pose2imu.cli.learning import needing_torch, read_all

SHOWN = 20  # rows on the screen


def classify(
    model: Annotated[str, typer.Argument(help="A model file, or the name of one in models/: utd_mhad_classifier.")],
    recordings: Annotated[list[Path], typer.Argument(help="Sensor recordings: CSV, Parquet, NPY.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write all rows and probabilities as CSV or Parquet.")
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="Write a picture: PNG, SVG or PDF.")] = None,
    window: Annotated[
        float | None, typer.Option(help="Seconds of a window; left out: as long as the model's clips.")
    ] = None,
    stride: Annotated[float, typer.Option(help="Seconds from one window to the next.")] = 1.0,
    as_clip: Annotated[
        bool | None,
        typer.Option("--clip/--windows", help="One activity in all, or windows; left out: by the recording's length."),
    ] = None,
    columns: Annotated[str | None, typer.Option(help="Names of columns: time=ts,ax=acc_x,ay=acc_y,az=acc_z.")] = None,
    unit: Annotated[str | None, typer.Option(help="Of acceleration: m/s2 or g; left out: guessed.")] = None,
    time_unit: Annotated[str | None, typer.Option(help="s, ms, us or ns; left out: guessed.")] = None,
    rate: Annotated[float | None, typer.Option(help="Samples a second, where the file has no times.")] = None,
) -> None:
    """Say which activities sensor recordings have, over time or as a whole, with probabilities."""
    with needing_torch():
        import pandas as pd  # noqa: PLC0415 - with torch, seconds, which --help does without

        from pose2imu.own.classify import COLUMNS, classified, load_classifier  # noqa: PLC0415
    from pose2imu.own.model import found  # noqa: PLC0415
    from pose2imu.own.writing import PICTURES, TABLES, require, write_table  # noqa: PLC0415

    if output is not None:
        require(output, TABLES)
    if plot is not None:
        require(plot, PICTURES)
    loaded, spoken = load_classifier(found(model))
    read = read_all(recordings, columns, unit, time_unit, rate)
    for recording in read:
        for note in recording.notes:
            typer.echo(f"{recording.name}: {note}", err=True)
    table = pd.concat(
        [classified(loaded.header, spoken, one, window, stride, as_clip) for one in read], ignore_index=True
    )
    shown = table[COLUMNS].head(SHOWN)
    typer.echo(shown.to_string(index=False, float_format=lambda value: f"{value:z.2f}"))
    if len(table) > SHOWN:
        typer.echo(f"… {len(table)} rows in all" + ("" if output else "; -o FILE.csv writes them"))
    if output is not None:
        write_table(output, table)
    if plot is not None:
        from pose2imu.own.picture import draw  # noqa: PLC0415 - matplotlib

        draw(read, table, plot)
