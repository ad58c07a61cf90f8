"""Stage window: the index of a benchmark's windows, a description of the benchmark, and its statistics: what training
reads beside the signals."""

import shutil
import warnings

import here  # noqa: F401

from pose2imu.atomic import replacing, write_json, write_parquet
from pose2imu.command import parser_of, run
from pose2imu.datasets.benchmark import Benchmark
from pose2imu.datasets.catalogue import DATASETS
from pose2imu.datasets.protocol import SPLITS, describe
from pose2imu.errors import InputError
from pose2imu.layout import NORMALIZED, REPORTS, WINDOWS, existing
from pose2imu.preprocessing.arrays import load
from pose2imu.preprocessing.window import window_index
from pose2imu.recipes import Windowing, load_options


def main() -> None:
    """Read data/normalized/BENCHMARK, write data/windows/BENCHMARK and reports/BENCHMARK/benchmark.json."""
    parser = parser_of(__doc__)
    parser.add_argument("benchmark")
    name = parser.parse_args().benchmark
    options = load_options("window", name, Windowing)
    about = DATASETS[options.dataset]
    recordings = load(NORMALIZED / name)
    window, stride = (round(seconds * options.rate) for seconds in (options.window, options.stride))
    index = window_index(recordings, window, stride, options.label)
    classes = about.classes if options.activities is None else options.activities
    if (label := int(recordings.label.max())) >= len(classes):
        expected = f"expected labels up to {len(classes) - 1}, for as many classes"
        raise InputError(f"{NORMALIZED / name / 'label.npy'}: has label {label}; {expected}")
    for split in SPLITS:
        if not (index.split == split).any():
            raise InputError(f"{name}: no {split} recording holds a window of {options.window} s")
    used = recordings.table.recording.isin(index.recording)
    if without := list(recordings.table.recording[recordings.table.split.notna() & ~used]):
        found = f"{name}: {len(without)} recordings hold no whole window of {options.window} s, the first {without[0]}"
        if about.clips:
            raise InputError(f"{found}; expected a window that fits into every clip")
        warnings.warn(f"{found}; they are left out", stacklevel=1)
    benchmark = Benchmark(
        benchmark=name,
        dataset=options.dataset,
        synthetic=about.synthetic,
        classes=list(classes),
        clips=about.clips,
        rate=options.rate,
        window=window,
        stride=stride,
        **describe(recordings.table[used], index),
    ).model_dump()
    with replacing(WINDOWS / name) as folder:
        write_parquet(folder / "index.parquet", index)
        write_json(folder / "benchmark.json", benchmark)
        shutil.copyfile(existing(REPORTS / name / "statistics.json"), folder / "statistics.json")
    write_json(REPORTS / name / "benchmark.json", benchmark)


if __name__ == "__main__":
    run(main)
