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
from pose2imu.reporting.narrow import half
from pose2imu.reporting.results import Results
from pose2imu.reporting.summary import answer, summary

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


def test_the_summary_has_the_claim_and_the_best_method_of_real_data(written: Callable[..., Path]) -> None:
    root = written("utd_mhad_cross_subject", (0, 1, 2), [*METHODS, "imutube", "crc"])
    written("sample")
    claim, empty, best = summary(["sample", "utd_mhad_cross_subject"], root).splitlines()
    # Fabricated: 0.09 above the baseline, each ± 0.02.
    assert ": +0.090 (+0.045 to +0.135, 3 seeds) on `utd_mhad_cross_subject`; the paper has +0.110." in claim
    assert empty == ""
    assert (
        best == "Most whole clips are got right by *Chen et al.* on `utd_mhad_cross_subject` (1.000, proposed 0.830)."
    )
    written("utd_mhad_cross_subject", (0,))
    assert "seeds" not in summary(["utd_mhad_cross_subject"], root)  # one seed has no interval, and decides nothing


def test_the_summary_of_data_without_clips(written: Callable[..., Path]) -> None:
    text = summary(["mm_fit_unseen"], written("mm_fit_unseen"))
    assert text.endswith("2 seeds) on `mm_fit_unseen`; the paper has +0.017.\n")
    assert "clips" not in text


def test_the_answer_takes_the_verdict_where_there_is_one() -> None:
    written_, scarce = "A claim\nof two lines.\n\nThe best.\n", "**What poses are worth.**\n\nMore.\n"
    verdict = "# Verdict\n\nThree of ten claims hold.\n\n| a |\n"
    lines = ["- **Where labels are scarce:** What poses are worth.", "- **Where they are not:** The best."]
    assert answer(written_, scarce, None).splitlines() == ["- **Does the paper hold?** A claim of two lines.", *lines]
    assert answer(written_, scarce, verdict).splitlines() == [
        "- **Does the paper hold?** Three of ten claims hold.",
        *lines,
    ]


def test_half_of_an_interval_by_hand() -> None:
    assert half(0.03, 9) == pytest.approx(2.306 * 0.01, abs=1e-5)  # t of 8 degrees of freedom
