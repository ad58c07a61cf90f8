"""How this project calls DVC: the one of this Python, with this Python and the checkout's own code for the stages.

`python -m pose2imu.dvc ARGUMENTS` is DVC that writes dvc.lock under a temporary name and renames it. DVC's own way is
to empty the file and write all of it again, which takes seconds; what ends it in that moment leaves a cut one. Nor does
it warn of every file that was never made, MM-Fit's hundred before each experiment.
"""

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pose2imu
from pose2imu.atomic import write_text
from pose2imu.errors import InputError
from pose2imu.lock import EMPTY, entries, merged

MIRROR = "POSE2IMU_MIRROR"
RUNNER = "pose2imu.runner"


def dvc_command(*arguments: str) -> list[str]:
    """Build a command line of plain DVC, as a user calls it."""
    return [sys.executable, "-m", "dvc", *arguments]


def safe_dvc_command(*arguments: str) -> list[str]:
    """Build a command line of DVC that never exposes a half-written dvc.lock."""
    return [sys.executable, "-m", "pose2imu.dvc", *arguments]


def environment(root: Path = Path()) -> dict[str, str]:
    """Take ours, with this Python and the code of the checkout `root` first: a stage's command is `python stages/…`."""
    ours = dict(os.environ)
    ours["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), ours.get("PATH", "")])
    ours["PYTHONPATH"] = os.pathsep.join(filter(None, [str((root / "src").resolve()), ours.get("PYTHONPATH")]))
    if (mirror := ours.get(MIRROR)) and "://" not in mirror:
        ours[MIRROR] = str(Path(mirror).resolve())
    return ours


def execute(root: Path, program: str, *arguments: str) -> None:
    """Run "dvc" or our "runner" in a checkout, its output to ours; InputError where it fails."""
    command = safe_dvc_command(*arguments) if program == "dvc" else [sys.executable, "-m", RUNNER, *arguments]
    if subprocess.run(command, cwd=root, env=environment(root), check=False).returncode:
        raise InputError(f"{program} {' '.join(arguments)} failed in {root.resolve()}")


def dvc_output(*arguments: str, root: Path = Path()) -> str:
    """Run DVC in a checkout, for what it prints; InputError that says what it complains of where it fails."""
    return output(*safe_dvc_command(*arguments), root=root, name=f"dvc {' '.join(arguments)}")


def output(*command: str, root: Path = Path(), name: str = "") -> str:
    """Run a command in a checkout, for what it prints; InputError that says what it complains of where it fails."""
    done = subprocess.run(command, cwd=root, env=environment(root), capture_output=True, text=True, check=False)
    if done.returncode:
        complaint = " ".join((done.stderr or done.stdout).split())
        raise InputError(f"{name or ' '.join(command)} failed in {root.resolve()}: {complaint}")
    return done.stdout


def require_own_code(root: Path = Path()) -> None:
    """Raise InputError unless the code that runs is the one of the checkout `root`."""
    ours, its = Path(pose2imu.__file__).resolve().parent, (root / "src/pose2imu").resolve()
    if ours != its:
        raise InputError(f"this is the code of {ours}, not of {its}: stand in its checkout, or set PYTHONPATH=src")


def write_lock_at_once() -> None:
    """Have DVC put a stage's entry into dvc.lock as text, under a temporary name that then takes the file's place."""
    from dvc.dvcfile import Lockfile  # noqa: PLC0415 - half a second, and not everybody's
    from dvc.stage.serialize import to_lockfile  # noqa: PLC0415
    from dvc.utils.serialize import dumps_yaml  # noqa: PLC0415

    def dump_stages(self: Any, stages: list[Any], **options: Any) -> None:
        path = Path(self.path)
        text = path.read_text(encoding="utf-8") if path.exists() else EMPTY
        new = {name: entry for stage in stages for name, entry in to_lockfile(stage, **options).items()}
        written = merged(text, entries(dumps_yaml({"schema": "2.0", "stages": new})))
        if written != text:
            write_text(path, written)
            self.repo.scm_context.track_file(self.relpath)

    Lockfile.dump_stages = dump_stages


def leave_out_what_was_never_made() -> None:
    """Drop DVC's warning, one an output, that it has no hash of what no stage has made yet."""
    logging.getLogger("dvc_data.index.checkout").addFilter(lambda said: "No file hash info found" not in str(said.msg))


def main() -> int:
    """Run DVC."""
    from dvc.cli import main as run  # noqa: PLC0415

    write_lock_at_once()
    leave_out_what_was_never_made()
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
