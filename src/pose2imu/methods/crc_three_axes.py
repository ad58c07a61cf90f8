"""Chen et al. on the acceleration alone: the sensor data that the paper's own rows have."""

from pose2imu.methods.crc import predict, train

__all__ = ["predict", "train"]
