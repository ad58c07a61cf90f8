"""A picture of a recording: its signals, its magnitude, gaps, and poses and sensor over each other."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from scipy.constants import g

from pose2imu.atomic import replacing
from pose2imu.errors import InputError
from pose2imu.formats.sensor_units import magnitude_of
from pose2imu.formats.streams import Inertial
from pose2imu.inspection.clock import gaps
from pose2imu.inspection.fit import Fit
from pose2imu.inspection.report import Report

POINTS = 4000  # across a picture; of more, the least and the largest of each stretch are drawn
COLOURS = ("#c1272d", "#0072b2", "#009e73")  # x, y, z: told apart by the colour-blind too
SUFFIXES = (".png", ".pdf", ".svg", ".jpg")


def draw(recording: Inertial, report: Report, path: Path) -> None:
    """Draw a recording, and its poses where the report has a fit, to a file whose suffix says its kind."""
    require_picture(path)
    with mpl.rc_context({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False}):
        rows = 2 + (recording.angular_velocity is not None) + (report.fit is not None)
        figure = Figure(figsize=(10, 2.2 * rows), layout="constrained")
        FigureCanvasAgg(figure)
        panels = list(figure.subplots(rows, 1))
        start = float(np.min(recording.time))
        order = np.argsort(recording.time, kind="stable")
        time = recording.time[order] - start
        signals = panels[: rows - (report.fit is not None)]
        _axes(signals[0], time, recording.acceleration[order], "acceleration, m/s²")
        _line(signals[1], time, magnitude_of(recording.acceleration[order]), "#333333", "magnitude")
        signals[1].axhline(g, color="#999999", linewidth=0.8, linestyle="--", label="9.81 at rest")
        signals[1].set_ylabel("|acceleration|, m/s²")
        if recording.angular_velocity is not None:
            _axes(signals[2], time, recording.angular_velocity[order], "angular velocity, rad/s")
        for number, (begin, end) in enumerate(gaps(recording.time)[:500] - start):
            for panel in signals:
                panel.axvspan(begin, end, color="#f0c000", alpha=0.4, linewidth=0, label="" if number else "gap")
        for panel in signals:
            panel.set_xlim(0, max(float(time[-1]), 1e-9))
            panel.sharex(signals[0])
            panel.legend(loc="upper right", ncols=4, fontsize=8)
        signals[-1].set_xlabel("seconds")
        if report.fit is not None:
            _draw_fit(panels[-1], report.fit)
        figure.suptitle(f"{recording.name}: {report.summary}", x=0.01, ha="left", parse_math=False)
        with replacing(path) as temporary:
            figure.savefig(temporary, dpi=120, format=path.suffix[1:].lower())


def require_picture(path: Path) -> None:
    """Raise InputError where a suffix is no picture's."""
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path}: a picture with the suffix {path.suffix!r}; expected {', '.join(SUFFIXES)}")


def _axes(panel: Axes, time: np.ndarray, values: np.ndarray, label: str) -> None:
    for axis, colour, channel in zip("xyz", COLOURS, values.T, strict=True):
        _line(panel, time, channel, colour, axis)
    panel.set_ylabel(label)


def _line(panel: Axes, time: np.ndarray, values: np.ndarray, colour: str, label: str) -> None:
    panel.plot(*_thinned(time, values), color=colour, linewidth=0.7, label=label)


def _thinned(time: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of many samples, the least and the largest of each stretch: a picture shows no more."""
    if len(time) <= POINTS:
        return time, values
    width = -(-2 * len(time) // POINTS)
    count = len(time) // width
    parts = values[: count * width].reshape(count, width)
    filled = np.isfinite(parts)
    low = np.where(filled, parts, np.inf).min(axis=1)
    high = np.where(filled, parts, -np.inf).max(axis=1)
    both = np.stack([low, high], axis=1)
    both[~filled.any(axis=1)] = np.nan
    return np.repeat(time[: count * width : width], 2), both.ravel()


def _draw_fit(panel: Axes, fit: Fit) -> None:
    panel.plot(fit.time, fit.measured, color="#333333", linewidth=0.9, label="measured")
    label = f"implied by the poses at {fit.place}, moved by {fit.lag:+.2f} s: correlation {fit.correlation:.2f}"
    panel.plot(fit.time + fit.lag, fit.implied, color=COLOURS[0], linewidth=0.9, label=label)
    panel.set_xlim(0, float(fit.time[-1]))
    panel.set_ylabel("|acceleration|, m/s²")
    panel.set_xlabel("seconds of what was compared")
    panel.legend(loc="upper right", fontsize=8)
