"""Tables against values worked out by hand; all results here are fabricated."""

import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from fabricate import METHODS

from pose2imu.atomic import write_csv
from pose2imu.reporting import tables
from pose2imu.reporting.comparisons import comparisons
from pose2imu.reporting.results import Results
from pose2imu.reporting.tables import COLUMNS, best, formatted, metrics, read_csv, table

Make = Callable[..., Results]


def to_markdown(results: Results) -> str:
    return tables.to_markdown(table(results), results.protocol, comparisons(results))


def test_mean_and_sample_standard_deviation(fabricated: Make) -> None:
    frame = table(fabricated("sample", (0, 1, 2))).set_index("method")
    # Fabricated as 0.60, 0.62, 0.64: mean 0.62, and with ddof = 1 sd = sqrt((0.02² + 0.02²) / 2) = 0.02.
    assert frame.loc["baseline", "window_f1"] == pytest.approx(0.62)
    assert frame.loc["baseline", "window_f1_sd"] == pytest.approx(0.02)
    assert frame.loc["joint", "mse"] == pytest.approx(0.41)
    assert frame.loc["joint", "mse_sd"] == pytest.approx(0.01)
    assert math.isnan(frame.loc["baseline", "mse"])
    assert frame["n_seeds"].eq(3).all()


def test_one_seed_has_no_standard_deviation(fabricated: Make) -> None:
    frame = table(fabricated("sample", (0,)))
    assert frame["window_f1_sd"].isna().all()
    assert formatted(frame)["window_f1"][0] == "0.600 (n=1)"


def test_sample_has_no_paper_values_and_says_it_is_synthetic(fabricated: Make) -> None:
    results = fabricated("sample")
    frame = table(results)
    assert list(frame["method"]) == list(METHODS)
    assert frame.filter(like="paper").isna().all(axis=None)
    assert set(frame["data"]) == {"synthetic"}
    assert "Synthetic data" in to_markdown(results)


def test_paper_values_stand_beside_ours_and_are_told_apart(fabricated: Make) -> None:
    results = fabricated("utd_mhad_cross_subject")
    frame = table(results).set_index("method")
    assert frame.loc["joint", ["paper_f1", "paper_f1_sd", "paper_mse"]].tolist() == [0.7388, 0.0101, 0.3281]
    assert frame.loc["crc", "source"] == "paper, quoted from reference"
    assert pd.isna(frame.loc["crc", "n_seeds"])
    assert math.isnan(frame.loc["crc", "window_f1"])
    assert frame.loc["joint", "source"] == "this pipeline"
    markdown = to_markdown(results)
    assert "Synthetic" not in markdown
    assert "| Chen et al. | – | – | – | – | 0.6720 (clip) \\* |" in markdown
    assert "0.7388 ± 0.0101" in markdown
    assert "0.700 ± 0.014 (n=2)" in markdown


def test_what_runs_were_given_is_shown_where_it_differs(fabricated: Make) -> None:
    results = fabricated("utd_mhad_cross_subject", methods=["joint", "crc", "trees"])
    markdown = to_markdown(results)
    assert "| Method | Axes | Trained on | F1 (window level) |" in markdown
    assert "| Proposed | 3 | s1 s3 s5 | " in markdown
    # One level has no score, and the published one stands beside ours.
    assert (
        "| Chen et al. | 6 | s1 s3 s5 s7 | – | – | – | – | 0.6720 (clip) \\* | – | "
        "**1.000 ± 0.000 (n=2)** | **1.000 ± 0.000 (n=2)** |"
    ) in markdown
    assert "| Memmesheimer et al. | – | – |" in markdown
    assert "Axes" not in to_markdown(fabricated("sample"))


def test_a_row_says_whether_its_network_was_pretrained(fabricated: Make) -> None:
    frame = table(fabricated("utd_mhad_cross_subject", methods=["joint", "signal_image", "signal_image_three_axes"]))
    names = frame.set_index("method")["row"]
    assert names["signal_image"] == "Memmesheimer et al., from pretrained weights"
    assert names["signal_image_three_axes"] == "Memmesheimer et al., three axes, from scratch"
    assert names["joint"] == "Proposed"


def test_imutube_is_the_papers_own_run(fabricated: Make) -> None:
    frame = table(fabricated("mm_fit_unseen")).set_index("method")
    assert frame.loc["imutube", "source"] == "paper"
    assert frame.loc["imutube", "paper_f1"] == 0.7697


def test_only_our_best_means_are_bold(fabricated: Make) -> None:
    results = fabricated("mm_fit_unseen")
    frame = table(results)
    bold = best(frame)
    assert frame.loc[bold["window_f1"], "method"].tolist() == ["joint_similarity"]
    assert not bold["paper_f1"].any()
    assert "**0.730 ± 0.014 (n=2)**" in to_markdown(results)


def test_csv_round_trip_and_fixed_format(fabricated: Make, tmp_path: Path) -> None:
    frame = table(fabricated("utd_mhad_cross_subject"))
    write_csv(tmp_path / "table.csv", frame)
    pd.testing.assert_frame_equal(read_csv(tmp_path / "table.csv"), frame, check_dtype=False, atol=1e-6)
    content = (tmp_path / "table.csv").read_bytes()
    assert b"\r" not in content
    assert content.decode().splitlines()[0] == ",".join(COLUMNS)
    assert b",0.610000,0.014142," in content


def test_what_dvc_shows_are_mean_scores_and_the_errors_of_the_papers_regressors(fabricated: Make) -> None:
    rows = ["baseline", "regression_first", "joint", "joint_similarity", "crc"]
    frame = table(fabricated("utd_mhad_cross_subject", (0, 1, 2), rows))
    expected = {"baseline": 0.62, "regression_first": 0.65, "joint": 0.71, "joint_similarity": 0.74, "crc": 1.0}
    assert metrics(frame) == {**expected, "regression_first_mse": 0.41, "joint_mse": 0.41}
    assert metrics(table(fabricated("sample", (0,), ["baseline"]))) == {"baseline": 0.6}
