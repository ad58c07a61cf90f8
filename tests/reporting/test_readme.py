"""Tables in README.md."""

from pathlib import Path

import pytest

from pose2imu.errors import InputError
from pose2imu.reporting.readme import update

README = """# Title

<!-- table:one -->
old
<!-- /table -->

between

<!-- table:two -->
<!-- /table -->
end
"""


def test_round_trip(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(README)
    tables = {"one": "| a \\* |\n| --- |\n", "two": "| b |\n| --- |\n"}
    assert not update(readme, tables, check=True)
    assert readme.read_text() == README
    assert not update(readme, tables)
    text = readme.read_text()
    assert "<!-- table:one -->\n\n| a \\* |\n| --- |\n\n<!-- /table -->" in text
    assert "old" not in text
    assert "between" in text
    assert text.endswith("<!-- /table -->\nend\n")
    assert update(readme, tables, check=True)
    assert update(readme, tables)
    assert readme.read_text() == text


@pytest.mark.parametrize("text", ["no markers\n", "<!-- table:one -->\n<!-- table:two -->\n<!-- /table -->\n"])
def test_missing_markers_are_named(tmp_path: Path, text: str) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(text)
    with pytest.raises(InputError, match=r"README\.md: no <!-- table:one -->"):
        update(readme, {"one": "| a |"})
