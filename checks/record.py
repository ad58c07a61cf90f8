"""Record in dvc.lock that code changed without changing results, for finished runs whose large outputs are not here."""

import argparse

from pose2imu.checking.record import record
from pose2imu.command import run


def main() -> None:
    """Record the stages named."""
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="First: `dvc repro recipes`; rerun each method once: same digits?"
    )
    parser.add_argument("patterns", nargs="+", metavar="PATTERN", help="'*@joint-sample-*', '*@*'")
    print("\n".join(record(parser.parse_args().patterns)))


if __name__ == "__main__":
    run(main)
