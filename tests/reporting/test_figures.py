"""Figures are deterministic, complete and small; all results here are fabricated."""

from pathlib import Path

import numpy as np
import pandas as pd

from pose2imu.reporting.figures import read
from pose2imu.reporting.learning_curves import mean_and_spread
from pose2imu.reporting.page.whole import descriptions
from pose2imu.reporting.palette import LOOKS, look
from pose2imu.reporting.style import DARK, INK, rounded, themed
from tests.toy import params


def test_figures_are_complete_small_and_without_a_date(published: Path) -> None:
    """That they have the same bytes each time, test_report_stages.py says."""
    folder = published / "reports/tables/utd_mhad_cross_subject/figures"
    drawn = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert all(len(content) < 250_000 for content in drawn.values())
    assert not any(b"<dc:date>" in content for content in drawn.values())
    # Scores by level, learning curves of classifiers and of regressors, and Fig. 3: all in the index, nothing else.
    names = {figure.file for figure in read(folder)}
    assert names == set(drawn) - {"index.json"}
    assert len(names) == 2 + 2 + 1


def test_a_baseline_alone_has_no_figure_3_and_synthetic_data_is_named(published: Path) -> None:
    figures = read(published / "reports/tables/sample/figures")
    assert {Path(figure.file).stem for figure in figures} == {"f1-window", "curves-classifiers", "curves-regressors"}
    assert all(figure.caption.endswith("Synthetic data.") for figure in figures)


def test_the_dark_theme_replaces_text_and_paper_and_no_digit_of_text_is_lost() -> None:
    svg = '<svg a="1"><path d="M 1.23456 7" style="fill: #1d2329"/><text>0.0051</text></svg>'
    changed = themed(rounded(svg))
    assert f'[style*="fill: {INK}"]{{fill:{DARK[INK]}!important}}' in changed
    assert '<path d="M 1.23 7"' in changed
    assert "<text>0.0051</text>" in changed


def test_a_learning_curve_ends_where_half_of_the_seeds_do() -> None:
    runs = pd.DataFrame({"seed": [0, 0, 0, 1, 1, 2], "epoch": [1, 2, 3, 1, 2, 1], "f1": [0.1, 0.2, 0.9, 0.3, 0.4, 0.2]})
    of = mean_and_spread(runs, "f1")
    assert list(of.index) == [1, 2]
    np.testing.assert_allclose(of["mean"], [0.2, 0.3])
    np.testing.assert_allclose(of["sd"], [0.1, 0.2 / np.sqrt(2)])


def test_every_row_of_params_has_a_look_and_a_description_of_its_own() -> None:
    scarce = params().scarce.rows
    rows = {row for study in params().runs.values() for row in (*study.row, *study.on_regressor, *study.on_virtual)}
    assert {*rows, *scarce} <= set(LOOKS)
    assert {*rows, *scarce} <= set(descriptions())
    assert len(set(LOOKS.values())) == len(LOOKS)
    assert look("someone's own") == look("someone's own")
