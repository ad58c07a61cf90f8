"""The page's first section, on claims made up here."""

from pathlib import Path

import pytest

from pose2imu.reporting.page.effects import Effect, bar, reach, said
from pose2imu.reporting.page.verdict import claims

NAN = float("nan")
FIXTURE = Path(__file__).parent / "verdict.csv"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports/verdict.csv").write_text(FIXTURE.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def test_a_claim_is_shown_by_its_comparison_over_most_people(root: Path) -> None:
    first, second, third = claims(root)
    assert (first.key, len(first.lines)) == ("joint_over_baseline", 4)
    assert (first.first.benchmark, first.first.how) == ("b_loso", "8 people")
    assert first.first.verdict == "not reproduced"
    assert first.tally == "3 not reproduced, 1 not decidable"
    assert second.first.said == "+0.068 (+0.049 to +0.086)"
    assert (second.first.paper, second.first.how, second.first.p) == ("−0.063", "10 seeds", "p < 0.001")
    assert (third.first.said, third.first.how, third.first.paper, third.first.p) == ("+2.1", "1 seed", "", "")


def test_without_a_verdict_there_are_no_claims(tmp_path: Path) -> None:
    assert claims(tmp_path) == []


def test_a_bar_is_on_its_axis() -> None:
    effects = [Effect(0.5, -0.5, 1.0, NAN, 3, "seeds"), Effect(-1.0, NAN, NAN, 0.5, 1, "seeds")]
    most = reach(effects)
    assert most == 1.0
    first, second = (bar(effect, most) for effect in effects)
    assert 'class="span" d="M54.0 10H192.0"' in first  # 100 is zero, 92 to either side
    assert 'cx="146.0"' in first
    assert "printed" not in first
    assert 'cx="8.0"' in second
    assert "span" not in second
    assert 'class="printed"' in second
    assert said(effects[0], 5.0) == "+0.5 (−0.5 to +1.0)"
    assert reach([]) == 1.0
