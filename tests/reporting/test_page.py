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


def test_missing_table_is_named(fabricated: Make, tmp_path: Path) -> None:
    fabricated("sample")
    with pytest.raises(InputError, match=r"sample/table\.csv is missing"):
        page_of("sample", tmp_path)
