"""The HTML page loads nothing, and marks what is synthetic and what is the paper's; all results here are fabricated."""

import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pose2imu.errors import InputError
from pose2imu.reporting.page.whole import page, page_of
from pose2imu.reporting.results import Results

Make = Callable[..., Results]
BANNER = '<div class="banner"'


class Loads(HTMLParser):
    """Collects what a browser would fetch to show the page; a link it only offers is not among it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        names = ("src", "srcset", "data", "poster") if tag == "a" else ("src", "srcset", "data", "poster", "href")
        self.found += [value or "" for name, value in attributes if name in names]


def test_page_over_two_benchmarks(published: Path) -> None:
    root = published
    names = ["sample", "utd_mhad_cross_subject"]
    html, sample, real = page(names, root), page_of("sample", root), page_of("utd_mhad_cross_subject", root)

    parser = Loads()
    parser.feed(html)
    assert parser.found
    assert all(value.startswith("data:image/") for value in parser.found)
    assert "url(" not in html
    assert "@import" not in html
    assert "<script" not in html

    assert html == page(names, root)
    assert html.count(BANNER) == 1
    assert BANNER in sample
    assert BANNER not in real
    assert "0.7388<small>± 0.0101</small>" in real
    assert "0.7388" not in sample
    assert "<small>paper</small>" not in sample
    assert "What is known of the paper's own numbers" in real
    assert 'id="verdict"' not in html
    assert 'id="scarce"' not in html


def test_the_verdict_comes_first_where_there_is_one(published: Path, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(published, root)
    shutil.copy(Path(__file__).parent / "verdict.csv", root / "reports")
    html = page(["utd_mhad_cross_subject"], root)
    assert html.index("<section") == html.index('<section id="verdict">')
    assert html.count('<svg class="effect"') >= 3 + 6  # a claim each, and all comparisons
    assert '<td class="word not-reproduced">not reproduced' in html
    assert "Joint training beats real data alone" in html


EXPLANATION = """question,benchmark,row,measure,value,sd,low,high,over,n
gain,utd_mhad_cross_subject,regression_first,window_f1,0.5,,0.4,0.6,people,4
gain,utd_mhad_cross_subject,joint,window_f1,0.022,,-0.004,0.049,people,4
R's MSE,utd_mhad_cross_subject,regressor,training_mse,0.479,0.037,,,runs,10
R's MSE,utd_mhad_cross_subject,regressor,test_mse,0.812,0.014,,,runs,10
fit of streams,utd_mhad,quartiles,unshifted,0.64,,0.44,0.80,recordings,861
"""


def test_what_might_explain_the_difference_is_drawn_and_said(published: Path, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(published, root)
    (root / "reports/explanation.csv").write_text(EXPLANATION)
    with pytest.raises(InputError, match=r"loss_weights\.svg is missing"):
        page(["utd_mhad_cross_subject"], root)
    (root / "reports/loss_weights.svg").write_text("<svg/>")
    html = page(["utd_mhad_cross_subject"], root)
    section = html[html.index('<section id="why">') :].split("</section>")[0]
    assert "+0.022 (−0.004 to +0.049)" in section
    assert "+0.500" not in section  # of the separately trained row
    assert "<td>–</td><td>0.48</td><td>0.81</td>" in section
    assert "as they lie</th><td>0.64</td>" in section
    assert "0.391" in section  # the paper's


def test_missing_table_is_named(fabricated: Make, tmp_path: Path) -> None:
    fabricated("sample")
    with pytest.raises(InputError, match=r"sample/table\.csv is missing"):
        page_of("sample", tmp_path)
