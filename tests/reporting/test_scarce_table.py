"""The table of the experiment with scarce sensor data, and what poses are worth, on fabricated runs."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pose2imu.checking.scarce import problems
from pose2imu.errors import InputError
from pose2imu.evaluation.scarce import scarce_scores
from pose2imu.layout import scarce_folder
from pose2imu.reporting.scarce import results, summary, table, worth

LEVELS = {"one_a_class": 3, "quarter": 12, "all": 48}
PEOPLE = ("s2", "s4")
CLIPS = 20  # of a person
# Clips of each person that a row gets right, by level; each seed one more.
RIGHT = {"strong_cnn": (8, 12, 16), "synthetic_clips": (12, 14, 16)}
RECIPE = {
    "studies": {"a": {"scenario": "clips", "level": list(LEVELS), "seed": [0, 1, 2], "row": list(RIGHT)}},
    "names": {"strong_cnn": "Real", "synthetic_clips": "Synthetic"},
    "train": ["s1", "s3"],
    "test": list(PEOPLE),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    recipe = tmp_path / "reports/recipes/scarce/runs.json"
    recipe.parent.mkdir(parents=True)
    recipe.write_text(json.dumps(RECIPE))
    for row, counts in RIGHT.items():
        for (level, labelled), count in zip(LEVELS.items(), counts, strict=True):
            for seed in range(3):
                write_run(tmp_path, row, level, labelled, count + seed, seed)
    return tmp_path


def write_run(root: Path, row: str, level: str, labelled: int, right: int, seed: int, scenario: str = "clips") -> None:
    clips = pd.DataFrame({"subject": np.repeat(PEOPLE, CLIPS), "label": np.tile(np.arange(CLIPS) % 2, 2)})
    wrong = np.tile(np.arange(CLIPS) >= right, 2)
    clips = clips.assign(recording=clips.index.astype(str), predicted=np.where(wrong, 1 - clips.label, clips.label))
    folder = root / scarce_folder(scenario, level, row, seed)
    folder.mkdir(parents=True)
    clips.assign(p0=0.5, p1=0.5).to_parquet(folder / "clips.parquet")
    about = {"row": row, "scenario": scenario, "level": level, "seed": seed, "labelled_clips": labelled}
    metrics = {**about, "labelled": f"{level}{seed}", **scarce_scores(clips, scenario, level, 2)}
    (folder / "metrics.json").write_text(json.dumps(metrics))


def test_differences_are_paired_by_seed_and_by_person(root: Path) -> None:
    frame = table.table(results.load(root)).set_index(["row", "level"])
    first = frame.loc[("synthetic_clips", "one_a_class")]
    assert first["n"] == 3
    assert first["labelled_clips"] == LEVELS["one_a_class"]
    assert first["accuracy"] == pytest.approx((12 + 13 + 14) / 3 / CLIPS)
    assert first["accuracy_sd"] == pytest.approx(1 / CLIPS)
    # Both rows have one clip more with each seed: their difference does not vary at all.
    for name in ("difference", "low", "high", "people_low", "people_high"):
        assert first[name] == pytest.approx(4 / CLIPS)
    assert np.isnan(frame.loc[("strong_cnn", "1/4"), "difference"])
    assert frame.loc[("oracle", "one_a_class"), "accuracy"] == frame.loc[("strong_cnn", "all"), "accuracy"]


def test_an_interval_by_hand() -> None:
    low, high, p = table.interval(np.array([0.1, 0.2, 0.3]))
    half = 4.302653 * 0.1 / 3**0.5  # t of two degrees of freedom
    assert (low, high) == pytest.approx((0.2 - half, 0.2 + half), abs=1e-6)
    assert p == pytest.approx(0.0742, abs=1e-4)


def test_what_poses_are_worth_is_read_off_the_curve(root: Path) -> None:
    found = worth.worth(results.load(root))
    by_level = {one["level"]: one for one in found}
    # At 3 clips it has what real clips have at 12; at 12 it has what lies half way to 48, over the logarithm.
    assert by_level["one_a_class"]["needed"] == pytest.approx(12)
    assert by_level["1/4"]["needed"] == pytest.approx(24)
    assert by_level["one_a_class"]["low"] <= 12 <= by_level["one_a_class"]["high"]
    assert worth.sentence(found).startswith("3 labelled clips and video do the work of 12 (95 % interval ")


def test_what_no_number_of_clips_gives_is_a_bound() -> None:
    found = worth.needed(np.array([0.9, 0.9]), np.array([[0.1, 0.5], [0.2, 0.6]]), np.array([10.0, 100.0]))
    assert (found["needed"], found["more"], found["high_more"]) == (pytest.approx(100), True, True)


def test_new_activities_are_scored_on_their_own_clips() -> None:
    clips = pd.DataFrame({"label": [0, 0, 9, 18, 1, 2], "predicted": [0, 1, 9, 0, 0, 2]})
    assert scarce_scores(clips, "new_activity", "0", 27)["accuracy"] == 0.5


def test_what_needs_no_run_of_its_own_is_copied(root: Path) -> None:
    """All people are all clips; new activities have a mean over their groups."""
    studies = {
        "b": {"scenario": "people", "level": [1], "seed": [0, 1], "row": list(RIGHT)},
        "c": {"scenario": "new_activity", "level": [0, 1], "seed": [0, 1], "row": list(RIGHT)},
    }
    recipe = {**RECIPE, "studies": {**RECIPE["studies"], **studies}}
    (root / "reports/recipes/scarce/runs.json").write_text(json.dumps(recipe))
    for row, seed in ((row, seed) for row in RIGHT for seed in (0, 1)):
        write_run(root, row, "1", 24, RIGHT[row][0], seed, "people")
        for level, right in (("0", 10), ("1", 20)):
            write_run(root, row, level, 40, right, seed, "new_activity")
    frame = table.table(results.load(root)).set_index(["row", "scenario", "level"])
    everything = frame.loc[("synthetic_clips", "clips", "all")]
    assert frame.loc[("synthetic_clips", "people", "2"), "n"] == 2
    assert frame.loc[("synthetic_clips", "people", "2"), "labelled_clips"] == everything["labelled_clips"]
    assert frame.loc[("oracle", "people", "1"), "labelled_clips"] == LEVELS["all"]
    # Of 20 clips of a person the even ones are class 0, which is new in group 0, and the odd ones class 1.
    assert frame.loc[("strong_cnn", "new_activity", "0"), "accuracy"] == 0.5
    assert frame.loc[("strong_cnn", "new_activity", "all groups"), "accuracy"] == 0.75
    assert [one["scenario"] for one in worth.worth(results.load(root))] == ["clips", "clips", "people"]


def test_the_summary_says_what_the_table_says(root: Path) -> None:
    loaded = results.load(root)
    text = summary.summary(table.table(loaded), loaded.about.names, "The sentence.")
    assert text.startswith("**The sentence.**\n")
    assert "- 3 labelled clips: 0.450 → 0.650 (+0.200, +0.200 to +0.200, n = 3)\n" in text
    assert "- 48 labelled clips: 0.850 → 0.850 (+0.000, +0.000 to +0.000, n = 3)\n" in text
    assert "three activities" not in text
    assert "Control" not in text


def test_the_summary_has_new_activities_and_controls_once_they_are_run(root: Path) -> None:
    studies = {
        "control": {"scenario": "clips", "level": ["one_a_class"], "seed": [0], "row": ["shuffled_poses"]},
        "others": {"scenario": "clips", "level": ["one_a_class"], "seed": [0], "row": ["trees", "trees_synthetic"]},
        "new": {"scenario": "new_activity", "level": [0, 1], "seed": [0], "row": list(RIGHT)},
    }
    names = {
        **RECIPE["names"],
        "shuffled_poses": "Control, shuffled",
        "trees": "Trees, real",
        "trees_synthetic": "Both",
    }
    recipe = {**RECIPE, "studies": {**RECIPE["studies"], **studies}, "names": names}
    (root / "reports/recipes/scarce/runs.json").write_text(json.dumps(recipe))
    for row, right in (("shuffled_poses", 4), ("trees", 5), ("trees_synthetic", 10)):
        write_run(root, row, "one_a_class", 3, right, 0)
    for row, right in (("strong_cnn", 0), ("synthetic_clips", 10)):
        for level in ("0", "1"):
            write_run(root, row, level, 40, right, 0, "new_activity")
    loaded = results.load(root)
    text = summary.summary(table.table(loaded), loaded.about.names, "The sentence.")
    assert "but poses: 50% of their clips are recognised among all activities (0% without poses)\n" in text
    assert "- Control, shuffled, at 3: 0.200 (-0.200, n = 1)\n" in text
    assert "- Trees, real → Both, at 3: 0.250 → 0.500, n = 1\n" in text


def test_missing_runs_are_named_unless_the_table_is_partial(root: Path) -> None:
    folder = root / scarce_folder("clips", "all", "synthetic_clips", 2)
    (folder / "metrics.json").unlink()
    with pytest.raises(InputError, match=r"all/synthetic_clips-2/metrics.json is missing"):
        results.load(root)
    assert len(table.table(results.load(root, partial=True))) == 9


def test_what_does_not_follow_is_found(root: Path) -> None:
    path = root / scarce_folder("clips", "quarter", "strong_cnn", 1) / "metrics.json"
    metrics = json.loads(path.read_text())
    path.write_text(json.dumps({**metrics, "accuracy": 0.99, "labelled": "others"}))
    found = "\n".join(problems(root))
    assert "strong_cnn-1: accuracy is 0.99, but clips.parquet gives 0.65" in found
    assert "clips, quarter, seed 1: rows had sensor data of different clips" in found
    assert "table.csv: differs" in found
