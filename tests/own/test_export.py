"""ONNX: what onnxruntime says is what torch says, or nothing is written."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from pose2imu.errors import InputError
from pose2imu.own import export as module
from pose2imu.own.classify import load_classifier
from pose2imu.own.export import drawn, export
from tests.own.folders import arm


def test_any_number_of_clips_of_any_length_gives_torchs_probabilities(models: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    recordings = [arm("slow", np.random.default_rng(1), 12.0)[1]]
    assert export(models["classifier"], path, recordings) < 1e-5
    model, spoken = load_classifier(models["classifier"])
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    facts = session.get_modelmeta().custom_metadata_map
    assert facts["activities"].split("\n") == model.header.activities
    assert (facts["rate"], facts["axes"]) == ("50", "xyz")
    for clips, samples in ((1, 2), (1, 64), (5, 150), (3, 1000)):
        x = np.random.default_rng(clips).normal(0, 8, (clips, 3, samples)).astype(np.float32)
        (given,) = session.run(["probabilities"], {"acceleration": x})
        assert given.shape == (clips, 3)
        with torch.inference_mode():
            np.testing.assert_allclose(given, spoken(torch.from_numpy(x)).numpy(), atol=1e-5)
    assert [file.name for file in tmp_path.iterdir()] == ["m.onnx"]


def test_what_differs_is_not_written(models: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = module.write_onnx

    def wrong(header: object, spoken: torch.nn.Module, path: Path) -> None:
        with torch.no_grad():
            spoken.networks[0].head[1].bias += 1.0 * torch.arange(3)
            write(header, spoken, path)
            spoken.networks[0].head[1].bias -= 1.0 * torch.arange(3)

    monkeypatch.setattr(module, "write_onnx", wrong)
    (tmp_path / "m.onnx").write_text("what was there")
    with pytest.raises(InputError, match=r"off torch's; expected 0.0001 at most"):
        export(models["classifier"], tmp_path / "m.onnx")
    assert (tmp_path / "m.onnx").read_text() == "what was there"


def test_drawn_movements_are_of_several_lengths_and_have_gravity(models: dict[str, Path]) -> None:
    clips = drawn(load_classifier(models["classifier"])[0].header, 0)
    assert len({clip.shape[1] for clip in clips}) > 20
    assert 5 < np.median([np.linalg.norm(clip.mean(axis=1)) for clip in clips]) < 15
