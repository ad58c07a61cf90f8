"""`pose2imu train`, `classify` and `export` as they are typed."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import typer
from typer.testing import CliRunner, Result

from pose2imu.cli.classify import classify
from pose2imu.cli.export import export
from pose2imu.cli.train import train
from pose2imu.errors import InputError
from tests.own.folders import arm, make_folder, write_sensor

APP = typer.Typer()
for command in (train, classify, export):
    APP.command(command.__name__)(command)


def typed(*words: object) -> Result:
    """Run the command with these words."""
    return CliRunner().invoke(APP, [str(word) for word in words])


def error(result: Result) -> str:
    """The one line that main() prints."""
    assert isinstance(result.exception, InputError), result.output
    assert "\n" not in str(result.exception)
    return str(result.exception)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classifier, by the command, and what poses added."""
    root = tmp_path_factory.mktemp("own")
    folder = make_folder(root / "gym studio", people=("anna", "Bärbel"))
    words = ["-o", root / "model.safetensors", "--regressor", root / "regressor.safetensors", "--steps", 12]
    result = typed("train", folder, *words)
    assert result.exit_code == 0, result.output
    assert "with poses" in result.output
    assert "Bärbel" in result.output
    assert "poses changed accuracy by" in result.output
    assert "3 activities of 2 people, 12 clips: 8 with sensor data, 10 with poses" in result.output
    return root / "model.safetensors"


def test_recordings_are_classified_shown_written_and_drawn(model: Path, tmp_path: Path) -> None:
    for name in ("one/acc.csv", "two/acc.csv"):
        write_sensor(tmp_path / name, arm("slow", np.random.default_rng(1), 12.0)[1])
    out, picture = tmp_path / "out" / "activities.csv", tmp_path / "picture.png"
    recordings = [tmp_path / "one/acc.csv", tmp_path / "two/acc.csv"]
    result = typed("classify", model, *recordings, "-o", out, "--plot", picture, "--stride", 0.5)
    assert result.exit_code == 0, result.output
    table = pd.read_csv(out)
    assert table.recording.nunique() == 2  # files of the same name in two folders
    assert list(table.columns[-3:]) == ["fast", "medium", "slow"]
    assert "rows in all" in result.output
    assert picture.read_bytes().startswith(b"\x89PNG")
    parquet = tmp_path / "out.parquet"
    assert typed("classify", model, recordings[0], "--clip", "-o", parquet).exit_code == 0
    assert len(pd.read_parquet(parquet)) == 1


def test_units_and_columns_may_be_said(model: Path, tmp_path: Path) -> None:
    recording = arm("slow", np.random.default_rng(1))[1]
    table = pd.DataFrame(recording.acceleration / 9.80665, columns=["u", "v", "w"]).assign(ms=recording.time * 1000)
    table.to_csv(tmp_path / "named.csv", index=False)
    write_sensor(tmp_path / "plain.csv", recording)
    said = ["--columns", "time=ms,ax=u,ay=v,az=w", "--unit", "g", "--time-unit", "ms"]
    found = []
    for name, options in (("named", said), ("plain", [])):
        assert typed("classify", model, tmp_path / f"{name}.csv", *options, "-o", tmp_path / "o.csv").exit_code == 0
        found.append(pd.read_csv(tmp_path / "o.csv").drop(columns="recording"))
    pd.testing.assert_frame_equal(found[0], found[1], atol=1e-3)


def test_a_model_is_exported_once_it_is_checked_on_real_windows(model: Path, tmp_path: Path) -> None:
    write_sensor(tmp_path / "real.csv", arm("fast", np.random.default_rng(2), 8.0)[1])
    result = typed("export", model, "--onnx", tmp_path / "m.onnx", "--on", tmp_path / "real.csv")
    assert result.exit_code == 0, result.output
    assert "windows of 1 recordings" in result.output
    assert (tmp_path / "m.onnx").is_file()


def test_bad_words_are_one_line_and_leave_nothing(model: Path, tmp_path: Path) -> None:
    good = tmp_path / "in" / "good.csv"
    write_sensor(good, arm("slow", np.random.default_rng(1))[1])
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "m.safetensors").write_bytes(b"\x80\x04K\x01.")  # a pickle
    out = tmp_path / "out"
    assert "no such file" in error(typed("classify", "no_such_model", good))
    assert "expected a classifier" in error(typed("classify", tmp_path / "m.safetensors", good))
    assert "a regressor; expected a classifier" in error(
        typed("classify", model.parent / "regressor.safetensors", good)
    )
    assert "empty.csv" in error(typed("classify", model, tmp_path / "empty.csv"))
    assert "missing.csv" in error(typed("classify", model, tmp_path / "missing.csv"))
    assert "expected one that ends in .csv, .parquet" in error(typed("classify", model, good, "-o", out / "a.xlsx"))
    assert "expected one that ends in .png" in error(typed("classify", model, good, "--plot", out / "a.gif"))
    assert "expected one that ends in .onnx" in error(typed("export", model, "--onnx", out / "a.pt"))
    assert "expected one that ends in .safetensors" in error(typed("train", tmp_path, "-o", out / "a.pt"))
    assert "dataset.yaml: missing" in error(typed("train", tmp_path / "in", "-o", tmp_path / "a.safetensors"))
    assert not (tmp_path / "a.safetensors").exists()
    assert not out.exists()


def test_a_folder_that_cannot_be_written_to_is_told_before_any_work(model: Path, tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "gym", people=("anna",))
    (tmp_path / "file").write_text("")
    message = error(typed("train", folder, "-o", tmp_path / "file" / "m.safetensors"))
    assert "cannot be written to" in message


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import builtins  # noqa: PLC0415

    real = builtins.__import__

    def without(name: str, *arguments: object) -> object:
        if name == "onnxscript":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", without)
    message = error(typed("export", "m.safetensors", "--onnx", tmp_path / "m.onnx"))
    assert message == "onnxscript is not installed; expected `pip install 'pose2imu[learning]'`"
