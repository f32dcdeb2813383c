"""Groups of options and lists of names."""

from __future__ import annotations

from dataclasses import dataclass

import click
from click.testing import CliRunner

from dsd.cli.shared.options import NAMES, names, option_group


@dataclass(frozen=True)
class Size:
    height: int
    width: int


def test_names():
    assert names("") == names(",") == ()
    assert names("a, b,,c") == ("a", "b", "c")


def test_a_group_reaches_the_command_as_one_object_and_is_listed_in_order():
    @click.command()
    @click.option("--before")
    @option_group("size", Size, click.option("--height", default=3), click.option("--width", default=5))
    @click.option("--names", "given", type=NAMES, default="")
    def main(before: str | None, size: Size, given: tuple[str, ...]) -> None:
        click.echo(f"{before} {size} {given}")

    found = CliRunner().invoke(main, ["--width=7", "--names", "a,b"])
    assert found.output == "None Size(height=3, width=7) ('a', 'b')\n"
    assert [param.name for param in main.params] == ["before", "height", "width", "given"]
