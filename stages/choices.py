"""Stage choices: the table of what was tried on validation where the paper leaves a value open."""

import argparse

from pose2imu.atomic import replacing
from pose2imu.command import run
from pose2imu.layout import REPORTS
from pose2imu.params import load_params
from pose2imu.reporting.choices import choices, to_markdown


def main() -> None:
    """Read learning curves, write reports/choices.csv and reports/choices.md."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    table = choices(load_params())
    with replacing(REPORTS / "choices.csv") as temporary:
        table.to_csv(temporary, index=False, float_format="%.6f", lineterminator="\n")
    with replacing(REPORTS / "choices.md") as temporary:
        temporary.write_text(to_markdown(table), encoding="utf-8")


run(main)
