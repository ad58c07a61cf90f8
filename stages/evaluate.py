"""Stage evaluate: one run on its benchmark's test split. No training stage reads it."""

import here  # noqa: F401

from pose2imu.atomic import remove, write_json, write_parquet, write_text
from pose2imu.command import run, run_parser
from pose2imu.datasets.benchmark import load_benchmark
from pose2imu.layout import run_folder, weights_file
from pose2imu.loading.data import load_split
from pose2imu.methods import method_of
from pose2imu.testing import evaluate
from pose2imu.training import make_deterministic
from pose2imu.weights import load_weights, naming, require_fit


def main() -> None:
    """Read a run's weights and the test split, write its metrics, predictions and history to reports/BENCHMARK/runs."""
    arguments = run_parser(__doc__).parse_args()
    row, name, seed = arguments.row, arguments.benchmark, arguments.seed

    path, benchmark = weights_file(name, row, seed), load_benchmark(name)
    weights = load_weights(path, name, row, seed)
    require_fit(path, weights, benchmark)
    make_deterministic(seed, weights.settings.options.threads)
    needs = method_of(weights.recipe.method).NEEDS
    split = load_split(benchmark, "test", needs, weights.settings)
    with naming(path):
        evaluation = evaluate(weights, split, benchmark)

    folder = run_folder(name, row, seed)
    for kind in ("predictions", "clips", "errors", "generated"):
        path, table = folder / f"{kind}.parquet", getattr(evaluation, kind)
        remove(path) if table is None else write_parquet(path, table)
    write_text(folder / ("curve.csv" if needs.unit == "windows" else "tried.csv"), weights.history)
    write_json(folder / "metrics.json", evaluation.metrics)


if __name__ == "__main__":
    run(main)
