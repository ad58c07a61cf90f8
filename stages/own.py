"""A stage up to windows, on own recordings: of data/own/NAME, and as the stage's own script does it."""

import sys
from importlib import import_module

import here  # noqa: F401

from pose2imu.atomic import replacing, write_text
from pose2imu.command import parser_of, run
from pose2imu.datasets.catalogue import DATASETS
from pose2imu.datasets.own_benchmark import entry_of, require_activities, used_lines
from pose2imu.datasets.protocol import split_recordings
from pose2imu.layout import OWN_DATA, RESAMPLED, VIRTUAL
from pose2imu.preprocessing.arrays import RESAMPLED_COLUMNS, load
from pose2imu.recipes import OWN_STAGES, Normalizing, Windowing, load_options


def main() -> None:
    """Give the catalogue an entry for data/own/NAME, in this process alone, and run the stage's script."""
    parser = parser_of(__doc__)
    parser.add_argument("stage", choices=OWN_STAGES)
    parser.add_argument("name", help="of the folder in data/own, and of params.yaml's entry in `own`")
    arguments = parser.parse_args()
    stage, name = arguments.stage, arguments.name
    folder = OWN_DATA / name
    if stage == "resample":
        DATASETS[name] = entry_of(folder)
    else:
        resampled = load(RESAMPLED / name, RESAMPLED_COLUMNS)
        DATASETS[name] = entry_of(folder, resampled, load_options("window", name, Windowing).rate)
        if stage == "normalize":
            protocol = load_options("normalize", name, Normalizing).protocol
            split = split_recordings(resampled.table, protocol)
            require_activities(resampled, split, DATASETS[name].classes, protocol.activities)
        if stage == "virtual" and not used_lines(folder)[1]:
            with replacing(VIRTUAL / name) as temporary:
                write_text(temporary / "none.txt", "These recordings have no poses, or they are not used.\n")
            return
    sys.argv = [f"{stage}.py", name]
    import_module(stage).main()


if __name__ == "__main__":
    run(main)
