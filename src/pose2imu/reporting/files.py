"""files.csv: a benchmark's results as they were when its table was made of them, each by its hash."""

import hashlib
from pathlib import Path

import pandas as pd

from pose2imu.layout import REPORTS

NAME = "files.csv"
UNLISTED = "runtime.json"  # differs from one machine to the next
BESIDE_RUNS = ("benchmark.json", "statistics.json")


def listing(benchmark: str, root: Path = Path()) -> pd.DataFrame:
    """List what the table of a benchmark rests on: path, below its folder of reports/, and MD5, as DVC has it."""
    folder = root / REPORTS / benchmark
    paths = [folder / name for name in BESIDE_RUNS] + sorted((folder / "runs").rglob("*"))
    files = [path for path in paths if path.is_file() and path.name != UNLISTED]
    rows = [(path.relative_to(folder).as_posix(), _md5(path)) for path in files]
    return pd.DataFrame(rows, columns=["path", "md5"])


def _md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
