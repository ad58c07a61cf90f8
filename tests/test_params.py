"""params.yaml is validated on load: each mistake is one clear line that names the key."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pose2imu.errors import InputError
from pose2imu.params import load_params

RAW = Path("params.yaml").read_text()


def load_with(change: Callable[[dict[str, Any]], Any], folder: Path) -> Any:
    raw = yaml.safe_load(RAW)
    change(raw)
    path = folder / "params.yaml"
    path.write_text(yaml.safe_dump(raw))
    return load_params(path)


def test_the_projects_own_file_is_valid() -> None:
    params = load_params()
    assert (params.window["utd_mhad"], params.stride["mm_fit"]) == (2.0, 0.2)
    assert params.benchmark_seeds("sample") == [0]


def test_one_number_holds_for_all_datasets(tmp_path: Path) -> None:
    params = load_with(lambda raw: raw.update(window=1.5), tmp_path)
    assert {params.window[name] for name in ("mm_fit", "sample", "utd_mhad")} == {1.5}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda raw: raw.update(betta=1.0), "betta: Extra inputs are not permitted"),
        (lambda raw: raw.update(beta="ten"), "beta: Input should be a valid number"),
        (lambda raw: raw.update(beta=-1), "beta: Input should be greater than or equal to 0"),
        (lambda raw: raw.update(batch_size=32.5), "batch_size: Input should be a valid integer"),
        (lambda raw: raw["stride"].update(utd_mhad=-0.2), "stride.utd_mhad: Input should be greater than 0"),
        (lambda raw: raw["stride"].update(utd_mhad=0.001), "stride.utd_mhad is shorter than one sample at 50 Hz"),
        (lambda raw: raw.update(window=2.5), "window.utd_mhad: 2.5 s is longer than its shortest recording, 2.14 s"),
        (lambda raw: raw["methods"].append("jiont"), "methods.15: Input should be 'baseline'"),
        (lambda raw: raw.update(device="gpu"), "device: String should match pattern"),
        (lambda raw: raw.pop("alpha"), "alpha: Field required"),
        (lambda raw: raw["methods"].append("joint"), "methods: one of them stands twice"),
        (lambda raw: raw["regressor"].update(kernel_joints=2), "regressor.kernel_joints: must be odd"),
        (lambda raw: raw["regressor"].update(blocks=[]), "regressor.blocks: List should have at least 1 item"),
        (lambda raw: raw["regressor"]["blocks"][1].update(out=16), "block 3 takes 32 channels, but is given 16"),
        (lambda raw: raw["regressor"]["blocks"][3].update(out=8), "folded_block.mm_fit takes 48 channels, but three"),
        (lambda raw: raw["benchmarks"]["utd_mhad_random"].update(validation=0.0), "three shares above 0 that sum to 1"),
        (
            lambda raw: raw["benchmarks"]["utd_mhad_committed"].update(test=["s1"]),
            "benchmarks.utd_mhad_committed: s1 stands in more than one place",
        ),
        (lambda raw: raw["benchmarks"]["utd_mhad_random"].update(train=0.7), "three shares above 0 that sum to 1"),
        (lambda raw: raw["seeds"]["sample-0"].update(seed=4), "seeds.sample-0: expected the name sample-4"),
        (lambda raw: raw["seeds"]["sample-0"].update(benchmark="smaple"), "unknown benchmark 'smaple'"),
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
