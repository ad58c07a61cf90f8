"""The three scripts, run as DVC runs them, on fabricated results."""

import shutil
import subprocess
import sys
from pathlib import Path

from fabricate import fabricate

from pose2imu.params import load_params

PROJECT = Path(__file__).parents[2]


def _stage(root: Path, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROJECT / ("checks" if name == "readme" else "stages") / f"{name}.py"), *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def test_report_then_page_then_readme(tmp_path: Path) -> None:
    shutil.copy(PROJECT / "params.yaml", tmp_path)  # stages/readme.py knows the benchmarks by it
    fabricate(tmp_path, "sample", list(load_params(tmp_path / "params.yaml").evaluated_runs("sample")), seeds=[0])
    readme = tmp_path / "README.md"
    readme.write_text("<!-- table:sample -->\n<!-- /table -->\n")

    early = _stage(tmp_path, "page", "sample")
    assert early.returncode == 1
    assert early.stderr.splitlines() == ["error: reports/sample/table.csv is missing: run `dvc repro` to make it"]

    report = _stage(tmp_path, "report", "sample")
    assert (report.returncode, report.stderr) == (0, "")
    for name in ("table.csv", "table.md", "figures/index.json", "report.html"):
        assert (tmp_path / "reports/sample" / name).is_file()
    assert _stage(tmp_path, "page", "sample").returncode == 0
    assert (tmp_path / "reports/report.html").read_bytes() == (tmp_path / "reports/sample/report.html").read_bytes()

    assert _stage(tmp_path, "readme", "sample", "--check").returncode == 1
    assert _stage(tmp_path, "readme", "sample").returncode == 0
    assert _stage(tmp_path, "readme", "sample", "--check").returncode == 0
    assert (tmp_path / "reports/sample/table.md").read_text().strip() in readme.read_text()
