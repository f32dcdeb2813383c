"""Options that several commands take. Those that belong together reach a command as one object."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypedDict, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])
Decorator = Callable[[Any], Any]


def options(*decorators: Decorator) -> Decorator:
    """Several click decorators as one, applied so that ``--help`` lists them in this order."""

    def decorate(function: Function) -> Function:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


def option_group(name: str, make: Callable[..., object], *decorators: Decorator) -> Decorator:
    """Options whose values reach the command as one argument ``name``: what ``make`` returns for them.

    The parameters of ``make`` are named as the options are; for a dataclass these are its fields.
    """
    group = options(*decorators)
    own = [parameter.name for parameter in click.command()(group(lambda: None)).params if parameter.expose_value]

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def command(**values: object) -> object:
            return function(**{name: make(**{key: values.pop(key) for key in own}), **values})

        return group(command)

    return decorate


class NameList(click.ParamType):
    """``a,b`` as ("a", "b"); nothing, or only commas, as ()."""

    name = "names"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        return value if isinstance(value, tuple) else names(value)


def names(text: str | None) -> tuple[str, ...]:
    """``a,b`` as ("a", "b"); () for None."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


NAMES = NameList()


class FileFlags(TypedDict):
    """Keyword arguments of `netdef.definition.read.read_net` and its like."""

    lenient: bool
    allow_python: bool


@dataclass(frozen=True)
class ReadOptions:
    """Options for reading a net: what its file may contain, and the level and stages for its layers' rules."""

    lenient: bool
    allow_python: bool
    level: int = 0
    stages: tuple[str, ...] = ()

    @property
    def flags(self) -> FileFlags:
        """The options that concern the file, as keyword arguments of the functions that read one."""
        return {"lenient": self.lenient, "allow_python": self.allow_python}


lenient_option = click.option(
    "--lenient", is_flag=True, help="Leave out unknown fields and unread unknown layers.")


def _load_plugins(ctx: click.Context, param: click.Parameter, paths: tuple[str, ...]) -> None:
    """A click callback that imports the files."""
    if paths and not ctx.resilient_parsing:
        from netdef.errors import NetdefError
        from netdef.plugins import load_plugin

        for path in paths:
            try:
                load_plugin(path)
            except NetdefError as error:
                raise click.BadParameter(str(error)) from error


python_option = options(
    click.option("--allow-python", is_flag=True, help="Let Python layers run the modules they name."),
    click.option("--plugin", metavar="MODULE.py", multiple=True, expose_value=False, callback=_load_plugins,
                 help="Import a file that registers layer types."),
)

state_options = options(
    click.option("--level", default=0, metavar="N", help="Level for include and exclude rules. [default: 0]"),
    click.option("--stage", "stages", default="", type=NAMES, metavar="A,B", help="Stages for include and exclude rules."),
)

read_options = option_group("read", ReadOptions, state_options, lenient_option, python_option)

solver_read_options = option_group("read", ReadOptions, lenient_option, python_option)

workers_option = click.option(
    "--workers", default=0, type=click.IntRange(min=0), metavar="N",
    help="Decode images in processes, not threads.")
