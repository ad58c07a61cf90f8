"""Stage streams: how well poses and sensor data of each recording fit, as they lie and at their best lag."""

import here  # noqa: F401

from pose2imu.atomic import write_csv
from pose2imu.command import parser_of, run
from pose2imu.layout import REPORTS, RESAMPLED
from pose2imu.preprocessing.alignment import fits_of_recordings
from pose2imu.preprocessing.arrays import RESAMPLED_COLUMNS, load
from pose2imu.preprocessing.placement import placement_in
from pose2imu.recipes import VirtualSensors, load_options

REACH = 0.5  # seconds


def main() -> None:
    """Read data/resampled/DATASET, write reports/streams/DATASET.csv."""
    parser = parser_of(__doc__)
    parser.add_argument("dataset")
    name = parser.parse_args().dataset
    options = load_options("streams", name, VirtualSensors)
    placement = placement_in(name, options.limb, options.sensor.placement)
    recordings = load(RESAMPLED / name, RESAMPLED_COLUMNS)
    fits = fits_of_recordings(recordings, options.rate, placement, options.sensor.knots, REACH)
    write_csv(REPORTS / "streams" / f"{name}.csv", fits)


if __name__ == "__main__":
    run(main)
