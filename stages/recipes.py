"""Stage recipes: all that makes each run but its data and seed, and what the code of the other stages does."""

import here  # noqa: F401

from pose2imu.command import parser_of, run
from pose2imu.params import load_params
from pose2imu.recipes import write_recipes


def main() -> None:
    """Read params.yaml and the code, write reports/recipes."""
    parser_of(__doc__).parse_args()
    write_recipes(load_params())


if __name__ == "__main__":
    run(main)
