"""What a worn sensor would measure of poses: by physics alone, or by a trained regressor."""

from pose2imu.synthesis.physics import Variation, synthesize, vary

__all__ = ["Variation", "synthesize", "vary"]
