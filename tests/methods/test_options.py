"""No option of a method is without effect: another value of it, all else the same, gives another run."""

from functools import cache
from typing import Any

import pandas as pd
import pytest
import torch
from torch import nn

from pose2imu.atomic import to_csv
from pose2imu.errors import InputError
from pose2imu.method_params import PARAMETERS, ClipClassifier, OnWindows, ScarceWindows
from pose2imu.methods import clip_networks, method_of, signal_image
from pose2imu.methods import networks as shared
from pose2imu.settings import Settings
from tests.methods.runs import fit, sequence_data
from tests.toy import settings_for, toy_data, toy_sequences

# Another value of each option; of a method's own, where the general one does not fit it.
OTHER: dict[str, Any] = {
    "alpha": 2.0,
    "batch_size": 12,
    "beta": 1.0,
    "class_weights": "balanced",
    "crop": 0.4,
    "dropout": 0.5,
    "epochs": 2,
    "folded": True,
    "jitter": 1.0,
    "kernels": 168,
    "label_smoothing": 0.3,
    "learning_rate": 0.002,
    "length": 40,
    "magnitude_warp": 0.4,
    "mix": ["rotation"],
    "output_gain": 0.5,
    "patience": 1,
    "precision": "bfloat16",
    "refit": False,
    "regularization": [0.3],
    "rotation": 30.0,
    "scale": 0.3,
    "scaling": 0.3,
    "segments": [4],
    "size": 52,
    "standardized": [True],
    "statistics": ["mean", "median"],
    "thickness": 2.0,
    "time_warp": 0.4,
    "trees": 21,
    "warp": 0.3,
    "weight_decay": 0.5,
    "widths": [8, 8],
}
OF_METHOD: dict[tuple[str, str], Any] = {
    ("crc", "statistics"): [["mean", "median"]],
    ("minirocket", "length"): [40],
    ("strong_cnn", "epochs"): [3],
    ("signal_image", "epochs"): [3],
}
# What a method does not read itself, or what a small network stands in for here; and the tests that it has elsewhere.
ELSEWHERE = {
    "axes": "loading/test_data.py",
    "device": "test_training.py",
    "threads": "test_training.py",
    "graphs": "test_steps.py",
    "label": "loading/test_data.py",
    "sampling": "loading/test_data.py",
    "network": "test_the_network_of_images_is_the_one_named",
    "pretrained": "test_pretrained_weights_are_those_of_the_path",
    "patience": "test_patience_ends_the_training_of_every_method",
}
# One value of each, so that nothing is left to choose; and few epochs.
BASE: dict[str, dict[str, Any]] = {
    "crc": {"segments": [2], "standardized": [False], "regularization": [0.01]},
    "trees": {"segments": [2]},
    "minirocket": {"length": [32]},
    "strong_cnn": {"epochs": [2]},
    "signal_image": {"epochs": [2]},
}


def outcome(method: str, **changes: Any) -> list[bytes]:
    """What a run does: its weights and its learning curve, or what it predicts of unseen sequences."""
    if issubclass(PARAMETERS[method], OnWindows):
        data = toy_data()
        data.train.label[:20] = 0  # classes of unequal size
        found = fit(method, data, settings_for(method, **{"epochs": 1, **changes}))
        return [to_csv(pd.DataFrame(found.history)).encode(), *(array.tobytes() for array in found.state.values())]
    settings = settings_for(method, **{**BASE[method], **changes})
    state = method_of(method).fit(sequence_data(settings), settings).state
    return [method_of(method).predict(state, toy_sequences(2, settings.options.axes, count=6), settings).tobytes()]


@cache
def usual(method: str) -> list[bytes]:
    return outcome(method)


# Those for scarce sensor data: test_scarce_options.py.
CASES = [
    (method, option)
    for method, model in PARAMETERS.items()
    if not issubclass(model, (ClipClassifier, ScarceWindows))
    for option in model.model_fields
]


