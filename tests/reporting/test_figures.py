"""Figures are deterministic, complete and small; all results here are fabricated."""

from pathlib import Path

import numpy as np
import pandas as pd

from pose2imu.reporting.confusion import percent
from pose2imu.reporting.figures import read


def test_figures_are_complete_small_and_without_a_date(published: Path) -> None:
    """That they have the same bytes each time, test_report_stages.py says."""
    folder = published / "reports/tables/utd_mhad_cross_subject/figures"
    drawn = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert all(len(content) < 250_000 for content in drawn.values())
    assert not any(b"<dc:date>" in content for content in drawn.values())
    # One of scores, learning curves and Fig. 3, and a confusion matrix per method: all in the index, nothing else.
    names = {figure.file for figure in read(folder)}
    assert names == set(drawn) - {"index.json"}
    assert len(names) == 3 + 2


def test_a_baseline_alone_has_no_figure_3_and_synthetic_data_is_named(published: Path) -> None:
    figures = read(published / "reports/tables/sample/figures")
    assert {Path(figure.file).stem for figure in figures} == {"f1", "curves", "confusion-baseline"}
    assert all(figure.caption.endswith("Synthetic data.") for figure in figures)


def test_confusion_rows_sum_to_100_and_absent_classes_are_empty() -> None:
    runs = pd.DataFrame({"label": [0, 0, 0, 0, 1], "predicted": [0, 0, 0, 2, 1]})
    expected = np.array([[75, 0, 25], [0, 100, 0], [np.nan] * 3])
    np.testing.assert_allclose(percent(runs, 3), expected)
