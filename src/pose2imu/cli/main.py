"""`pose2imu`: poses in, sensors out, activities back."""

import sys
from importlib import import_module

import typer

from pose2imu.errors import InputError

# Subcommands, each the function of its name in the module of its name in this room, loaded when it is called for.
COMMANDS = ("synthesize", "check", "init", "train", "classify", "export")
app = typer.Typer(
    help="Poses in, sensors out, activities back.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command; bad input ends in one line on stderr and exit code 1."""
    for name in COMMANDS:
        app.command(name)(getattr(import_module(f"pose2imu.cli.{name}"), name))
    try:
        app()
    except InputError as error:
        sys.exit(f"error: {error}")
    except OSError as error:  # a full disk, a read-only folder
        sys.exit(f"error: {error.filename or ''}: {error.strerror or error}")
