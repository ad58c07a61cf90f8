"""Tables I and II: shapes, and convolutions against torch's own."""

import pytest
import torch
from torch import nn

from pose2imu.models.classifier import Classifier, FeatureExtractor
from pose2imu.models.dropout import Dropout, DropoutLeakyReLU
from pose2imu.models.regressor import Regressor
from pose2imu.models.tcn import JointTimeConv2d, TCNBlock
from pose2imu.params import load_params


@pytest.mark.parametrize("dilation", [1, 2, 4])
@pytest.mark.parametrize("kernel", [(3, 3), (3, 1), (1, 3), (5, 9)])
def test_convolution_equals_torchs_with_all_its_taps(kernel: tuple[int, int], dilation: int) -> None:
    torch.manual_seed(0)
    ours = JointTimeConv2d(4, 6, kernel, dilation)
    padding = (kernel[0] // 2 * dilation, kernel[1] // 2 * dilation)
    reference = nn.Conv2d(4, 6, kernel, padding=padding, dilation=dilation)
    reference.load_state_dict(ours.state_dict())
    x, y = (torch.randn(2, 4, 3, 20).requires_grad_() for _ in range(2))
    y.data.copy_(x.data)
    left, right = ours(x), reference(y)
    torch.testing.assert_close(left, right)
    left.square().sum().backward()
    right.square().sum().backward()
    torch.testing.assert_close(x.grad, y.grad)
    torch.testing.assert_close(ours.weight.grad, reference.weight.grad)
    torch.testing.assert_close(ours.bias.grad, reference.bias.grad)


def test_block_is_two_convolutions_and_a_shortcut() -> None:
    torch.manual_seed(0)
    block = TCNBlock(3, 8, (3, 3), dilation=1, dropout=0.0)
    x = torch.randn(2, 3, 3, 20)
    first, second = block.layers[0], block.layers[2]
    inner = nn.functional.leaky_relu(second(nn.functional.leaky_relu(first(x), 0.01)), 0.01)
    torch.testing.assert_close(block(x), inner + block.shortcut(x))


@pytest.mark.parametrize(("dataset", "window"), [("utd_mhad", 100), ("mm_fit", 300)])
def test_regressor_of_table_1(dataset: str, window: int) -> None:
    params = load_params().regressor
    regressor = Regressor(window, params.blocks, params.folded_block[dataset], params.kernel_joints)
    assert regressor(torch.randn(2, 3, 3, window)).shape == (2, 3, window)
    features = 48 * window if dataset == "utd_mhad" else 16 * window
    assert regressor.linear.weight.shape == (3 * window, features)
    assert [block.layers[0].out_channels for block in regressor.blocks] == [32, 32, 32, 16]
    assert (regressor.folded_block is None) == (dataset == "utd_mhad")


def plain_block(block: TCNBlock, x: torch.Tensor) -> torch.Tensor:
    """A TCN block without dropout, of torch's own convolutions with all their taps."""
    y = x
    for layer in (block.layers[0], block.layers[2]):
        (joints, time), dilation = layer.kernel_size, layer.dilation[0]
        padding = (joints // 2 * dilation, time // 2 * dilation)
        y = nn.functional.conv2d(y, layer.weight, layer.bias, padding=padding, dilation=dilation)
        y = nn.functional.leaky_relu(y, 0.01)
    return y + nn.functional.conv2d(x, block.shortcut.weight, block.shortcut.bias)


@pytest.mark.parametrize("dataset", ["utd_mhad", "mm_fit"])
def test_regressor_equals_a_plain_one_forward_and_in_its_gradients(dataset: str) -> None:
    torch.manual_seed(0)
    params = load_params().regressor
    blocks = [block.model_copy(update={"dropout": 0.0}) for block in params.blocks]
    fold = params.folded_block[dataset]
    regressor = Regressor(20, blocks, fold and fold.model_copy(update={"dropout": 0.0}))
    pose, weight = torch.randn(4, 3, 3, 20), torch.randn(4, 3, 20)

    def gradients(acceleration: torch.Tensor) -> list[torch.Tensor]:
        return list(torch.autograd.grad((acceleration * weight).mean(), list(regressor.parameters())))

    x = pose
    for block in regressor.blocks:
        x = plain_block(block, x)
    if regressor.folded_block is not None:
        x = plain_block(regressor.folded_block, x.reshape(4, 48, 1, 20))
    plain = regressor.linear(x.permute(0, 2, 3, 1).reshape(4, -1)).reshape(4, 3, 20)
    ours = regressor(pose)
    torch.testing.assert_close(ours, plain, rtol=1e-4, atol=1e-4)
    for left, right in zip(gradients(ours), gradients(plain), strict=True):
        torch.testing.assert_close(left, right, rtol=1e-3, atol=1e-5)


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


def test_kaiming_initialisation() -> None:
    torch.manual_seed(0)
    linear = Regressor(100, load_params().regressor.blocks).linear
    assert linear.bias.abs().max() == 0
    assert linear.weight.std().item() == pytest.approx((2 / (1 + 0.01**2) / 4800) ** 0.5, rel=0.01)
    torch.manual_seed(0)
    smaller = Regressor(100, load_params().regressor.blocks, output_gain=0.1).linear
    torch.testing.assert_close(smaller.weight, 0.1 * linear.weight)


def test_dropout_drops_its_share_and_keeps_the_expectation() -> None:
    torch.manual_seed(0)
    dropout = Dropout(0.2)
    x = torch.ones(64, 9, 100).requires_grad_()
    y = dropout(x)
    assert y.unique().tolist() == [0.0, pytest.approx(1.25, abs=1e-4)]
    assert (y == 0).float().mean().item() == pytest.approx(0.2, abs=0.005)
    y.sum().backward()
    torch.testing.assert_close(x.grad, y.detach())
    assert dropout.eval()(x) is x
    torch.testing.assert_close(Dropout(0.0)(x), x)


def test_dropout_of_channels_last_memory() -> None:
    x = torch.randn(4, 9, 3, 7).contiguous(memory_format=torch.channels_last)
    y = Dropout(0.5)(x)
    kept = y != 0
    torch.testing.assert_close(y[kept], 2 * x[kept])


@pytest.mark.parametrize("probability", [0.2, 0.5, 0.7])  # from 0.5 on, what is kept is scaled by two and more
def test_dropout_and_leaky_relu_in_place_equal_one_after_the_other(probability: float) -> None:
    torch.manual_seed(0)
    x = torch.randn(4, 9, 3, 7).requires_grad_()
    y = DropoutLeakyReLU(probability, slope=0.01)(x.clone())
    mask = torch.where(y == 0, 0.0, 65536 / (65536 - round(probability * 65536)))
    z = x.detach().clone().requires_grad_()
    expected = nn.functional.leaky_relu(z * mask, 0.01)
    torch.testing.assert_close(y, expected)
    weight = torch.randn_like(y)
    (y * weight).sum().backward()
    (expected * weight).sum().backward()
    torch.testing.assert_close(x.grad, z.grad)


def test_one_pass_over_two_batches_equals_two_passes() -> None:
    torch.manual_seed(0)
    one, two = (FeatureExtractor(window=40) for _ in range(2))
    two.load_state_dict(one.state_dict())
    for module in [*one.modules(), *two.modules()]:
        if isinstance(module, Dropout):
            module.dropped = 0
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
