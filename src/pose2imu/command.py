"""What scripts share: bad input ends in one line on stderr and exit code 1, and how a run is named."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from pose2imu import lock
from pose2imu.errors import InputError
from pose2imu.layout import DATA


def run(main: Callable[[], None]) -> None:
    """Run a script's `main`.

    Before it, what is no part of a stage's result and in no recipe: a copy of dvc.lock is kept, which DVC leaves alone
    while a stage runs, and a long training is announced.
    """
    lock.keep()
    match sys.argv:
        case [script, _, benchmark, *_] if Path(script).name == "train.py":
            from pose2imu.announce import announce  # noqa: PLC0415 - one script's

            announce(benchmark)
    try:
        if DATA.is_symlink():
            raise InputError(f"{DATA}: a link to {DATA.resolve()}; DVC needs a folder: mount the disk there")
        main()
    except InputError as error:
        sys.exit(f"error: {error}")
    except OSError as error:  # a full disk, a read-only folder; of a renaming, what was to be replaced is named
        sys.exit(f"error: {error.filename2 or error.filename or Path.cwd()}: {error.strerror or error}")
    except KeyboardInterrupt:
        sys.exit("interrupted")


def parser_of(description: str | None) -> argparse.ArgumentParser:
    """Make a parser whose --help begins with a script's docstring."""
    return argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)


def run_parser(description: str | None) -> argparse.ArgumentParser:
    """Make the parser of a stage that is one run: row, benchmark and seed."""
    parser = parser_of(description)
    parser.add_argument("row", help="of params.yaml's rows or trials")
    parser.add_argument("benchmark")
    parser.add_argument("seed", type=seed, help="0 to 2³² − 1")
    return parser


def scarce_parser(description: str | None) -> argparse.ArgumentParser:
    """Make the parser of the two commands of a run with scarce sensor data: row, scenario, level and seed."""
    parser = parser_of(description)
    parser.add_argument("row", help="of params.yaml's scarce.rows")
    parser.add_argument("scenario", choices=["clips", "people", "new_activity"])
    parser.add_argument("level")
    parser.add_argument("seed", type=seed, help="0 to 2³² − 1")
    return parser


def seed(text: str) -> int:
    """Read a seed that all generators take."""
    value = int(text)
    if not 0 <= value < 2**32:
        raise argparse.ArgumentTypeError(f"{value}: expected 0 to 2³² - 1")
    return value