@pytest.mark.parametrize(("method", "option"), [case for case in CASES if case[1] not in ELSEWHERE])
@pytest.mark.usefixtures("small_networks")
def test_another_value_gives_another_run(method: str, option: str) -> None:
    value = OF_METHOD.get((method, option), OTHER[option])
    assert getattr(settings_for(method).options, option) != value
    assert outcome(method, **{option: value}) != usual(method)


@pytest.mark.parametrize("method", [method for method, model in PARAMETERS.items() if issubclass(model, OnWindows)])
@pytest.mark.usefixtures("small_networks")
def test_patience_ends_the_training_of_every_method(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where validation stays as it was, only the first epoch is any progress."""
    monkeypatch.setattr(shared, "classification", lambda *_: {"f1": 0.5, "accuracy": 0.5})
    monkeypatch.setattr("pose2imu.methods.regressor.validation_error", lambda *_: {"validation_mse": 0.5})
    lengths = [len(fit(method, toy_data(), settings_for(method, epochs=3, patience=n)).history) for n in (1, 2)]
    assert lengths == [2, 3]


@pytest.mark.parametrize("option", ["rotation", "time_warp", "scaling", "magnitude_warp", "jitter"])
@pytest.mark.usefixtures("small_networks")
def test_a_transform_out_of_the_mix_has_no_strength(option: str) -> None:
    mix = ["scaling"] if option != "scaling" else ["jitter"]
    assert outcome("augmentation", mix=mix, **{option: OTHER[option]}) == outcome("augmentation", mix=mix)


def test_a_network_on_clips_is_trained_as_options_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """By AdamW at a rate that rises and falls: what torch's own classes are given."""
    given: dict[str, Any] = {}

    class Optimizer(torch.optim.AdamW):
        def __init__(self, parameters: Any, **options: Any) -> None:
            given.update(options)
            super().__init__(parameters, **options)

    class Schedule(torch.optim.lr_scheduler.OneCycleLR):
        def __init__(self, optimizer: Any, max_lr: float, **options: Any) -> None:
            given.update(max_lr=max_lr, **options)
            super().__init__(optimizer, max_lr, **options)

    monkeypatch.setattr(torch.optim, "AdamW", Optimizer)
    monkeypatch.setattr(torch.optim.lr_scheduler, "OneCycleLR", Schedule)
    settings = settings_for("strong_cnn", learning_rate=0.07, weight_decay=0.3)
    sequences = toy_sequences(0, 3, count=6)
    clips = clip_networks.Clips(sequences.signals, sequences.label, lambda x, _: x, settings)
    clip_networks.fit_network(nn.Sequential(nn.Flatten(), nn.Linear(96, 4)), clips, 5, settings)
    assert given == {"weight_decay": 0.3, "fused": False, "max_lr": 0.07, "total_steps": 5}


def test_the_network_of_images_is_the_one_named(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    def from_name(name: str, **options: Any) -> nn.Module:
        given.update(name=name, **options)
        return nn.Identity()

    monkeypatch.setattr(signal_image.EfficientNet, "from_name", from_name)
    signal_image.build(settings_for("signal_image", network="b3", size=80))
    kept = {"batch_norm_momentum": signal_image.KEPT}
    assert given == {"name": "efficientnet-b3", "num_classes": 4, "image_size": 80, **kept}


@pytest.mark.usefixtures("small_networks")
def test_pretrained_weights_are_those_of_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(signal_image, "load_pretrained", lambda network, path: loaded.append(path))
    settings: Settings[Any] = settings_for("signal_image", epochs=[1], pretrained="b0.pth")
    signal_image.fit(sequence_data(settings), settings)
    assert loaded == ["b0.pth"] * 2  # of the network that is tried, and of the one that is kept
    monkeypatch.undo()
    with pytest.raises(InputError, match=r"b0\.pth: expected weights of"):
        signal_image.fit(sequence_data(settings), settings)
