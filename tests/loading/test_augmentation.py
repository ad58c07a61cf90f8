"""Random changes of clips: what they may do, and what they leave as it is."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from pose2imu.loading.augmentation import (
    at_moments,
    cropped_and_warped,
    jittered,
    magnitude_warped,
    padded,
    rotations,
    scaled,
    time_warped,
    turned,
    whole,
)

Transform = Callable[[torch.Tensor, float, torch.Generator], torch.Tensor]
LENGTH = torch.tensor([40, 70])


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_moments_pick_values_between_samples() -> None:
    signals, length = padded([np.array([[0.0, 10.0, 20.0]], np.float32), np.array([[5.0, 7.0]], np.float32)])
    assert signals[:, 0].tolist() == [[0, 10, 20], [5, 7, 0]]
    assert at_moments(signals, whole(length, 5))[:, 0].tolist() == [[0, 5, 10, 15, 20], [5, 5.5, 6, 6.5, 7]]


def test_without_crop_and_warp_a_clip_is_whole() -> None:
    torch.testing.assert_close(cropped_and_warped(LENGTH, 32, 0.0, 0.0, generator()), whole(LENGTH, 32))


def test_a_part_stays_in_its_clip_in_order_and_is_long_enough() -> None:
    length = LENGTH.repeat(200)
    moments = cropped_and_warped(length, 32, 0.3, 0.4, generator())
    assert (moments >= 0).all()
    assert (moments <= length[:, None] - 1 + 1e-4).all()
    assert (moments.diff(dim=1) > 0).all()
    share = (moments[:, -1] - moments[:, 0]) / (length - 1)
    assert share.min() == pytest.approx(0.7, abs=0.01)
    assert share.max() == pytest.approx(1.0, abs=0.01)
    tempo = moments.diff(dim=1) / moments.diff(dim=1).mean(dim=1, keepdim=True)
    assert tempo.max() > 1.5


def test_rotations_keep_lengths_and_turn_by_as_much_as_asked() -> None:
    turns = rotations(2000, 20.0, generator())
    torch.testing.assert_close(turns @ turns.transpose(1, 2), torch.eye(3).expand(2000, 3, 3), atol=1e-5, rtol=0)
    angle = torch.arccos(((turns.diagonal(dim1=1, dim2=2).sum(dim=1) - 1) / 2).clamp(-1, 1)).rad2deg()
    assert angle.square().mean().sqrt().item() == pytest.approx(20, rel=0.05)


@pytest.mark.parametrize("transform", [jittered, scaled, turned, magnitude_warped, time_warped])
def test_a_transform_of_no_strength_changes_nothing_and_one_of_some_strength_does(transform: Transform) -> None:
    x = torch.randn(5, 6, 40, generator=generator())
    torch.testing.assert_close(transform(x, 0.0, generator()), x, atol=1e-5, rtol=1e-5)
    changed, again = (transform(x, 0.3, generator()) for _ in range(2))
    assert torch.equal(changed, again)
    assert changed.shape == x.shape
    assert ((changed - x).abs().amax(dim=(1, 2)) > 1e-3).all()


def test_how_strong_a_transform_is() -> None:
    x = torch.ones(4000, 3, 50)
    assert (jittered(x, 0.2, generator()) - x).std().item() == pytest.approx(0.2, rel=0.02)
    factors = scaled(x, 0.2, generator())
    assert torch.equal(factors, factors[:, :1, :1].expand_as(factors))  # one of the whole signal
    assert factors.log().std().item() == pytest.approx(0.2, rel=0.05)
    curves = magnitude_warped(x, 0.2, generator()).log()
    assert curves[:, :, 0].std().item() == pytest.approx(0.2, rel=0.05)  # at a knot
    assert curves.diff(dim=2).abs().amax() < 0.1  # slowly
    assert not torch.equal(curves[:, 0], curves[:, 1])


def test_a_warped_tempo_keeps_beginning_and_end() -> None:
    ramp = torch.linspace(0, 1, 40).expand(20, 3, 40)
    warped = time_warped(ramp, 0.3, generator())
    torch.testing.assert_close(warped[:, :, [0, -1]], ramp[:, :, [0, -1]])
    assert (warped.diff(dim=2) > 0).all()
    assert (warped - ramp).abs().amax() > 0.05
