"""`pose2imu train`: a classifier of one's own activities."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pose2imu.cli.learning import needing_torch


class Method(StrEnum):
    """The rows of the experiment with scarce sensor data that own data can have."""

    synthetic_clips = "synthetic_clips"
    strong_cnn = "strong_cnn"


def train(
    folder: Annotated[Path, typer.Argument(help="With recordings.csv and dataset.yaml: `pose2imu init` makes them.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The model file, .safetensors.")],
    method: Annotated[
        Method, typer.Option(help="synthetic_clips: poses help. strong_cnn: sensor data alone.")
    ] = Method.synthetic_clips,
    regressor: Annotated[
        Path | None, typer.Option(help="Write the regressor from poses to sensor data, too: .safetensors.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(help="A person to leave out, whose files are not opened; may be repeated.")
    ] = None,
    compare: Annotated[
        bool, typer.Option(help="Tell what poses add, by leaving out one person at a time: takes several trainings.")
    ] = True,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Of all that is drawn.")] = 0,
    steps: Annotated[
        int | None, typer.Option(min=10, help="Training steps, to try things out: the fewer the worse.")
    ] = None,
) -> None:
    """Train a classifier of your activities from labelled sensor recordings and labelled poses."""
    with needing_torch():
        from pose2imu.own.comparing import told  # noqa: PLC0415 - with torch, seconds, which --help does without
        from pose2imu.own.model import ClassifierHeader, load_model  # noqa: PLC0415
        from pose2imu.own.training import train as train_folder  # noqa: PLC0415
        from pose2imu.own.writing import MODELS, require  # noqa: PLC0415
    for path in (output, regressor):
        if path is not None:
            require(path, MODELS)
    changes = {} if steps is None else {"least_steps": steps, "epochs": 1, "regressor_steps": steps}
    scores = train_folder(
        folder,
        output,
        row=method.value,
        regressor=regressor,
        without=without or (),
        compare=compare,
        seed=seed,
        **changes,
    )
    if compare:
        typer.echo(told(scores))
    header = load_model(output, ClassifierHeader).header
    about = header.trained_on
    typer.echo(
        f"{output}: {len(header.activities)} activities of {len(about.people)} people, {about.clips} clips: "
        f"{about.with_sensor} with sensor data, {about.with_pose} with poses"
    )
