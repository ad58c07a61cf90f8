"""The proposed method against the others, in numbers and in sentences; all results here are fabricated."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from fabricate import METHODS
from scipy import stats

from pose2imu.atomic import write_csv
from pose2imu.reporting import tables
from pose2imu.reporting.comparisons import comparisons, interval, read_csv, sentences
from pose2imu.reporting.results import Results
from pose2imu.reporting.summary import summary

Make = Callable[..., Results]


def said(results: Results) -> list[str]:
    return sentences(comparisons(results), results.names)


def test_comparisons_are_differences_of_the_tables_means(fabricated: Make) -> None:
    results = fabricated("utd_mhad_cross_subject")
    means = tables.table(results).set_index("method")
    frame = comparisons(results)
    assert frame[["other", "metric"]].to_numpy().tolist() == [
        ["baseline", "window F1"],
        ["regression_first", "window F1"],
        ["regression_first", "MSE"],
    ]
    assert frame["here"].tolist() == pytest.approx(
        [
            *(means.window_f1["joint"] - means.window_f1[row] for row in ("baseline", "regression_first")),
            means.mse["joint"] - means.mse["regression_first"],
        ]
    )
    assert frame["paper"].tolist() == pytest.approx([0.7388 - 0.6285, 0.7388 - 0.6650, 0.3281 - 0.3910])
    assert frame["n"].tolist() == [2, 2, 2]


def test_what_is_said_of_them(fabricated: Make) -> None:
    results = fabricated("utd_mhad_cross_subject")
    lines, (row, *_) = said(results), comparisons(results).itertuples()
    assert len(lines) == 4
    assert lines[0] == (
        f"Proposed minus Baseline (real data), window F1: {row.here:+.3f} here (difference of means, n = 2, 95 % "
        f"interval {row.low:+.3f} to {row.high:+.3f}), +0.1103 in the paper."
    )
    assert lines[2].endswith("-0.0629 in the paper.")
    lines = said(fabricated("utd_mhad_cross_subject", methods=["joint", "augmentation"]))
    assert lines[0].startswith("Proposed minus Classical augmentation, window F1: ")
    assert lines[0].endswith("); not in the paper.")
    assert lines[1].startswith("Intervals: ")
    assert not any("nterval" in line for line in said(fabricated("utd_mhad_cross_subject", (0,))))


def test_data_that_the_paper_does_not_have_is_not_compared(fabricated: Make) -> None:
    sample = fabricated("sample")
    assert comparisons(sample).empty
    assert said(sample) == []
    assert "in the paper" not in tables.to_markdown(tables.table(sample), sample.protocol, comparisons(sample))
    assert comparisons(fabricated("utd_mhad_cross_subject", methods=["baseline"])).empty


def test_the_interval_of_a_difference_is_welchs() -> None:
    one, other = pd.Series([0.61, 0.64, 0.60, 0.66]), pd.Series([0.59, 0.58, 0.62])
    expected = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
    assert interval(one, other) == pytest.approx(tuple(expected))
    same = pd.Series([0.6, 0.6, 0.6])
    assert interval(same, same) == (0.0, 0.0)


@pytest.fixture
def written(fabricated: Make, tmp_path: Path) -> Callable[..., Path]:
    """Write a fabricated benchmark's table and comparisons, as the report stage does."""

    def make(benchmark: str, *args: object) -> Path:
        results, folder = fabricated(benchmark, *args), tmp_path / "reports/tables" / benchmark
        write_csv(folder / "table.csv", tables.table(results))
        write_csv(folder / "comparisons.csv", comparisons(results))
        return tmp_path

    return make


def test_comparisons_come_back_from_their_file(fabricated: Make, written: Callable[..., Path]) -> None:
    for benchmark in ("utd_mhad_cross_subject", "sample"):
        found = read_csv(written(benchmark) / f"reports/tables/{benchmark}/comparisons.csv")
        expected = comparisons(fabricated(benchmark))
        pd.testing.assert_frame_equal(found, expected, check_dtype=False, atol=1e-6)


def test_the_summary_says_who_is_ahead_and_nothing_of_synthetic_data(
    written: Callable[..., Path],
) -> None:
    root = written("utd_mhad_cross_subject", (0, 1, 2), [*METHODS, "imutube", "crc"])
    written("sample")
    (line,) = summary(["sample", "utd_mhad_cross_subject"], root).splitlines()
    assert line.startswith("- `utd_mhad_cross_subject`, macro-F1 of windows, n = 3: *Proposed* is ")
    # Fabricated: 0.09 above the baseline, 0.06 above regression-first, and 0.06 below IMUTube, each ± 0.02.
    assert "is ahead of *Baseline (real data)* (+0.090, " in line
    assert "is ahead of *Regression-first* (+0.060, " in line
    assert "the paper: +0.110" in line
    assert "is behind *IMUTube, from the dataset's poses* (-0.060, " in line
    assert "Of whole clips *Chen et al.* gets most right, 1.000, the proposed method 0.830." in line
    written("utd_mhad_cross_subject", (0, 1), ["regression_first", "joint"])
    assert "is level with *Regression-first*" in summary(["utd_mhad_cross_subject"], root)  # 0 is in the interval
    written("utd_mhad_cross_subject", (0,))
    assert summary(["utd_mhad_cross_subject"], root) == "\n"  # one seed has no interval, and decides nothing


def test_the_summary_of_data_without_clips(written: Callable[..., Path]) -> None:
    text = summary(["mm_fit_unseen"], written("mm_fit_unseen"))
    assert text.startswith("- `mm_fit_unseen`, macro-F1 of windows, n = 2: *Proposed* is ahead of *Baseline")
    assert "clips" not in text
