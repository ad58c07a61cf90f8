"""Tables I and II as one would first write them in torch: what `make benchmark` and the tests hold ours against."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import nn

from pose2imu.methods.joint import similarity_loss
from pose2imu.models.classifier import AXES, DROPOUT, FEATURES, FILTERS, KERNEL
from pose2imu.models.regressor import JOINTS, KERNEL_JOINTS, Block
from pose2imu.models.tcn import SLOPE


class TCNBlock(nn.Module):
    """(conv → dropout → LeakyReLU) twice, plus a 1×1-convolution shortcut."""

    def __init__(self, block: Block, kernel_joints: int = KERNEL_JOINTS) -> None:
        super().__init__()

        def convolution(channels: int) -> nn.Conv2d:
            kernel = (kernel_joints, block.kernel)
            padding = (kernel_joints // 2 * block.dilation, block.kernel // 2 * block.dilation)
            return nn.Conv2d(channels, block.filters, kernel, padding=padding, dilation=block.dilation)

        self.layers = nn.Sequential(
            convolution(block.channels),
            nn.Dropout(block.dropout),
            nn.LeakyReLU(SLOPE),
            convolution(block.filters),
            nn.Dropout(block.dropout),
            nn.LeakyReLU(SLOPE),
        )
        self.shortcut = nn.Conv2d(block.channels, block.filters, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(windows, channels, joints, time) → the same with block.filters channels."""
        return self.layers(x) + self.shortcut(x)


class Regressor(nn.Module):
    """R of Table I; its last layer's features are in the order (channels, joints, time)."""

    def __init__(self, window: int, blocks: Sequence[Block], folded_block: Block | None) -> None:
        super().__init__()
        self.window = window
        self.blocks = nn.Sequential(*(TCNBlock(block) for block in blocks))
        self.folded_block = TCNBlock(folded_block, kernel_joints=1) if folded_block else None
        channels = folded_block.filters if folded_block else blocks[-1].filters * JOINTS
        self.linear = nn.Linear(channels * window, AXES * window)

    def forward(self, pose: torch.Tensor) -> torch.Tensor:
        """Pose (windows, coordinates, joints, time) → acceleration (windows, axes, time)."""
        x = self.blocks(pose)
        if self.folded_block is not None:
            x = self.folded_block(x.flatten(1, 2).unsqueeze(2))
        return self.linear(x.flatten(1)).unflatten(1, (AXES, self.window))


class Classifier(nn.Module):
    """F and C of Table II."""

    def __init__(self, window: int, classes: int) -> None:
        super().__init__()

        def block(channels: int) -> list[nn.Module]:
            convolution = nn.Conv1d(channels, FILTERS, KERNEL, padding=KERNEL // 2)
            return [convolution, nn.LeakyReLU(SLOPE), nn.BatchNorm1d(FILTERS), nn.Dropout(DROPOUT)]

        self.features = nn.Sequential(
            *block(AXES),
            nn.MaxPool1d(2),
            *block(FILTERS),
            nn.MaxPool1d(2),
            *block(FILTERS),
            nn.Flatten(),
            nn.Linear(FILTERS * (window // 2 // 2), FEATURES),
            nn.LeakyReLU(SLOPE),
        )
        self.classifier = nn.Linear(FEATURES, classes)


def regressor_loss(regressor: Regressor, acceleration: torch.Tensor, pose: torch.Tensor) -> torch.Tensor:
    """Equation 4."""
    return F.mse_loss(regressor(pose), acceleration)


def joint_loss(
    regressor: Regressor,
    classifier: Classifier,
    acceleration: torch.Tensor,
    pose: torch.Tensor,
    label: torch.Tensor,
    alpha: float,
    beta: float,
) -> torch.Tensor:
    """Equation 7."""
    synthetic = regressor(pose)
    real_features, synthetic_features = classifier.features(acceleration), classifier.features(synthetic)
    activity = F.cross_entropy(classifier.classifier(real_features), label)
    activity = activity + F.cross_entropy(classifier.classifier(synthetic_features), label)
    similarity = similarity_loss(real_features, synthetic_features)
    return F.mse_loss(synthetic, acceleration) + alpha * activity + beta * similarity
