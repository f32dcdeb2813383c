"""Run commands in tests."""

from __future__ import annotations

import click
from click.testing import CliRunner


def output_of(command: click.Command, *args: object, status: int = 0) -> str:
    """The output of a command, which must end with this status."""
    result = CliRunner().invoke(command, [str(arg) for arg in args])
    assert result.exit_code == status, f"{result.output}\n{result.exception!r}"
    return result.output
