"""What is wrong with a recording, and whether poses and sensor fit."""

from pose2imu.inspection.checks import check
from pose2imu.inspection.report import Finding, Report, Severity

__all__ = ["Finding", "Report", "Severity", "check"]
