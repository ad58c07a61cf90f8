"""Rehearse MM-Fit's preprocessing at full size (synthetic) in a throw-away clone; write reports/rehearsal.json."""

import argparse
import json
import shutil
from pathlib import Path

from pose2imu.atomic import write_json
from pose2imu.checking.full_size import frame_time_errors, rehearse, summary
from pose2imu.checking.rerun import clone
from pose2imu.command import run
from pose2imu.layout import REPORTS


def main() -> None:
    """Clone, simulate, run, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where to put the clone; must not exist; 10 GB, removed at the end")
    parser.add_argument("--labels", type=Path, help="folder of MM-Fit's label files, wNN/wNN_labels.csv")
    arguments = parser.parse_args()
    labels = arguments.labels.resolve() if arguments.labels else None
    clone(arguments.folder)
    try:
        result = rehearse(arguments.folder, labels)
    finally:
        shutil.rmtree(arguments.folder)
    if labels and (errors := frame_time_errors(labels)):
        result["frame_time_error_ms"] = {"workouts": len(errors), **summary(list(errors.values()))}
    write_json(REPORTS / "rehearsal.json", result)
    print(json.dumps({key: result[key] for key in ("minutes", "seconds", "peak_memory_gib", "windows")}, indent=2))


if __name__ == "__main__":
    run(main)
