"""Random changes of clips: what they may do, and what they leave as it is."""

import numpy as np
import pytest
import torch

from pose2imu.preprocessing.augmentation import at_moments, cropped_and_warped, padded, rotations, whole

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
    turns = rotations(2000, 20.0, np.random.default_rng(0))
    torch.testing.assert_close(turns @ turns.transpose(1, 2), torch.eye(3).expand(2000, 3, 3), atol=1e-5, rtol=0)
    angle = torch.arccos(((turns.diagonal(dim1=1, dim2=2).sum(dim=1) - 1) / 2).clamp(-1, 1)).rad2deg()
    assert angle.square().mean().sqrt().item() == pytest.approx(20, rel=0.05)
