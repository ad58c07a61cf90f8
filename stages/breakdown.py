"""Stage breakdown: a benchmark's test scores by person and by activity, and what is confused."""

import here  # noqa: F401

from pose2imu.atomic import replacing, write_text
from pose2imu.command import parser_of, run
from pose2imu.layout import breakdown_folder
from pose2imu.reporting import results
from pose2imu.reporting.breakdown.written import written


def main() -> None:
    """Read reports/BENCHMARK/runs; write reports/breakdown/BENCHMARK."""
    parser = parser_of(__doc__)
    parser.add_argument("benchmark")
    name: str = parser.parse_args().benchmark
    texts = written(results.load(name))
    with replacing(breakdown_folder(name)) as temporary:
        temporary.mkdir()
        for file, text in texts.items():
            write_text(temporary / file, text)


if __name__ == "__main__":
    run(main)
