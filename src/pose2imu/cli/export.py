"""`pose2imu export`: a classifier as ONNX."""

from pathlib import Path
from typing import Annotated

import typer

from pose2imu.cli.learning import needing_torch, read_all


def export(
    model: Annotated[str, typer.Argument(help="A classifier's file, or the name of one in models/.")],
    onnx: Annotated[Path, typer.Option(help="The file to write, .onnx.")],
    on: Annotated[
        list[Path] | None,
        typer.Option(help="A recording on whose windows torch and ONNX are compared; may be repeated."),
    ] = None,
    columns: Annotated[str | None, typer.Option(help="Names of columns: time=ts,ax=acc_x,ay=acc_y,az=acc_z.")] = None,
    unit: Annotated[str | None, typer.Option(help="Of acceleration: m/s2 or g; left out: guessed.")] = None,
    time_unit: Annotated[str | None, typer.Option(help="s, ms, us or ns; left out: guessed.")] = None,
    rate: Annotated[float | None, typer.Option(help="Samples a second, where the file has no times.")] = None,
) -> None:
    """Write a classifier as ONNX, once it gives what torch gives."""
    with needing_torch():
        import onnxscript  # noqa: F401, PLC0415 - torch needs it, and only says so in the middle

        from pose2imu.own.export import export as write  # noqa: PLC0415 - torch
    from pose2imu.own.model import found  # noqa: PLC0415
    from pose2imu.own.writing import ONNX, require  # noqa: PLC0415

    require(onnx, ONNX)
    path, recordings = found(model), read_all(on or [], columns, unit, time_unit, rate)
    difference = write(path, onnx, recordings)
    of = f"windows of {len(recordings)} recordings" if recordings else "drawn signals: --on RECORDING takes real ones"
    typer.echo(f"{onnx}: probabilities are torch's up to {difference:.1g} ({of})")
