"""One look for each row, which it keeps in every figure and table: a colour, a line and a marker.

Colours are of middle lightness, so that they can be told from a white and from a dark page. Rows of one family share a
hue; what tells them apart is lightness, dashes and marker. The paper's own rows follow its Fig. 3: jointly trained red,
separately trained orange.
"""

import zlib
from typing import Literal, NamedTuple

Line = Literal["-", "--", "-.", ":"]


class Look(NamedTuple):
    """How a row is drawn, in matplotlib's words."""

    colour: str
    line: Line
    marker: str


REAL, PAPER = "#5B8DEF", "#B07D12"  # measured signals; what the paper prints

LOOKS = {
    "baseline": Look("#0072B2", "-", "o"),
    "mmfit_cnn": Look("#3FA7D6", "--", "s"),
    "regression_first": Look("#E69F00", "-", "o"),
    "regressor": Look("#E69F00", ":", "o"),  # R of the row above, trained alone
    "regression_first_half": Look("#B98A3A", "--", "s"),
    "joint": Look("#D55E00", "-", "D"),
    "joint_similarity": Look("#F08A5D", "--", "s"),
    "augmentation": Look("#009E73", "-", "^"),
    "imutube": Look("#8C6BB1", "-", "v"),
    "imutube_clips": Look("#8C6BB1", "-.", "v"),
    "crc": Look("#8A8A2B", "-", "P"),
    "crc_three_axes": Look("#B3B34D", "--", "P"),
    "signal_image": Look("#8B5E3C", "-", "X"),
    "signal_image_three_axes": Look("#B98B66", "--", "X"),
    "trees": Look("#5AA02C", "-", "p"),
    "trees_synthetic": Look("#86C45B", "--", "p"),
    "minirocket": Look("#17A2B8", "-", "h"),
    "minirocket_synthetic": Look("#5CC6D6", "--", "h"),
    "strong_cnn": Look("#5566E0", "-", "d"),
    "strong_cnn_ensemble": Look("#8E9AF0", "--", "d"),
    "synthetic_clips": Look("#C2255C", "-", "*"),
    "synthetic_clips_distilled": Look("#E8709A", "-.", "*"),
    "synthetic_clips_ensemble": Look("#DE5F8C", "--", "*"),
    "shuffled_poses": Look("#868E96", "-", "x"),
    "class_mean": Look("#868E96", ":", "+"),
    "oracle": Look("#868E96", "--", "1"),
}
# A row that someone adds has one of these, always the same.
OTHERS = ("#A0568C", "#4C8C8A", "#A3A83B", "#7B7FB5", "#C0714F", "#6B9E4B", "#B0577A", "#4F8FB0")
LINES: tuple[Line, ...] = ("-", "--", "-.", ":")
MARKERS = ("o", "s", "^", "v", "D", "P", "X")


def look(row: str) -> Look:
    """Give a row's look."""
    if row in LOOKS:
        return LOOKS[row]
    number = zlib.crc32(row.encode())
    return Look(OTHERS[number % 8], LINES[number // 8 % 4], MARKERS[number // 32 % 7])
