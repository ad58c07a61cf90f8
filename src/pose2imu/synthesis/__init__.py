"""What a worn sensor would measure of poses: by physics alone, or by a trained regressor."""

from pose2imu.synthesis.options import rotation_of
from pose2imu.synthesis.physics import synthesize
from pose2imu.synthesis.varying import Variation, varied, vary

__all__ = ["Variation", "rotation_of", "synthesize", "varied", "vary"]
