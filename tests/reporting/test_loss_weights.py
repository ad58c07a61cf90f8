"""Curves over α and β; all scores here are made up."""

from pathlib import Path

import pytest
from fabricate import fabricate, fabricate_runs

from pose2imu.atomic import write_json
from pose2imu.errors import InputError
from pose2imu.recipes import Recipe
from pose2imu.reporting import loss_weights
from pose2imu.reporting.loss_weights import draw, to_markdown
from pose2imu.reporting.loss_weights import loss_weights as curves
from tests.toy import params

BENCHMARK = "utd_mhad_cross_subject"  # the one that can be fabricated
SEEDS = [0, 1, 2]


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a project of its own, where joint_similarity (β = 10) stands beside baseline and joint (β = 0)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(loss_weights, "BENCHMARK", BENCHMARK)
    fabricate(Path(), BENCHMARK, ["baseline", "joint", "joint_similarity"], SEEDS)
    fabricate_runs(Path(), BENCHMARK, {"baseline": SEEDS, "joint": SEEDS}, {}, {"joint_similarity": SEEDS[1:]})
    for row in ("baseline", "joint", "joint_similarity"):
        options, method = params().options(row, BENCHMARK), params().method_of(row)
        recipe = Recipe(benchmark=BENCHMARK, row=row, method=method, options=options, code={})
        write_json(Path(f"reports/recipes/train/{BENCHMARK}/{row}.json"), recipe.model_dump())


def test_each_value_has_a_mean_and_its_difference_on_the_seeds_that_all_have() -> None:
    frame = curves()
    of = frame[(frame.weight == "beta") & (frame.measure == "window_f1")].set_index("value")
    assert list(of.index) == [0, 10]
    assert of.n.tolist() == [2, 2]
    # Fabricated: 0.60 + 0.03 × the row's place (joint: 3, joint_similarity: 4) + 0.02 × the seed, seeds 1 and 2.
    assert of["mean"].tolist() == pytest.approx([0.72, 0.75])
    assert of.difference[10] == pytest.approx(0.03)
    # Two seeds: ± 12.706 times 0.02 / √2 / √2.
    assert of.high[10] - of["mean"][10] == pytest.approx(12.706 * 0.01, rel=1e-4)
    alone = frame[(frame.row == "baseline") & (frame.measure == "window_f1")]
    assert alone["mean"].tolist() == pytest.approx([0.63])
    assert list(frame[frame.weight == "alpha"]["value"].unique()) == [1]


def test_the_table_says_from_what_the_differences_are(tmp_path: Path) -> None:
    text = to_markdown(curves())
    assert "the same 2 seeds" in text
    row = next(line for line in text.splitlines() if line.startswith("| 10 |"))
    assert "| 0.750 (0.623 to 0.877) | +0.030 (+0.030 to +0.030) |" in row
    real = next(line for line in text.splitlines() if line.startswith("| real data alone |"))
    assert real.endswith("| – | – |")  # it has no R
    assert (tmp_path / draw(curves(), tmp_path)).read_text().count("real data alone") == 1


def test_without_rows_of_other_weights_there_is_no_curve() -> None:
    fabricate_runs(Path(), BENCHMARK, {"baseline": SEEDS, "joint": SEEDS}, {}, {})
    with pytest.raises(InputError, match="nothing is run beside the table"):
        curves()


def test_a_run_that_is_missing_is_named() -> None:
    fabricate_runs(Path(), BENCHMARK, {"baseline": SEEDS, "joint": SEEDS}, {}, {"joint_similarity": [9]})
    with pytest.raises(InputError, match="joint_similarity-9"):
        curves()
