"""The report's scripts, on fabricated results; the first one run as DVC runs it."""

import json
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fabricate import PUBLISHED, fabricate, window_f1

from tests.toy import PROJECT

NAME = "utd_mhad_cross_subject"
MARKERS = "".join(f"<!-- table:{name} -->\n<!-- /table -->\n" for name in ("answer", "times", NAME))


def test_report_then_page_then_readme(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(PROJECT / "stages")

    def execute(script: str, *arguments: str) -> object:
        monkeypatch.setattr(sys, "argv", [script, *arguments])
        try:
            runpy.run_path(str(PROJECT / script), run_name="__main__")
        except SystemExit as exit_:
            return exit_.code
        return None

    shutil.copy(PROJECT / "params.yaml", tmp_path)  # checks/readme.py knows the benchmarks by it
    fabricate(tmp_path, NAME, PUBLISHED[NAME], seeds=[0])
    folder, theirs = tmp_path / "reports/tables" / NAME, published / "reports/tables" / NAME
    readme = tmp_path / "README.md"
    readme.write_text(MARKERS)
    missing = f"error: reports/tables/{NAME}/table.csv is missing: run `dvc repro` to make it"
    assert execute("stages/page.py", NAME) == missing

    command = [sys.executable, str(PROJECT / "stages/report.py"), NAME]
    report = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (report.returncode, report.stderr) == (0, "")
    for name in ("table.md", "report.html"):
        assert (folder / name).is_file()
    for name in ("table.csv", "comparisons.csv", *(f"figures/{file.name}" for file in (theirs / "figures").iterdir())):
        assert (folder / name).read_bytes() == (theirs / name).read_bytes()  # drawn once more, in another process
    assert len(list((folder / "figures").iterdir())) == len(list((theirs / "figures").iterdir()))
    assert json.loads((tmp_path / f"reports/metrics/{NAME}.json").read_text())["joint"] == window_f1("joint", 0)
    assert execute("stages/page.py", NAME) is None
    assert execute("stages/summary.py", NAME) is None
    assert (tmp_path / "reports/report.html").read_bytes() == (folder / "report.html").read_bytes()

    scarce = tmp_path / "reports/scarce/summary.md"
    scarce.parent.mkdir()
    scarce.write_text("A sentence of scarce data.\n")
    differs = f"error: README.md differs from the tables: run `python checks/readme.py {NAME}`"
    assert execute("checks/readme.py", NAME, "--check") == differs
    assert readme.read_text() == MARKERS
    assert execute("checks/readme.py", NAME) is None
    assert execute("checks/readme.py", NAME, "--check") is None
    text = readme.read_text()
    assert "| Proposed | **0.690** | **0.810** | 0.7388 |" in text
    assert "- **Where labels are scarce:** A sentence of scarce data." in text
    assert f"| `dvc repro report@{NAME}` | 0 of 3 | 0 minutes |" in text
