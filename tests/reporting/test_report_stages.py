"""The report's scripts, on fabricated results; the first one run as DVC runs it."""

import json
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fabricate import fabricate, window_f1

from tests.toy import PROJECT

MARKERS = "<!-- table:summary -->\n<!-- /table -->\n<!-- table:sample -->\n<!-- /table -->\n"


def test_report_then_page_then_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
    fabricate(tmp_path, "sample", ["regression_first", "joint", "trees"], seeds=[0])
    readme = tmp_path / "README.md"
    readme.write_text(MARKERS)
    missing = "error: reports/sample/table.csv is missing: run `dvc repro` to make it"
    assert execute("stages/page.py", "sample") == missing

    command = [sys.executable, str(PROJECT / "stages/report.py"), "sample"]
    report = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (report.returncode, report.stderr) == (0, "")
    for name in ("table.csv", "comparisons.csv", "table.md", "figures/index.json", "report.html"):
        assert (tmp_path / "reports/sample" / name).is_file()
    assert json.loads((tmp_path / "reports/metrics/sample.json").read_text())["joint"] == window_f1("joint", 0)
    assert execute("stages/page.py", "sample") is None
    assert (tmp_path / "reports/report.html").read_bytes() == (tmp_path / "reports/sample/report.html").read_bytes()

    differs = "error: README.md differs from the tables: run `python checks/readme.py sample`"
    assert execute("checks/readme.py", "sample", "--check") == differs
    assert readme.read_text() == MARKERS
    assert execute("checks/readme.py", "sample") is None
    assert execute("checks/readme.py", "sample", "--check") is None
    assert (tmp_path / "reports/sample/table.md").read_text().strip() in readme.read_text()


def test_an_error_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    command = [sys.executable, str(PROJECT / "stages/page.py"), "sample"]
    early = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert early.returncode == 1
    assert early.stderr.splitlines() == ["error: reports/sample/benchmark.json is missing: run `dvc repro` to make it"]
