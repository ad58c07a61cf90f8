"""All that is looked at in a recording."""

import numpy as np
import pandas as pd

from pose2imu.errors import InputError
from pose2imu.formats.inertial import inertial_of
from pose2imu.formats.streams import Inertial, Poses
from pose2imu.inspection.bodies import check_poses
from pose2imu.inspection.channels import check_channels
from pose2imu.inspection.clock import check_clock
from pose2imu.inspection.fit import findings_of, fit_poses, require_place
from pose2imu.inspection.report import Finding, Report, Severity


def check(
    recording: Inertial | Poses | pd.DataFrame,
    poses: Poses | None = None,
    *,
    place: str | None = None,
    reach: float = 1.0,
    name: str = "recording",
) -> Report:
    """Say what is wrong with a sensor's recording or with poses, and how well the two fit.

    Parameters
    ----------
    recording
        What a sensor measured; poses are looked at alone. A table has columns such as time, ax, ay, az, whose units
        are guessed, and is named `name`.
    poses
        Of the same time: then both are compared, and the poses looked at as well.
    place
        Where the sensor is worn, such as right_wrist (`formats.streams.PLACES`); None takes the place that fits best.
    reach
        Lags of up to so many seconds are tried.

    Returns
    -------
    Report
        Findings, each ok, odd or wrong, with evidence in numbers; `verdict` says it in one line.

    Raises
    ------
    InputError
        For a place that is none, and a table that is no recording.
    """
    require_place(place)
    if isinstance(recording, Poses):
        return Report(recording.name, tuple(check_poses(recording)))
    if isinstance(recording, pd.DataFrame):
        recording = inertial_of(recording, name)
    findings = [Finding(Severity.OK, "read as", note) for note in recording.notes]
    findings += check_clock(recording.time, "samples")
    span = np.ptp(recording.time) if len(recording.time) else 0.0
    if span > 0:
        rate = (len(recording.time) - 1) / span
        with np.errstate(over="ignore", invalid="ignore"):  # of values that no sensor gives, which is found
            findings += check_channels(recording.acceleration, recording.angular_velocity, rate)
    if poses is None:
        return Report(recording.name, tuple(findings))
    findings += [
        Finding(finding.severity, f"poses: {finding.what}", finding.evidence) for finding in check_poses(poses)
    ]
    try:
        fit = fit_poses(recording, poses, place, reach)
    except InputError as error:
        return Report(recording.name, (*findings, Finding(Severity.WRONG, "fit", str(error))))
    return Report(recording.name, (*findings, *findings_of(fit, place, reach)), fit)
