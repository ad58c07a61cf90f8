"""`pose2imu synthesize`: poses in, what a worn sensor would measure of them out."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pose2imu.errors import InputError
from pose2imu.formats.streams import PLACES, SIDES, Poses

if TYPE_CHECKING:  # half a second
    import pandas as pd

HOW, TURN, INPUT = "How it is worn and measured", "Variety", "How the poses are read (else guessed, and said)"
ARRAY, SUFFIXES = ".npy", (".parquet", ".csv")
OTHER_SUFFIXES = (".json", ".npz", ".txt", ".tsv", ".mat", ".h5", ".hdf5", ".xlsx", ".pkl", ".feather")


class How(StrEnum):
    """What tells the signal."""

    physics = "physics"
    learned = "learned"


class Unit(StrEnum):
    """Of acceleration."""

    si = "m/s2"
    g = "g"


class Kind(StrEnum):
    """Of the files in a folder."""

    parquet = "parquet"
    csv = "csv"


def synthesize(
    poses: Annotated[list[Path], typer.Argument(help="Files of poses: CSV, Parquet, NPY, NPZ, JSON, BVH, C3D, TRC, …")],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            help="A .parquet or .csv file, an .npy (N, T, C) for all, or a folder for one file each.",
        ),
    ],
    place: Annotated[
        str, typer.Option(help="right_ or left_ and wrist, forearm, upper_arm, thigh or shank.")
    ] = "right_wrist",
    how: Annotated[How, typer.Option(help="By physics alone, or by a trained regressor.")] = How.physics,
    weights: Annotated[Path | None, typer.Option(help="The regressor, a .safetensors file (learned).")] = None,
    to: Annotated[Kind, typer.Option(help="Kind of the files in a folder.")] = Kind.parquet,
    rate: Annotated[
        float | None, typer.Option(help="Samples a second; else 100, or the regressor's.", rich_help_panel=HOW)
    ] = None,
    along: Annotated[
        float | None,
        typer.Option(help="Place on the bone, 0 near to 1 far; else 1 at a wrist, or 0.5.", rich_help_panel=HOW),
    ] = None,
    rotation: Annotated[
        str | None,
        typer.Option(
            help="How the sensor sits on the bone: x,y,z in degrees about fixed axes, or a quaternion x,y,z,w; it "
            "turns the sensor's axes into the bone's: x along it, y normal to the limb's plane.",
            rich_help_panel=HOW,
        ),
    ] = None,
    gravity: Annotated[
        bool, typer.Option(help="With gravity, 9.8 upwards at rest, as sensors measure it.", rich_help_panel=HOW)
    ] = True,
    unit: Annotated[Unit, typer.Option(help="Of acceleration.", rich_help_panel=HOW)] = Unit.si,
    noise: Annotated[float, typer.Option(help="Standard deviation, m/s².", rich_help_panel=HOW)] = 0.0,
    turn_noise: Annotated[float, typer.Option(help="Standard deviation, rad/s.", rich_help_panel=HOW)] = 0.0,
    smoothing: Annotated[
        float | None,
        typer.Option(help="Seconds between knots: more for noisy poses, 0 for none; else 0.1.", rich_help_panel=HOW),
    ] = None,
    vary: Annotated[
        int,
        typer.Option(help="Make N copies that differ in tempo, size and the sensor's rotation.", rich_help_panel=TURN),
    ] = 0,
    seed: Annotated[int, typer.Option(help="Of noise and variety.", min=0, rich_help_panel=TURN)] = 0,
    pose_format: Annotated[
        str | None,
        typer.Option(
            help="named, mediapipe, coco, h36m, ntu, kinect20, smpl or smpl22.",
            rich_help_panel=INPUT,
        ),
    ] = None,
    pose_up: Annotated[
        str | None, typer.Option(help="The axis that points up: x to -z.", rich_help_panel=INPUT)
    ] = None,
    pose_unit: Annotated[
        str | None, typer.Option(help="m, cm, mm, in, or metres a unit.", rich_help_panel=INPUT)
    ] = None,
    pose_rate: Annotated[
        float | None, typer.Option(help="Frames a second, where a file has no times.", rich_help_panel=INPUT)
    ] = None,
    person: Annotated[int, typer.Option(help="Which of several, from 0.", min=0, rich_help_panel=INPUT)] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Do not say what was guessed.")] = False,
) -> None:
    """Simulate the acceleration and angular velocity that a sensor on a limb measures of poses.

    What a file is, its units, axes and source, is told in its metadata (Parquet) or in a JSON beside it (CSV, .npy).
    """
    from pose2imu.formats.poses import read_poses  # noqa: PLC0415 - pandas and scipy, a second
    from pose2imu.synthesis.output import write_array, write_signal  # noqa: PLC0415 - the same

    options: dict[str, Any] = {"unit": unit.value, "noise": noise, "seed": seed, "rotation": _rotation(rotation)}
    options |= {} if rate is None else {"rate": rate}
    options |= _of_how(how, weights, gravity=gravity, along=along, turn_noise=turn_noise, smoothing=smoothing)
    target = _target(out, poses, vary, to)
    tables = []
    for path in poses:
        found = read_poses(
            path, format=pose_format, up=pose_up, unit=pose_unit, rate=pose_rate, person=person, only=_needed(place)
        )
        for number, table in enumerate(_signals(found, place, how, vary, options)):
            table.attrs["source"] = str(path)
            if number == 0 and not quiet:
                typer.echo(f"{path}: {'; '.join(table.attrs['notes'])}", err=True)
            if out.suffix.lower() == ARRAY:
                tables.append(table)
            else:
                write_signal(target(path, number), table)
    if tables:
        write_array(out, tables)


def _signals(poses: Poses, place: str, how: How, vary: int, options: dict[str, Any]) -> "Iterator[pd.DataFrame]":
    """Yield the signal of poses, or of each of their varied copies."""
    from pose2imu import synthesis  # noqa: PLC0415 - scipy

    if how is How.physics:
        if vary:
            yield from synthesis.vary(poses, place, copies=vary, **options)
        else:
            yield synthesis.synthesize(poses, place, **options)
        return
    from pose2imu.synthesis.learned import synthesize_learned  # noqa: PLC0415 - torch

    if not vary:
        yield synthesize_learned(poses, place, **options)
        return
    mount = synthesis.rotation_of(options.pop("rotation"), poses.name)
    for variation, other in synthesis.varied(poses, vary, options["seed"]):
        table = synthesize_learned(other, place, rotation=mount * variation.turn, **options)
        table.attrs["variation"] = variation.as_dict()
        yield table


def _of_how(how: How, weights: Path | None, **physical: Any) -> dict[str, Any]:
    """Give the options that physics alone has, or the regressor's; InputError for one that the other has."""
    if how is How.physics:
        if weights is not None:
            raise InputError(f"{weights}: weights, and --how physics, which has none; expected --how learned with them")
        return {name: value for name, value in physical.items() if value is not None}
    usual = {"gravity": True, "along": None, "turn_noise": 0.0, "smoothing": None}
    if wrong := [name for name, value in physical.items() if value != usual[name]]:
        raise InputError(f"--how learned: {', '.join(wrong)} cannot be chosen; expected what the regressor learned")
    if weights is None:
        raise InputError("--how learned: no weights; expected --weights, a regressor's .safetensors file")
    return {"weights": weights}


