"""Model cards: what a model in git is, what it learned from and how good it is, in Markdown; all numbers are read."""

from typing import Any

from pose2imu.datasets.utd_mhad import FIRST_LEG_ACTION
from pose2imu.own.model import ClassifierHeader, Header, RegressorHeader

DATA = """\
UTD-MHAD ([Chen, Jafari and Kehtarnavaz, ICIP 2015](https://www.utdallas.edu/~kehtar/UTD-MHAD.html)). Its authors call
it freely available; we know of no licence text. None of its recordings is in this repository. Cite their paper, and ask
them about any use but research."""
NOT_FOR = """\
Not for medical, safety or surveillance use, nor for decisions about a person. Eight people in one laboratory, one kind
of sensor, one way to wear it: other people, devices, sides and surroundings are outside of what was tested."""
TESTED = """\
The weights in git learned from all people, so nobody is left to test them on. What is told here is of two models that
were made in the same way from half of the people each (s1 s3 s5 s7 and s2 s4 s6 s8), and tested on the other half: what
to expect of a new person, or a little less, for the weights in git know twice as many. Intervals: 95 %, by Student's t
over people."""


def card(name: str, header: Header, metrics: dict[str, Any]) -> str:
    """Write a model's card."""
    about = header.trained_on
    rows = f"Method `{about.method}` with the values of params.yaml's `scarce`, seed {about.seed}"
    people = f"all {len(about.people)} people ({', '.join(about.people)})"
    parts = [
        f"# {name}",
        what_it_does(name, header),
        "## What it learned from",
        f"{about.clips} clips of {people}. {rows}. Sensor on: {', '.join(header.places)}.",
        DATA,
        "## How good it is",
        TESTED,
        *tables(header, metrics),
        f"Of [the predictions](../reports/models/{name}.parquet); `make check` computes them again.",
        "## What it is not for",
        NOT_FOR,
        "Made by `dvc repro model`; this page too.",
    ]
    return "\n\n".join(parts) + "\n"


def what_it_does(name: str, header: Header) -> str:
    """Say what goes in and what comes out."""
    if isinstance(header, ClassifierHeader):
        return (
            f"A classifier of {len(header.activities)} actions from three axes of acceleration, m/s² with gravity, at "
            f"{header.rate} Hz; a recording of any other rate is brought to it. One clip is one action, "
            f"{header.seconds:.1f} s in the middle and {header.longest:.1f} s at most: longer recordings are read in "
            f"windows, of which those between actions get the name of some action too, for it knows no other.\n\n"
            f"```\npose2imu classify {name} RECORDING.csv\n```\n\n"
            f"With the sensor on the right wrist: {', '.join(header.activities[: FIRST_LEG_ACTION - 1])}. On the right "
            f"thigh: {', '.join(header.activities[FIRST_LEG_ACTION - 1 :])}. So where it is worn tells some apart."
        )
    return (
        f"A regressor that writes the acceleration that a sensor would measure, m/s² with gravity, at {header.rate} "
        "Hz, from poses of any rate; along the axes of the sensor that it learned from, which are not those of "
        f"`--how physics`.\n\n"
        f"```\npose2imu synthesize POSES --place {header.places[0]} --how learned --weights models/{name}.safetensors "
        "-o OUT.csv\n```"
    )


def tables(header: Header, metrics: dict[str, Any]) -> list[str]:
    """Show scores, and those of each person."""
    if isinstance(header, RegressorHeader):
        lines = ["| sensor | clips | MSE, (m/s²)² | MSE of the mean | correlation of axes | of magnitudes |"]
        lines.append("| --- | ---: | ---: | ---: | ---: | ---: |")
        for place, scores in metrics.items():
            measured = " | ".join(spread(scores[key]) for key in scores if isinstance(scores[key], dict))
            lines.append(f"| {place} | {scores['clips']} | {measured} |")
        return [
            "\n".join(lines),
            "MSE of the mean: of a signal that is always the mean of training signals at that place. Of each person "
            "the mean over clips, then the mean over people.",
        ]
    accuracy = metrics["accuracy"]
    people = accuracy["by_person"]
    lines = [
        f"| accuracy | macro-F1 | {' | '.join(people)} |",
        f"| ---: | ---: |{' ---: |' * len(people)}",
        f"| {spread(accuracy)} | {metrics['f1']:.3f} | {' | '.join(f'{value:.3f}' for value in people.values())} |",
    ]
    return ["\n".join(lines), f"Accuracy of {metrics['clips']} clips: the mean over people, and of each."]


def spread(score: dict[str, Any]) -> str:
    """Write a mean over people with its interval."""
    digits = 3 if abs(score["mean"]) < 1 else 1
    text = f"{score['mean']:.{digits}f}"
    if score["interval"] is None:
        return text
    low, high = score["interval"]
    return f"{text} ({low:.{digits}f} to {high:.{digits}f})"
