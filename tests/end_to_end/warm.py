"""Commands without their imports: a process that has imported the libraries forks itself for each that is run.

Importing torch, pandas, scikit-learn and numba is four of the five seconds that a stage of the shortened sample takes.
DVC runs `python stages/…` as ever, but finds a `python` that hands its arguments over and waits. The project's own
code is imported by the fork, from where the script stands. `dvc` itself is run so too.
"""

import contextlib
import json
import os
import runpy
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHIM = """#!{python} -SE
import array, json, os, socket, sys
arguments = ["-m", "dvc"] * ({program!r} == "dvc") + sys.argv[1:]
if not arguments[:1] or not arguments[0].startswith(("stages/", "checks/", "-m")):
    os.execv({python!r}, [{python!r}, *arguments])
server = socket.socket(socket.AF_UNIX)
server.connect({address!r})
asked = json.dumps([arguments, os.getcwd(), dict(os.environ)]).encode()
server.sendmsg([len(asked).to_bytes(4, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [1, 2]))])
server.sendall(asked)
sys.exit((server.recv(1) or b"\\x01")[0])
"""
LIBRARIES = (
    *("jinja2", "matplotlib.figure", "numba", "pandas", "psutil", "pyarrow.parquet", "pydantic", "ruamel.yaml"),
    *("safetensors.numpy", "scipy.interpolate", "scipy.spatial.transform", "scipy.stats"),
    *("sklearn.ensemble", "sklearn.linear_model", "sklearn.metrics", "torch", "tqdm", "submitit"),
    *("dvc.cli", "dvc.commands.repro", "dvc.commands.status", "dvc.repo", "dvc.stage", "dvc.repo.experiments"),
)


@contextmanager
def warm_python(folder: Path) -> Iterator[Path]:
    """Make a folder for PATH whose `python` and `dvc` run scripts and modules in a fork."""
    folder.mkdir()
    address = folder / "socket"
    for program in ("python", "dvc"):
        (folder / program).write_text(SHIM.format(python=sys.executable, address=str(address), program=program))
        (folder / program).chmod(0o755)
    with subprocess.Popen([sys.executable, __file__, str(address)], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == b"ready\n"
        yield folder
        server.kill()


def serve(address: str) -> None:
    """Fork for whoever asks, until killed."""
    for name in LIBRARIES:
        __import__(name)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen()
    print("ready", flush=True)
    while True:
        client, _ = listener.accept()
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if os.fork() == 0:
            listener.close()
            answer(client)
        client.close()


def answer(client: socket.socket) -> None:
    """Run a script or module in a fork, and send its exit status."""
    size, descriptors, *_ = socket.recv_fds(client, 4, 2)
    asked = b""
    while len(asked) < int.from_bytes(size, "big"):
        asked += client.recv(65536)
    arguments, folder, environment = json.loads(asked)
    module = arguments.pop(1) if arguments[0] == "-m" else None
    sys.argv = arguments
    for descriptor, number in zip(descriptors, (1, 2), strict=True):
        os.dup2(descriptor, number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:1] = [str(Path(folder, sys.argv[0]).parent), *filter(None, environment.get("PYTHONPATH", "").split(":"))]
    status = 1
    try:
        if module:
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(sys.argv[0], run_name="__main__")
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        client.sendall(bytes([status]))
        os._exit(status)


if __name__ == "__main__":
    serve(sys.argv[1])
