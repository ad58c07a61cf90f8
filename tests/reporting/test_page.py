"""The HTML page loads nothing, and marks what is synthetic and what is the paper's; all results here are fabricated."""

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pose2imu.errors import InputError
from pose2imu.reporting.page import render_page as render
from pose2imu.reporting.page import section
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
    sample, real = section("sample", root), section("utd_mhad_cross_subject", root)
    html = render([sample, real])

    parser = Loads()
    parser.feed(html)
    assert parser.found
    assert all(value.startswith("data:image/") for value in parser.found)
    assert "url(" not in html
    assert "@import" not in html
    assert "<script" not in html

    assert html == render([section("sample", root), section("utd_mhad_cross_subject", root)])
    assert html.count(BANNER) == 1
    assert BANNER in render([sample])
    assert BANNER not in render([real])
    assert "0.7388 ± 0.0101" in render([real])
    assert "0.7388" not in render([sample])
    assert "Printed in the paper" not in render([sample])
    assert "What is known of the paper's own numbers" in render([real])


def test_missing_table_is_named(fabricated: Make, tmp_path: Path) -> None:
    fabricated("sample")
    with pytest.raises(InputError, match=r"sample/table\.csv is missing"):
        section("sample", tmp_path)
