"""What all figures share, in one place: colours, rcParams, titles, deterministic files."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
from matplotlib.figure import Figure as Canvas
from PIL import Image

from pose2imu.datasets.benchmark import Benchmark

# Okabe and Ito's palette, safe for colour-blind readers. Where Fig. 3 has colours, these follow it: real data blue,
# jointly trained red, separately trained orange.
COLOURS = {
    "baseline": "#0072B2",
    "regression_first": "#E69F00",
    "regression_first_half": "#009E73",
    "joint": "#D55E00",
    "joint_similarity": "#CC79A7",
}
REAL, PAPER, OTHER = "#0072B2", "#000000", "#56B4E9"

# An SVG past this many bytes is saved as PNG instead.
LARGEST_SVG = 200_000

RC: dict[Any, Any] = {  # matplotlib types the keys as a long Literal
    "font.family": "DejaVu Sans",  # ships with matplotlib: the same on every machine
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e3e3e3",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "lines.linewidth": 1.1,
    "figure.constrained_layout.use": True,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "savefig.dpi": 110,
    "svg.fonttype": "path",
    "svg.hashsalt": "pose2imu",  # else the ids in an SVG are random
}


class Figure(NamedTuple):
    """A drawn figure: its file in the folder of figures, and the words that go with it."""

    file: str
    title: str
    caption: str
    wide: bool  # takes the page's whole width


def colour(method: str) -> str:
    """Give a method's colour in every figure."""
    return COLOURS.get(method, OTHER)


@contextmanager
def style() -> Iterator[None]:
    """Draw with these settings, whatever a user's matplotlibrc says."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(RC)
        yield


def finish(
    canvas: Canvas, folder: Path, name: str, protocol: Benchmark, title: str, caption: str, wide: bool
) -> Figure:
    """Put the title on, say if the data is synthetic, and save."""
    mark = " (synthetic data)" if protocol.synthetic else ""
    canvas.suptitle(f"{protocol.benchmark}{mark}: {title}", fontsize=11, fontweight="bold")
    return Figure(save(canvas, folder, name), title, caption + (" Synthetic data." if mark else ""), wide)


def save(canvas: Canvas, folder: Path, name: str) -> str:
    """Save as SVG, or as PNG where the SVG would be large; the same figure gives the same bytes."""
    buffer = BytesIO()
    canvas.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    if buffer.tell() <= LARGEST_SVG:
        file = f"{name}.svg"
    else:
        file = f"{name}.png"
        pixels = BytesIO()
        canvas.savefig(pixels, format="png")
        buffer = BytesIO()  # a palette of a few colours is all that lines and areas need, at a third of the size
        Image.open(pixels).convert("RGB").quantize(128).save(buffer, format="png", optimize=True)
    (folder / file).write_bytes(buffer.getvalue())
    return file
