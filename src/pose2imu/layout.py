"""Where the stages keep things: large ones in data/ (DVC's), small ones in reports/ (git's)."""

from pathlib import Path

from pose2imu.errors import InputError

DATA, REPORTS = Path("data"), Path("reports")
RAW, RESAMPLED, NORMALIZED, VIRTUAL = (DATA / name for name in ("raw", "resampled", "normalized", "virtual"))
WINDOWS, MODELS = DATA / "windows", DATA / "models"
OWN = "own"  # recordings of one's own: their folder in data/, and that of their runs' recipes
OWN_DATA = DATA / OWN
RECIPES = REPORTS / "recipes"
SCARCE = "scarce"  # the experiment with scarce sensor data, in place of a benchmark's name


def weights_file(benchmark: str, row: str, seed: int) -> Path:
    """Give the file of what a run learned."""
    return MODELS / benchmark / f"{row}-{seed}.safetensors"


def run_folder(benchmark: str, row: str, seed: int) -> Path:
    """Give the folder of what git keeps of a run.

    As far as the row has them: metrics.json, predictions.parquet, clips.parquet, curve.csv or tried.csv,
    generated.parquet, errors.parquet and runtime.json.
    """
    return REPORTS / benchmark / "runs" / f"{row}-{seed}"


def rows_file(benchmark: str) -> Path:
    """Give the file of what is run of a benchmark of own recordings: what they allow, by seed."""
    return REPORTS / benchmark / "rows.json"


def scarce_folder(scenario: str, level: str, row: str, seed: int) -> Path:
    """What is kept in git of a run with scarce sensor data: metrics.json, clips.parquet, curve.csv and runtime.json."""
    return REPORTS / SCARCE / "runs" / scenario / level / f"{row}-{seed}"


def table_folder(benchmark: str) -> Path:
    """Give the folder of what a benchmark's runs add up to: table.csv, table.md, comparisons.csv, by_class.csv,
    confusions.csv, figures, report.html, and files.csv, which says of what they were made."""
    return REPORTS / "tables" / benchmark


def breakdown_folder(benchmark: str) -> Path:
    """Give the folder of a benchmark's scores by person and activity: breakdown.md, and the tables behind it."""
    return REPORTS / "breakdown" / benchmark


def existing(path: Path) -> Path:
    """Give the path of a file that an earlier stage wrote; InputError where there is none."""
    if not path.is_file():
        raise InputError(f"{path} is missing: run `dvc repro` to make it")
    return path
