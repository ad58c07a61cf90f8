"""What stage scripts share: bad input ends in one line on stderr and exit code 1, and how a run is named."""

import argparse
import sys
from collections.abc import Callable, Iterable

from pose2imu.errors import InputError


def run(main: Callable[[], None]) -> None:
    """Run a script's `main`."""
    try:
        main()
    except InputError as error:
        sys.exit(f"error: {error}")


def run_parser(description: str | None, methods: Iterable[str], benchmarks: Iterable[str]) -> argparse.ArgumentParser:
    """The arguments of a stage that is one run: method, benchmark and seed."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("method", choices=list(methods))
    parser.add_argument("benchmark", choices=list(benchmarks))
    parser.add_argument("seed", type=int)
    return parser
