"""`pose2imu check`: what is wrong with recordings."""

from pathlib import Path
from typing import Annotated

import typer

from pose2imu.errors import InputError


def check(
    recordings: Annotated[list[Path], typer.Argument(metavar="RECORDING", help="Files of sensors, or of poses.")],
    poses: Annotated[
        Path | None, typer.Option(help="Poses of the same time: how well do both fit? (One recording alone.)")
    ] = None,
    place: Annotated[
        str | None, typer.Option(help="Where the sensor is worn, such as right_wrist; else the best fit is taken.")
    ] = None,
    reach: Annotated[float, typer.Option(help="Seconds by which poses and sensor may be apart.", min=0.0)] = 1.0,
    as_poses: Annotated[
        bool, typer.Option("--as-poses", help="The recordings are poses; else that is tried second.")
    ] = False,
    plot: Annotated[
        Path | None, typer.Option(help="Write a picture; of several recordings, one each with its name added.")
    ] = None,
    columns: Annotated[
        str | None, typer.Option(help="Which column is what: time=ts,ax=accel_x,... (time, ax, ay, az, gx, gy, gz).")
    ] = None,
    unit: Annotated[str | None, typer.Option(help="Of acceleration: m/s2, g, mg, or counts: 16384/g.")] = None,
    turn_unit: Annotated[
        str | None, typer.Option(help="Of angular velocity: rad/s, deg/s, or counts: 131/dps.")
    ] = None,
    time_unit: Annotated[str | None, typer.Option(help="Of time: s, ms, us or ns.")] = None,
    rate: Annotated[float | None, typer.Option(help="Samples a second, where a file has no times.")] = None,
    pose_format: Annotated[str | None, typer.Option(help="Of the poses, such as mediapipe; else guessed.")] = None,
    pose_up: Annotated[
        str | None, typer.Option(help="The poses' axis that points up: z, -y, ...; else guessed.")
    ] = None,
    pose_unit: Annotated[str | None, typer.Option(help="Of the poses: m, cm or mm; else guessed.")] = None,
    pose_rate: Annotated[float | None, typer.Option(help="Frames a second, where the poses have no times.")] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="The verdicts alone, a line for each recording.")
    ] = False,
) -> None:
    """Say what is wrong with recordings; with poses, how well the two fit.

    Rate, jitter, duplicates, gaps, missing values, units, gravity, axes, held and clipped values: a table for each, and
    a verdict in a line. Exit status 1 where something is wrong.
    """
    # Seconds of pandas and scipy, which --help need not wait for.
    from rich.console import Console  # noqa: PLC0415
    from tqdm import tqdm  # noqa: PLC0415

    from pose2imu.formats.inertial import read_inertial  # noqa: PLC0415
    from pose2imu.formats.poses import read_poses  # noqa: PLC0415
    from pose2imu.formats.streams import Inertial, Poses  # noqa: PLC0415
    from pose2imu.inspection import Finding, Report, Severity  # noqa: PLC0415
    from pose2imu.inspection import check as inspect  # noqa: PLC0415
    from pose2imu.inspection.drawing import draw, require_picture  # noqa: PLC0415
    from pose2imu.inspection.fit import require_place  # noqa: PLC0415

    def read_as_poses(path: Path) -> Poses:
        return read_poses(path, format=pose_format, up=pose_up, unit=pose_unit, rate=pose_rate)

    def read(path: Path) -> Inertial | Poses:
        if as_poses:
            return read_as_poses(path)
        try:
            return read_inertial(path, columns=columns, unit=unit, turn_unit=turn_unit, time_unit=time_unit, rate=rate)
        except InputError as error:
            try:
                return read_as_poses(path)
            except InputError:
                raise error from None

    if poses is not None and (as_poses or len(recordings) > 1):
        raise InputError("--poses: goes with one sensor's recording; expected no --as-poses and no second recording")
    require_place(place)
    if plot is not None:
        require_picture(plot)
    worn = read_as_poses(poses) if poses is not None else None
    console, verdicts, wrong = Console(), [], False
    for path in tqdm(recordings, disable=True if len(recordings) == 1 else None, leave=False, unit="recording"):
        try:
            recording = read(path)
        except InputError as error:
            report = Report(path.name, (Finding(Severity.WRONG, "cannot be read", str(error)),))
        else:
            report = inspect(recording, worn, place=place, reach=reach)
            if plot is not None and isinstance(recording, Inertial):
                draw(recording, report, _picture(plot, path, len(recordings)))
        wrong |= report.wrong
        verdicts.append(report.verdict)
        if not quiet:
            console.print(report.table())
    for verdict in verdicts:
        typer.echo(verdict)
    if wrong:
        raise typer.Exit(1)


def _picture(plot: Path, recording: Path, of: int) -> Path:
    return plot if of == 1 else plot.with_name(f"{plot.stem}-{recording.stem}{plot.suffix}")
