"""Stage virtual: what virtual sensors on the skeletons of a benchmark's training recordings read (IMUTube)."""

import here  # noqa: F401

from pose2imu.command import parser_of, run
from pose2imu.layout import NORMALIZED, RESAMPLED, VIRTUAL
from pose2imu.preprocessing.arrays import RESAMPLED_COLUMNS, load, save
from pose2imu.preprocessing.placement import placement_in
from pose2imu.preprocessing.virtual_recordings import virtual_recordings
from pose2imu.recipes import VirtualSensors, load_options


def main() -> None:
    """Read data/resampled/DATASET and data/normalized/BENCHMARK, write data/virtual/BENCHMARK."""
    parser = parser_of(__doc__)
    parser.add_argument("benchmark")
    name = parser.parse_args().benchmark
    options = load_options("virtual", name, VirtualSensors)
    sensor = options.sensor
    placement = placement_in(options.dataset, options.limb, sensor.placement)
    resampled, normalized = load(RESAMPLED / options.dataset, RESAMPLED_COLUMNS), load(NORMALIZED / name)
    virtual = virtual_recordings(
        resampled, normalized, options.rate, placement, sensor.knots, sensor.noise, sensor.align, sensor.per_class
    )
    save(virtual, VIRTUAL / name)


if __name__ == "__main__":
    run(main)
