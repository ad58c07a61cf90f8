"""The paper's values are those of /work/shared/paper.md, digit by digit."""

import pytest

from pose2imu.reporting.paper import paper_tables

# Tables III to VI as printed: method, F1, accuracy, MSE.
PRINTED = {
    "mm_fit": [
        ("imutube", "0.7697 ± 0.0019", "0.8981 ± 0.0019", ""),
        ("baseline", "0.9025 ± 0.0323", "0.9559 ± 0.0125", ""),
        ("regression_first", "0.8848 ± 0.0183", "0.9490 ± 0.0070", "0.4890 ± 0.0123"),
        ("joint_similarity", "0.9131 ± 0.0266", "0.9494 ± 0.0065", ""),
        ("joint", "0.9196 ± 0.0038", "0.9618 ± 0.0017", "0.4620 ± 0.0055"),
    ],
    "utd_mhad": [
        ("crc", "", "0.6720", ""),
        ("signal_image", "", "0.7286", ""),
        ("baseline", "0.6285 ± 0.0171", "0.6702 ± 0.0137", ""),
        ("regression_first", "0.6650 ± 0.0204", "0.6911 ± 0.0121", "0.3910 ± 0.0134"),
        ("joint_similarity", "0.7342 ± 0.0131", "0.7581 ± 0.0020", ""),
        ("joint", "0.7388 ± 0.0101", "0.7635 ± 0.0081", "0.3281 ± 0.0122"),
    ],
}


def _text(mean: float | None, sd: float | None) -> str:
    return "" if mean is None else f"{mean:.4f}" + ("" if sd is None else f" ± {sd:.4f}")


@pytest.mark.parametrize("dataset", PRINTED)
def test_values_are_those_printed(dataset: str) -> None:
    paper = paper_tables(dataset)
    assert paper is not None
    found = {
        (name, _text(row.f1, row.f1_sd), _text(row.accuracy, row.accuracy_sd), _text(row.mse, row.mse_sd))
        for name, row in paper.rows.items()
    }
    assert found == set(PRINTED[dataset])


def test_quoted_rows_are_marked_as_such_and_as_clip_level() -> None:
    paper = paper_tables("utd_mhad")
    assert paper is not None
    quoted = {name for name, row in paper.rows.items() if (row.source, row.level) == ("quoted", "clip")}
    assert quoted == {"crc", "signal_image"}


def test_the_paper_has_no_sample() -> None:
    assert paper_tables("sample") is None
