"""Stage normalize: a benchmark's recordings, z-scored by its training recordings, skeletons by equations 1 to 3."""

from dataclasses import asdict

import here  # noqa: F401

from pose2imu.atomic import write_json
from pose2imu.command import parser_of, run
from pose2imu.datasets.catalogue import DATASETS
from pose2imu.datasets.protocol import split_recordings
from pose2imu.layout import NORMALIZED, REPORTS, RESAMPLED
from pose2imu.preprocessing.activities import restrict
from pose2imu.preprocessing.alignment import aligned
from pose2imu.preprocessing.arrays import RESAMPLED_COLUMNS, load, save
from pose2imu.preprocessing.normalize import normalize
from pose2imu.preprocessing.placement import placement_in
from pose2imu.recipes import Normalizing, load_options


def main() -> None:
    """Read data/resampled/DATASET, write data/normalized/BENCHMARK and its statistics in reports/BENCHMARK."""
    parser = parser_of(__doc__)
    parser.add_argument("benchmark")
    name = parser.parse_args().benchmark
    options = load_options("normalize", name, Normalizing)
    recordings = load(RESAMPLED / options.protocol.dataset, RESAMPLED_COLUMNS)
    recordings.table["split"] = split_recordings(recordings.table, options.protocol)
    if (activities := options.protocol.activities) is not None:
        recordings = restrict(recordings, DATASETS[options.protocol.dataset].classes, activities)
    if options.protocol.aligned is not None and (by := options.alignment) is not None:
        placement = placement_in(by.dataset, by.limb, by.sensor.placement)
        recordings = aligned(recordings, options.rate, placement, by.sensor.knots, options.protocol.aligned)
    normalized, statistics = normalize(recordings, options.rate)
    save(normalized, NORMALIZED / name)
    write_json(REPORTS / name / "statistics.json", {stream: asdict(of) for stream, of in statistics.items()})


if __name__ == "__main__":
    run(main)
