"""Signals as images: where a line runs, how much of a pixel it covers, and what turning leaves as it is."""

import numpy as np
import torch

from pose2imu.loading.drawing import colours, draw_lines, tilted

WHITE = 1.0


def test_a_ramp_is_the_diagonal_in_its_colour() -> None:
    image = draw_lines(torch.linspace(-3, 5, 40).expand(1, 1, 40), 8, 1.0)[0]
    darkest = image.sum(dim=0).argmin(dim=0)
    assert darkest.tolist() == [7, 6, 5, 4, 3, 2, 1, 0]  # upwards, and over the whole height
    assert (image[:, 7, 7] == WHITE).all()
    assert (image[:, 0, 0] == WHITE).all()
    torch.testing.assert_close(image[:, 7, 0] < 0.5, colours(1)[0] < 0.5)


def test_a_line_covers_its_thickness_and_a_jump_all_that_it_passes() -> None:
    level = torch.zeros(1, 1, 40)
    step = torch.cat([torch.zeros(1, 1, 20), torch.ones(1, 1, 20)], dim=2)
    image = draw_lines(torch.cat([level, step], dim=1), 16, 2.0)[0]
    covered = 1 - image.amin(dim=0)
    np.testing.assert_allclose(covered[8:, -1].sum(), 1.5, atol=1e-5)  # half of it is below the image's last row
    assert (covered[:, 7:9].amax(dim=1) == 1).all()


def test_each_signal_has_its_own_colour_and_the_image_no_margin() -> None:
    assert len(np.unique(colours(6).numpy(), axis=0)) == 6
    signals = torch.randn(3, 6, 65, generator=torch.Generator().manual_seed(0))
    images = draw_lines(signals, 32, 1.0)
    assert images.shape == (3, 3, 32, 32)
    assert ((images >= 0) & (images <= 1)).all()
    assert (images[:, :, [0, -1]].amin(dim=(1, 3)) < WHITE).all()  # of the largest and the smallest value
    torch.testing.assert_close(draw_lines(5 * signals[:1] + 2, 32, 1.0), images[:1], atol=1e-3, rtol=0)


def test_turning_brings_in_white_and_no_turning_changes_nothing() -> None:
    image = torch.zeros(1, 3, 20, 20)
    random = torch.Generator().manual_seed(1)
    torch.testing.assert_close(tilted(image, 0.0, random), image, atol=1e-5, rtol=0)
    turned = tilted(image, 45.0, random)
    assert turned[0, 0, 0, 0] > 0.9
    assert turned[0, 0, 10, 10] < 1e-5
