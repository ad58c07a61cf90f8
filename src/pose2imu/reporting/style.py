"""What all figures share, in one place: rcParams, the dark theme, deterministic files.

Figures are narrow, so that a phone shows their text at a size that can be read; the page puts several side by side.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
from matplotlib.figure import Figure as Canvas
from PIL import Image

from pose2imu.datasets.benchmark import Benchmark

WIDTH = 4.9  # inches, of every figure of a benchmark
# Text, grid and paper by theme. Nothing else may have these colours: a dark page replaces them wherever they stand.
INK, SOFT, GRID, BACK = "#1d2329", "#5f6974", "#e1e4e8", "#ffffff"
DARK = {INK: "#e4e8ec", SOFT: "#9aa5b1", GRID: "#333b44", BACK: "#14181d"}

# An SVG past this many bytes is saved as PNG instead.
LARGEST_SVG = 200_000

RC: dict[Any, Any] = {  # matplotlib types the keys as a long Literal
    # DejaVu Sans ships with matplotlib, so that the layout is the same on every machine. The text stays text in the
    # file, and a browser without that font takes another, none of which is wider.
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Roboto", "Helvetica", "Arial"],
    "svg.fonttype": "none",
    "svg.hashsalt": "pose2imu",  # else the ids in an SVG are random
    "font.size": 9.5,
    "axes.labelsize": 9.5,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "lines.linewidth": 1.2,
    "path.simplify_threshold": 0.3,
    "figure.constrained_layout.use": True,
    **dict.fromkeys(("figure.facecolor", "axes.facecolor", "savefig.facecolor"), BACK),
    **dict.fromkeys(("text.color", "axes.labelcolor", "axes.titlecolor", "xtick.labelcolor", "ytick.labelcolor"), INK),
    **dict.fromkeys(("axes.edgecolor", "xtick.color", "ytick.color"), SOFT),
    "savefig.dpi": 110,
}


class Figure(NamedTuple):
    """A drawn figure: its file in the folder of figures, and the words that go with it."""

    file: str
    title: str
    caption: str


@contextmanager
def style() -> Iterator[None]:
    """Draw with these settings, whatever a user's matplotlibrc says."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(RC)
        yield


def finish(canvas: Canvas, folder: Path, name: str, protocol: Benchmark, title: str, caption: str) -> Figure:
    """Say above the figure which benchmark it is of, and if the data is synthetic, and save."""
    mark = " (synthetic data)" if protocol.synthetic else ""
    canvas.suptitle(f"{protocol.benchmark}{mark}", fontsize=9, color=SOFT, x=0.01, ha="left")
    return Figure(save(canvas, folder, name), title, caption + (" Synthetic data." if mark else ""))


def save(canvas: Canvas, folder: Path, name: str) -> str:
    """Save as SVG, or as PNG where the SVG would be large; the same figure gives the same bytes."""
    buffer = BytesIO()
    canvas.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    content = themed(rounded(buffer.getvalue().decode())).encode()
    if len(content) <= LARGEST_SVG:
        file = f"{name}.svg"
    else:
        file = f"{name}.png"
        pixels = BytesIO()
        canvas.savefig(pixels, format="png")
        buffer = BytesIO()  # a palette of a few colours is all that lines and areas need, at a third of the size
        Image.open(pixels).convert("RGB").quantize(128).save(buffer, format="png", optimize=True)
        content = buffer.getvalue()
    (folder / file).write_bytes(content)
    return file


def rounded(svg: str) -> str:
    """Cut the coordinates in an SVG's attributes to hundredths of a point: a third less to load. Text stays."""
    return re.sub(r'"[^"<>]*"', lambda value: re.sub(r"(\.\d\d)\d+", r"\1", value.group()), svg)


def themed(svg: str) -> str:
    """Give an SVG a style sheet with the dark theme, which a browser heeds where the file is an image, too."""
    rules = "".join(
        f'[style*="{what}: {light}"]{{{what}:{dark}!important}}'
        for light, dark in DARK.items()
        for what in ("fill", "stroke")
    )
    sheet = f"<style>@media (prefers-color-scheme: dark){{{rules}}}</style>"
    return re.sub(r"(<svg\b[^>]*>)", rf"\1\n {sheet}", svg, count=1)
