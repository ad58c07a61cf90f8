"""The record of what was chosen on validation."""

from pathlib import Path

import pandas as pd
import pytest
from pose2imu.reporting.choices import choices, to_markdown

from pose2imu.errors import InputError
from pose2imu.layout import choice_file, report_file
from pose2imu.params import Params, load_params

CHOICES_OF = "utd_mhad_committed"


@pytest.fixture
def params() -> Params:
    params = load_params()
    tried = {
        "b": {"benchmark": CHOICES_OF, "method": "baseline", "seed": 0, "batch_size": 128, "output_gain": 1.0},
        "r": {"benchmark": CHOICES_OF, "method": "regressor", "seed": 0, "batch_size": 32, "output_gain": 0.1},
    }
    return Params.model_validate({**params.model_dump(by_alias=True), "choices": tried})


def write(path: Path, column: str, values: list[float]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame({"part": "x", "epoch": range(1, len(values) + 1), column: values}).to_csv(path, index=False)


def test_the_best_epoch_of_each_run_beside_the_value_that_was_kept(tmp_path: Path, params: Params) -> None:
    write(tmp_path / report_file(CHOICES_OF, "curves", "baseline", 0), "validation_f1", [0.1, 0.5, 0.4])
    write(tmp_path / report_file(CHOICES_OF, "curves", "regressor", 0), "validation_mse", [0.9, 0.7, 0.8])
    write(tmp_path / choice_file("b"), "validation_f1", [0.3, 0.2])
    write(tmp_path / choice_file("r"), "validation_mse", [0.8, 0.6])
    table = choices(params, tmp_path)
    rows = table[["method", "batch_size", "output_gain", "kept", "value", "best_epoch", "epochs"]]
    assert rows.to_numpy().tolist() == [
        ["baseline", 32, 1.0, True, 0.5, 2, 3],
        ["baseline", 128, 1.0, False, 0.3, 1, 2],
        ["regressor", 32, 0.1, False, 0.6, 2, 2],
        ["regressor", 32, 1.0, True, 0.7, 2, 3],
    ]
    text = to_markdown(table)
    assert "| `utd_mhad_committed` | baseline, f1 | **32** | – | – | 0 | 0.500 | 0.500 | 2 |" in text
    assert "| `utd_mhad_committed` | regressor, mse | 32 | 0.1 | – | 0 | 0.600 | 0.600 | 2 |" in text


def test_a_run_that_is_not_there_is_named(tmp_path: Path, params: Params) -> None:
    with pytest.raises(InputError, match=r"choices/b\.csv is missing"):
        choices(params, tmp_path)
    write(tmp_path / choice_file("b"), "validation_f1", [0.3, 0.2])
    write(tmp_path / choice_file("r"), "validation_mse", [0.8, 0.6])
    with pytest.raises(InputError, match=r"curves/baseline-0\.csv is missing"):
        choices(params, tmp_path)


def test_a_mix_that_was_tried_is_the_one_kept_and_needs_no_other_run(tmp_path: Path, params: Params) -> None:
    kept = list(params.augmentation.mix)
    line = {"benchmark": "utd_mhad_cross_subject", "method": "augmentation", "seed": 0}
    tried = {"none": {**line, "mix": []}, "kept": {**line, "mix": kept}}
    params = Params.model_validate({**params.model_dump(by_alias=True), "choices": tried})
    write(tmp_path / choice_file("none"), "validation_f1", [0.4, 0.3])
    write(tmp_path / choice_file("kept"), "validation_f1", [0.4, 0.5])
    table = choices(params, tmp_path)
    assert dict(zip(table["mix"], table["kept"], strict=True)) == {"none": False, ", ".join(kept): True}
    assert "| augmentation, f1 | 32 | – | none | 0 | 0.400 | 0.400 | 1 |" in to_markdown(table)