def _target(out: Path, poses: list[Path], vary: int, to: Kind) -> Callable[[Path, int], Path]:
    """Say where the signal of a file and copy goes; InputError, before any work, where it cannot."""
    from pose2imu.synthesis.output import check_output  # noqa: PLC0415 - pandas

    suffix = out.suffix.lower()
    if suffix == ARRAY:
        check_output(out, (ARRAY,), poses)
        return lambda path, number: out
    if suffix in SUFFIXES and not out.is_dir():
        if len(poses) > 1 or vary > 1:
            count = len(poses) * max(vary, 1)
            raise InputError(f"{out}: one file for {count} signals; expected a folder, or an .npy file for all")
        check_output(out, SUFFIXES, poses)
        return lambda path, number: out
    if out.is_file() or suffix in OTHER_SUFFIXES:
        raise InputError(f"{out}: an output {suffix or 'that is a file'}; expected .parquet, .csv, .npy or a folder")
    names = [path.stem for path in poses]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(f"{out}: two files of poses are called {twice}; expected names that differ, or an .npy file")
    for path in poses:
        check_output(out / f"{path.stem}.{to}", SUFFIXES, poses)
    return lambda path, number: out / (f"{path.stem}_{number:03d}.{to}" if vary else f"{path.stem}.{to}")


def _rotation(text: str | None) -> list[float] | None:
    if text is None:
        return None
    try:
        numbers = [float(part) for part in text.replace(",", " ").split()]
    except ValueError:
        numbers = []
    if len(numbers) not in (3, 4):
        raise InputError(f"--rotation {text}: expected three angles in degrees, x,y,z, or a quaternion, x,y,z,w")
    return numbers


def _needed(place: str) -> list[str]:
    """Name the joints that a signal is made of: the limb, and what tells the person's right."""
    if place not in PLACES:
        raise InputError(f"--place {place}: no such place; expected one of {', '.join(PLACES)}")
    limb = PLACES[place].limb
    return [*limb, *(f"{side}_{limb[0].split('_')[1]}" for side in SIDES)]
