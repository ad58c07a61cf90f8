"""params.yaml is validated on load: each mistake is one clear line that names the key."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pose2imu.errors import InputError
from pose2imu.params import load_params

RAW = yaml.safe_load(Path("params.yaml").read_text())


def load_with(change: Callable[[dict[str, Any]], Any], folder: Path) -> Any:
    raw = copy.deepcopy(RAW)
    change(raw)
    path = folder / "params.yaml"
    path.write_text(yaml.dump(raw, Dumper=yaml.CSafeDumper, sort_keys=False))
    return load_params(path)


def test_the_projects_own_file_is_valid() -> None:
    params = load_params()
    assert (params.of("utd_mhad", "window"), params.of("mm_fit", "stride")) == (2.0, 0.2)
    assert params.evaluated_runs("sample")["joint"] == [0]


def test_a_general_value_holds_for_the_datasets_that_have_none_of_their_own(tmp_path: Path) -> None:
    params = load_with(lambda raw: raw.update(window=1.5, folded=False), tmp_path)
    windows = {name: params.of(name, "window") for name in ("mm_fit", "sample", "utd_mhad", "not_there")}
    assert windows == {"mm_fit": 1.5, "sample": 1.5, "utd_mhad": 2.0, "not_there": 1.5}
    assert not params.of("sample", "folded")
    params = load_with(lambda raw: raw["datasets"]["sample"].update(folded=False), tmp_path)
    assert (params.of("sample", "folded"), params.of("mm_fit", "folded")) == (
        False,
        True,
    )  # its own, though it is false


def test_a_value_comes_from_the_row_else_the_datasets_method_else_the_method_else_the_dataset(tmp_path: Path) -> None:
    def change(raw: dict[str, Any]) -> None:
        raw["rows"]["joint_similarity"].update(epochs=7)
        raw["datasets"]["utd_mhad"]["methods"] = {"joint": {"epochs": 8, "patience": 9}}
        raw["methods"]["joint"] = {"epochs": 10, "patience": 11, "learning_rate": 0.5}

    params = load_with(change, tmp_path)

    def found(row: str, benchmark: str) -> list[object]:
        options = params.options(row, benchmark).model_dump()
        return [options[key] for key in ("epochs", "patience", "learning_rate", "batch_size", "beta")]

    assert found("joint_similarity", "utd_mhad_committed") == [7, 9, 0.5, 32, 10.0]
    assert found("joint", "utd_mhad_committed") == [8, 9, 0.5, 32, 0.0]
    assert found("joint", "sample") == [10, 11, 0.5, 32, 0.0]
    assert params.options("regression_first", "sample").model_dump()["epochs"] == 10
    assert params.options("regression_first", "utd_mhad_committed").model_dump()["epochs"] == 200


def test_runs_of_a_benchmark_are_those_of_all_studies_in_the_order_of_the_rows(tmp_path: Path) -> None:
    def change(raw: dict[str, Any]) -> None:
        raw["runs"] = {
            "one": {"benchmark": ["sample"], "seed": [1, 0], "row": ["joint", "baseline"], "alone": ["regressor"]},
            "two": {"benchmark": ["sample", "utd_mhad_random"], "seed": [0, 3], "on_regressor": ["regression_first"]},
            "more": {"benchmark": ["sample"], "seed": [0, 2], "on_virtual": ["imutube"], "row": ["joint"]},
        }
        raw["tried"] = {"x": {"benchmark": ["sample"], "seed": [5], "alone": ["joint_batch128"]}}

    params = load_with(change, tmp_path)
    runs = params.evaluated_runs("sample")
    assert list(runs) == ["baseline", "regression_first", "joint", "imutube"]
    assert runs == {"baseline": [1, 0], "regression_first": [0, 3], "joint": [1, 0, 2], "imutube": [0, 2]}
    assert params.other_runs("sample") == {"regressor": [1, 0], "joint_batch128": [5]}
    assert params.evaluated_runs("utd_mhad_random") == {"regression_first": [0, 3]}
    assert params.other_runs("utd_mhad_random") == {}
    assert params.evaluated_runs("mm_fit_unseen")["joint"] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda raw: raw.update(betta=1.0), "betta: Extra inputs are not permitted"),
        (lambda raw: raw.update(beta="ten"), "beta: Input should be a valid number"),
        (lambda raw: raw.update(beta=float("inf")), "beta: Input should be a finite number"),
        (lambda raw: raw.update(learning_rate=float("nan")), "learning_rate: Input should be a finite number"),
        (
            lambda raw: raw["rows"]["joint"].update(beta=float("inf")),
            "rows.joint: beta: Input should be a finite number",
        ),
        (lambda raw: raw.update(beta=None), "beta: Input should be a valid number"),
        (lambda raw: raw.update(rows=[]), "rows: Input should be a valid dictionary"),
        (lambda raw: raw.update(beta=-1), "beta: Input should be greater than or equal to 0"),
        (lambda raw: raw.update(batch_size=32.5), "batch_size: Input should be a valid integer"),
        (lambda raw: raw["datasets"]["utd_mhad"].update(stride=-0.2), "datasets.utd_mhad.stride: Input should be"),
        (
            lambda raw: raw.update(stride=0.001),
            "stride: 0.001 s of utd_mhad are 0 samples at 50 Hz; expected at least 1",
        ),
        (
            lambda raw: raw["datasets"]["utd_mhad"].update(window=0.1),
            "window: 0.1 s of utd_mhad are 5 samples at 50 Hz; expected at least 9",
        ),
        (lambda raw: raw["datasets"]["sample"].update(widnow=1.0), "datasets.sample.widnow: Extra inputs"),
        (lambda raw: raw["rows"]["joint"].update(method="jiont"), "rows.joint: there is no method 'jiont'"),
        (lambda raw: raw["rows"]["joint"].update(betta=1.0), "rows.joint: joint has no parameter betta"),
        (lambda raw: raw["rows"]["baseline"].update(beta=1.0), "rows.baseline: baseline has no parameter beta"),
        (lambda raw: raw["rows"]["joint"].update(beta=-1.0), "rows.joint: beta: Input should be greater"),
        (lambda raw: raw["trials"]["joint_batch128"].update(batch_size=1), "trials.joint_batch128: batch_size: Input"),
        (
            lambda raw: raw["rows"].update(unused={"method": "joint", "betta": 1.0}),
            "rows.unused: joint has no",
        ),
        (lambda raw: raw["trials"].update(jiont={}), "trials.jiont: there is no method 'jiont'"),
        (lambda raw: raw["methods"].update(jiont={}), "methods: there is no method jiont"),
        (lambda raw: raw["datasets"]["sample"]["methods"].update(tres={}), "datasets.sample.methods: there is no"),
        (lambda raw: raw["datasets"].update(smaple={}), "datasets: smaple is the dataset of no benchmark"),
        (
            lambda raw: raw["benchmarks"]["sample"].update(dataset="smaple"),
            "datasets: sample is the dataset of no benchmark",
        ),
        (lambda raw: raw["methods"]["crc"].update(kernels=5), "methods.crc: crc has no parameter kernels"),
        (lambda raw: raw["methods"]["crc"].pop("segments"), "methods.crc.segments is missing"),
        (lambda raw: raw["methods"]["crc"].update(segments=[]), "segments: List should have at least 1 item"),
        (
            lambda raw: raw["datasets"]["sample"]["methods"]["strong_cnn"].update(depth=3),
            "datasets.sample.methods.strong_cnn: strong_cnn has no parameter depth",
        ),
        (lambda raw: raw.update(device="gpu"), "device: String should match pattern"),
        (lambda raw: raw.pop("alpha"), "alpha: Field required"),
        (lambda raw: raw["benchmarks"]["utd_mhad_random"].update(validation=0.0), "three shares above 0 that sum to 1"),
        (lambda raw: raw["benchmarks"]["utd_mhad_random"].pop("seed"), "by: chance needs a seed"),
        (lambda raw: raw["benchmarks"]["sample"].update(test=[]), "by: recording needs a list of names for each of"),
        (
            lambda raw: raw["benchmarks"]["utd_mhad_committed"].update(test=["s1"]),
            "benchmarks.utd_mhad_committed: s1 stands in more than one place",
        ),
        (lambda raw: raw["benchmarks"]["utd_mhad_random"].update(train=0.7), "three shares above 0 that sum to 1"),
        (lambda raw: raw["runs"]["sample"]["row"].append("jiont"), "runs.sample: 'jiont' is neither in rows nor in"),
        (lambda raw: raw["tried"]["mix"].update(benchmark=["smaple"]), "tried.mix: unknown benchmark 'smaple'"),
        (lambda raw: raw["mm_fit"]["runs"].update(seed=[-1]), "mm_fit.runs.seed.0: Input should be greater than or"),
        (lambda raw: raw["runs"]["sample"].update(rows=["joint"]), "runs.sample.rows: Extra inputs"),
    ],
)
def test_a_mistake_is_one_line(change: Callable[[dict[str, Any]], Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_with(change, tmp_path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{tmp_path / 'params.yaml'}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"alpha: [1", b"alpha: \xff"])
def test_a_file_that_is_no_yaml(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"params\.yaml: cannot be read as YAML"):
        load_params(path)
