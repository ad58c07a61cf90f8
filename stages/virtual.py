"""Stage virtual: what virtual sensors on the skeletons of a benchmark's training recordings read (IMUTube)."""

import here  # noqa: F401

from pose2imu.command import parser_of, run
from pose2imu.datasets.catalogue import DATASETS
from pose2imu.layout import NORMALIZED, RESAMPLED, VIRTUAL
from pose2imu.preprocessing.arrays import RESAMPLED_COLUMNS, load, save
from pose2imu.preprocessing.virtual_recordings import Placement, virtual_recordings
from pose2imu.recipes import VirtualSensors, load_options


def main() -> None:
    """Read data/resampled/DATASET and data/normalized/BENCHMARK, write data/virtual/BENCHMARK."""
    parser = parser_of(__doc__)
    parser.add_argument("benchmark")
    name = parser.parse_args().benchmark
    options = load_options("virtual", name, VirtualSensors)
    about, sensor = DATASETS[options.dataset], options.sensor
    placement = Placement(about.vertical, lambda recording: about.near_bone(recording, options.limb), sensor.placement)
    resampled, normalized = load(RESAMPLED / options.dataset, RESAMPLED_COLUMNS), load(NORMALIZED / name)
    virtual = virtual_recordings(
        resampled, normalized, options.rate, placement, sensor.knots, sensor.noise, sensor.align, sensor.per_class
    )
    save(virtual, VIRTUAL / name)


if __name__ == "__main__":
    run(main)
