"""What code does, as hashes: the modules that a script runs, found by their imports, without comments and docstrings.

Names and layout of arrays, files and networks are in what is hashed; comments, docstrings and line breaks are not, for
they change no result. Nor are the libraries: requirements.txt pins them, and a run's runtime.json says which it had.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

SOURCE, PACKAGE = Path("src"), "pose2imu"
# Left out, each for its reason: what these do moves no number.
EXCLUDED = {
    "pose2imu/command.py": "arguments of scripts, and how an error is printed",
    "pose2imu/errors.py": "an exception's name",
    "pose2imu/layout.py": "where files lie: DVC follows their contents",
    "pose2imu/params.py": "values are tracked where they are used: by a recipe, or as a stage's parameters",
    "pose2imu/method_params.py": "which values there may be: those that a run has are in its recipe",
    "pose2imu/recipes.py": "a recipe's contents are what a run depends on",
}


def fingerprint(scripts: Iterable[Path], root: Path = Path()) -> dict[str, str]:
    """Hash what scripts, and all modules of the package that they import, do; by path below `root`.

    Files of other kinds that lie in a package beside an imported module, such as templates, are in it too.
    """
    return {path.as_posix(): meaning(root / path) for path in closure(scripts, root)}


def closure(scripts: Iterable[Path], root: Path = Path()) -> list[Path]:
    """Find scripts, with all that they import of the package, directly or not, and the data files beside it."""
    found, waiting = set[Path](), [*scripts]
    while waiting:
        if (file := waiting.pop()) not in found:
            found.add(file)
            waiting += imported(file, root)
    modules = {path for path in found if path.is_relative_to(SOURCE)}
    return sorted(found | {data for module in modules for data in _data_beside(module, root)})


def imported(file: Path, root: Path = Path()) -> Iterator[Path]:
    """Find the modules of the package that a file imports, wherever in it, with the packages that they lie in."""
    for name in _names((root / file).read_bytes()):
        yield from _files(name, root)


@cache
def _names(code: bytes) -> list[str]:
    """List the dotted names below the package that code may import."""
    found = list[str]()
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.ImportFrom(module=str(module), names=names, level=0):
                found += [module, *(f"{module}.{name.name}" for name in names)]
            case ast.Import(names=names):
                found += [name.name for name in names]
    return [name for name in found if name.split(".")[0] == PACKAGE]


def _files(name: str, root: Path) -> Iterator[Path]:
    """Give the files that importing a dotted name runs: its packages' and its own."""
    parts = name.split(".")
    packages = [SOURCE.joinpath(*parts[:count], "__init__.py") for count in range(1, len(parts) + 1)]
    for path in (*packages, SOURCE.joinpath(*parts).with_suffix(".py")):
        if (root / path).is_file() and path.relative_to(SOURCE).as_posix() not in EXCLUDED:
            yield path


def _data_beside(module: Path, root: Path) -> Iterator[Path]:
    for path in (root / module).parent.iterdir():
        if path.is_file() and path.suffix not in (".py", ".pyc"):
            yield path.relative_to(root)


def meaning(file: Path) -> str:
    """Hash a Python file's syntax tree, without docstrings; of any other file's bytes."""
    content = file.read_bytes()
    return hashlib.sha256(_syntax(content) if file.suffix == ".py" else content).hexdigest()[:16]


@cache
def _syntax(code: bytes) -> bytes:
    """Write code's syntax tree, without docstrings."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            match node.body:
                case [ast.Expr(ast.Constant(str())), *rest]:
                    node.body = rest
    return ast.dump(tree).encode()
