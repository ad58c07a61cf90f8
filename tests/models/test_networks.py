"""Tables I and II: shapes, and convolutions against torch's own."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import nn

from pose2imu.kernels.convolution import weight_gradient_by_products
from pose2imu.kernels.dropout import Dropout
from pose2imu.models.classifier import Classifier, FeatureExtractor
from pose2imu.models.mmfit_cnn import MMFitFeatureExtractor
from pose2imu.models.regressor import BLOCK_5, TABLE_I, Regressor
from pose2imu.models.tcn import JointTimeConv2d, TCNBlock
from speed import reference
from tests.toy import params


@pytest.mark.parametrize("dilation", [1, 2, 4])
@pytest.mark.parametrize("kernel", [(3, 3), (3, 1), (1, 3), (5, 9)])
def test_convolution_equals_torchs_with_all_its_taps(kernel: tuple[int, int], dilation: int) -> None:
    torch.manual_seed(0)
    ours = JointTimeConv2d(4, 6, kernel, dilation)
    padding = (kernel[0] // 2 * dilation, kernel[1] // 2 * dilation)
    reference = nn.Conv2d(4, 6, kernel, padding=padding, dilation=dilation)
    reference.load_state_dict(ours.state_dict())
    x = torch.randn(2, 4, 3, 20)
    torch.testing.assert_close(ours(x), reference(x))


@pytest.mark.parametrize("joints", [1, 3])
@pytest.mark.parametrize("dilation", [1, 2, 4])
@pytest.mark.parametrize("kernel", [(3, 3), (3, 1), (1, 9), (1, 1)])
def test_gradient_of_a_weight_by_products_equals_torchs(kernel: tuple[int, int], dilation: int, joints: int) -> None:
    torch.manual_seed(0)
    weight = torch.randn(6, 4, *kernel, dtype=torch.float64).requires_grad_()
    x, grad = (torch.randn(2, channels, joints, 20, dtype=torch.float64) for channels in (4, 6))
    padding = (kernel[0] // 2 * dilation, kernel[1] // 2 * dilation)
    y = nn.functional.conv2d(x, weight, padding=padding, dilation=dilation)
    (expected,) = torch.autograd.grad(y, weight, grad)
    for layout in (torch.contiguous_format, torch.channels_last):
        given = [tensor.contiguous(memory_format=layout) for tensor in (grad, x)]
        torch.testing.assert_close(weight_gradient_by_products(*given, weight, padding, dilation), expected)


@pytest.mark.parametrize("dropout", [0.0, 0.2, 0.7])
@pytest.mark.parametrize(("dilation", "kernel"), [(1, (3, 3)), (2, (3, 3)), (4, (3, 3)), (2, (5, 9)), (1, (1, 3))])
def test_fused_block_equals_two_convolutions_and_a_shortcut(
    dilation: int, kernel: tuple[int, int], dropout: float
) -> None:
    torch.manual_seed(0)
    block = TCNBlock(4, 6, kernel, dilation, dropout)
    for parameter in block.parameters():
        nn.init.normal_(parameter)  # biases too
    x, y = (torch.randn(2, 4, 3, 20).requires_grad_() for _ in range(2))
    y.data.copy_(x.data)
    before = [layer.generator.bit_generator.state for layer in (block.first_dropout, block.second_dropout)]
    fused = block(x)

    # The same draws again, as masks.
    for layer, state in zip((block.first_dropout, block.second_dropout), before, strict=True):
        layer.generator.bit_generator.state = state
    masks = []
    for layer in (block.first_dropout, block.second_dropout):
        factor = layer.factor(2 * 6 * 3 * 20, slope=1)
        kept = torch.from_numpy(np.where(factor.bits >= factor.lowest_kept, factor.scale, np.float32(0)))
        masks.append(kept.view(2, 3, 20, 6).permute(0, 3, 1, 2))
    plain = nn.functional.leaky_relu(block.first(y) * masks[0], 0.01)
    plain = nn.functional.leaky_relu(block.second(plain) * masks[1], 0.01) + block.shortcut(y)
    torch.testing.assert_close(fused, plain)

    weight = torch.randn_like(plain)
    of_fused = torch.autograd.grad((fused * weight).sum(), [x, *block.parameters()])
    of_plain = torch.autograd.grad((plain * weight).sum(), [y, *block.parameters()])
    for left, right in zip(of_fused, of_plain, strict=True):
        torch.testing.assert_close(left, right, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("dataset", "window"), [("utd_mhad", 100), ("mm_fit", 300)])
def test_regressor_of_table_1(dataset: str, window: int) -> None:
    folded = params().of(dataset, "folded")
    assert folded == (dataset == "mm_fit")
    regressor = Regressor(window, TABLE_I, BLOCK_5 if folded else None)
    assert regressor(torch.randn(2, 3, 3, window)).shape == (2, 3, window)
    features = 48 * window if dataset == "utd_mhad" else 16 * window
    assert regressor.linear.weight.shape == (3 * window, features)
    assert [block.first.out_channels for block in regressor.blocks] == [32, 32, 32, 16]
    assert [block.first.dilation[0] for block in regressor.blocks] == [1, 2, 4, 1]
    assert [block.first.kernel_size for block in regressor.blocks] == [(3, 3), (3, 3), (3, 3), (3, 1)]
    assert [block.first_dropout.probability for block in regressor.blocks] == [0.0, 0.2, 0.2, 0.2]
    assert (regressor.folded_block is None) == (dataset == "utd_mhad")
    if regressor.folded_block is not None:
        assert regressor.folded_block.first.weight.shape == (16, 48, 1, 3)
        assert regressor.folded_block.first_dropout.probability == 0.1


def test_every_block_takes_what_the_one_before_gives_and_has_an_odd_kernel() -> None:
    for earlier, later in pairwise(TABLE_I):
        assert later.channels == earlier.filters
    assert BLOCK_5.channels == 3 * TABLE_I[-1].filters
    assert all(block.kernel % 2 == 1 for block in (*TABLE_I, BLOCK_5))


def in_reference(ours: Regressor, plain: reference.Regressor, tensors: list[torch.Tensor]) -> list[torch.Tensor]:
    """Tensors of the shapes of our R's parameters, as the plain R has its own: its last layer's inputs are in order of
    channels, joints, time, where ours are in that of our memory."""
    tensors = [tensor.detach().clone() for tensor in tensors]
    position = [name for name, _ in ours.named_parameters()].index("linear.weight")
    channels = plain.linear.in_features // ours.window // (1 if ours.folded_block else 3)
    by_position = tensors[position].unflatten(1, (-1, ours.window, channels))
    tensors[position] = by_position.permute(0, 3, 1, 2).flatten(1)
    return tensors


@pytest.mark.parametrize("dataset", ["utd_mhad", "mm_fit"])
def test_regressor_equals_the_plain_one_forward_and_in_its_gradients(dataset: str) -> None:
    torch.manual_seed(0)
    blocks = [block._replace(dropout=0.0) for block in TABLE_I]
    folded = BLOCK_5._replace(dropout=0.0) if params().of(dataset, "folded") else None
    ours = Regressor(20, blocks, folded)
    plain = reference.Regressor(20, blocks, folded)
    with torch.no_grad():
        for parameter, value in zip(
            plain.parameters(), in_reference(ours, plain, list(ours.parameters())), strict=True
        ):
            parameter.copy_(value)
    pose, weight = torch.randn(4, 3, 3, 20), torch.randn(4, 3, 20)
    left, right = ours(pose), plain(pose)
    torch.testing.assert_close(left, right, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(ours.eval()(pose), right, rtol=1e-4, atol=1e-4)
    of_ours = torch.autograd.grad((left * weight).mean(), list(ours.parameters()))
    of_plain = torch.autograd.grad((right * weight).mean(), list(plain.parameters()))
    for one, other in zip(in_reference(ours, plain, list(of_ours)), of_plain, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-5)


def test_classifier_equals_the_plain_one() -> None:
    torch.manual_seed(0)
    features, classifier, plain = FeatureExtractor(40), Classifier(5), reference.Classifier(40, 5)
    ours = [*features.parameters(), *classifier.parameters()]
    with torch.no_grad():
        for own, parameter in zip(ours, plain.parameters(), strict=True):
            parameter.copy_(own.view_as(parameter))
    for module in [*features.modules(), *plain.modules()]:
        if isinstance(module, Dropout):
            module.probability = 0.0
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    x = torch.randn(8, 3, 40)
    left, right = classifier(features(x)), plain.classifier(plain.features(x))
    torch.testing.assert_close(left, right, rtol=1e-4, atol=1e-5)
    of_ours = torch.autograd.grad(left.square().mean(), ours)
    of_plain = torch.autograd.grad(right.square().mean(), list(plain.parameters()))
    for one, other in zip(of_ours, of_plain, strict=True):
        torch.testing.assert_close(one, other.view_as(one), rtol=1e-3, atol=1e-5)


def test_outer_joints_do_not_meet_the_middle_one_at_dilation_2() -> None:
    convolution = JointTimeConv2d(1, 1, (3, 3), dilation=2)
    x = torch.zeros(1, 1, 3, 20)
    x[:, :, 1] = 1
    change = convolution(x) - convolution(torch.zeros_like(x))
    assert change[:, :, [0, 2]].abs().max() == 0
    assert change[:, :, 1].abs().max() > 0


def test_feature_extractor_and_classifier_of_table_2() -> None:
    features = FeatureExtractor(window=300)
    # conv 9×3×9+9, two of 9×9×9+9, three BatchNorms of 18, and a linear layer from 9 × 75 to 100.
    assert sum(p.numel() for p in features.parameters()) == 252 + 2 * 738 + 3 * 18 + 675 * 100 + 100
    out = features(torch.randn(4, 3, 300))
    assert out.shape == (4, 100)
    assert Classifier(11)(out).shape == (4, 11)


def test_mm_fits_classifier_by_hand() -> None:
    """Windows of 2 s at 50 Hz and of 3 s at 100 Hz, halved by each of three convolutions and by the pooling."""
    convolutions = 9 * (1 * 11 + 1) + 15 * (3 * 11 + 1) + 24 * (15 * 11 + 1)  # one, three and all fifteen channels in
    for window, left in ((100, 6), (300, 19)):
        network = MMFitFeatureExtractor(window)
        assert sum(parameter.numel() for parameter in network.parameters()) == convolutions + 100 * (24 * left + 1)
        x = torch.randn(2, 3, window)
        assert network(x).shape == (2, 100)
        # In the first two, no axis meets another: five of the fifteen channels are of x alone.
        of_x = x.clone()
        of_x[:, 1:] = 0
        first_two = network.convolutions[:4]
        torch.testing.assert_close(first_two(of_x)[:, :5], first_two(x)[:, :5])
        assert not torch.allclose(first_two(of_x)[:, 5:], first_two(x)[:, 5:])


def test_kaiming_initialisation() -> None:
    torch.manual_seed(0)
    linear = Regressor(100).linear
    assert linear.bias.abs().max() == 0
    assert linear.weight.std().item() == pytest.approx((2 / (1 + 0.01**2) / 4800) ** 0.5, rel=0.01)
    torch.manual_seed(0)
    smaller = Regressor(100, output_gain=0.1).linear
    torch.testing.assert_close(smaller.weight, 0.1 * linear.weight)


def test_dropout_drops_its_share_and_keeps_the_expectation() -> None:
    torch.manual_seed(0)
    dropout = Dropout(0.2)
    x = torch.ones(64, 9, 100).requires_grad_()
    y = dropout(x)
    assert y.unique().tolist() == [0.0, 1.25]
    assert (y == 0).float().mean().item() == pytest.approx(0.2, abs=0.005)
    y.sum().backward()
    torch.testing.assert_close(x.grad, y.detach())
    assert dropout.eval()(x) is x
    torch.testing.assert_close(Dropout(0.0)(x), x)


def test_dropout_takes_the_thresholds_next_to_its_probability_in_the_proportion_that_averages_to_it() -> None:
    torch.manual_seed(0)
    dropout = Dropout(0.2)  # 51.2 of 256
    lowest = np.array([dropout.factor(1, slope=1).lowest_kept for _ in range(4000)])
    assert set(lowest) == {51, 52}
    assert lowest.mean() / 256 == pytest.approx(0.2, abs=1e-4)


def test_dropout_of_channels_last_memory() -> None:
    x = torch.randn(4, 9, 3, 7).contiguous(memory_format=torch.channels_last).requires_grad_()
    y = Dropout(0.5)(x)
    kept = y != 0
    torch.testing.assert_close(y[kept], 2 * x[kept])
    weight = torch.randn(4, 9, 3, 7)  # in another layout
    (y * weight).sum().backward()
    torch.testing.assert_close(x.grad, torch.where(kept, 2 * weight, 0))


def test_one_pass_over_two_batches_equals_two_passes() -> None:
    torch.manual_seed(0)
    one, two = (FeatureExtractor(window=40) for _ in range(2))
    two.load_state_dict(one.state_dict())
    for module in [*one.modules(), *two.modules()]:
        if isinstance(module, Dropout):
            module.probability = 0.0
    real, synthetic = torch.randn(8, 3, 40), 5 * torch.randn(8, 3, 40) + 1
    together = one(torch.cat([real, synthetic]), batches=2)
    apart = torch.cat([two(real), two(synthetic)])
    torch.testing.assert_close(together, apart, rtol=1e-4, atol=1e-5)
    together.square().mean().backward()
    apart.square().mean().backward()
    for (name, left), right in zip(one.named_parameters(), two.parameters(), strict=True):
        torch.testing.assert_close(left.grad, right.grad, rtol=1e-3, atol=1e-5, msg=name)
    for name, left in one.named_buffers():
        torch.testing.assert_close(left, two.get_buffer(name), msg=name)
