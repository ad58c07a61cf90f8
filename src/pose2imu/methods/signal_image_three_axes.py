"""Memmesheimer et al. on the acceleration alone: the sensor data that the paper's own rows have."""

from pose2imu.methods.signal_image import predict, train

__all__ = ["predict", "train"]
