"""dsd-data: its commands."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from data_command import run

from dsd.cli.data import main


@pytest.mark.parametrize("command", ["images", "idx", "cifar", "mean", "show", "verify"])
def test_each_command_has_help_with_an_example(command: str):
    shown = run(command, "--help")
    assert f"dsd-data {command}" in shown and "Example" in shown
    assert f"  {command} " in run("--help")


def test_an_unknown_command_is_refused():
    result = CliRunner().invoke(main, ["sho"])
    assert result.exit_code == 2 and "No such command 'sho'" in result.output
