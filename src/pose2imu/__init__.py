"""Pose-to-IMU data augmentation for human activity recognition: a reproduction of Zolfaghari et al. 2024."""
