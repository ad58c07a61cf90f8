"""What every stage script shares: bad input ends in one line on stderr and exit code 1, not in a traceback."""

import sys
from collections.abc import Callable

from pose2imu.errors import InputError


def run(main: Callable[[], None]) -> None:
    """Run a script's `main`."""
    try:
        main()
    except InputError as error:
        sys.exit(f"error: {error}")
