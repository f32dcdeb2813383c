"""--force."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from dsd.cli.shared.overwrite import force_option


@pytest.mark.parametrize("args, said", [([], "False\n"), (["--force"], "True\n")])
def test_force_is_a_flag(args: list[str], said: str):
    @click.command()
    @force_option
    def command(force: bool) -> None:
        click.echo(force)

    assert CliRunner().invoke(command, args).output == said
