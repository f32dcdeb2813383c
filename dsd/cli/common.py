"""What the commands share: how they read flags, how they fail, how they speak. Nothing here waits for torch."""

from __future__ import annotations

import dataclasses
import errno
import functools
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netdef.errors import FileError, NetdefError

if TYPE_CHECKING:
    from rich.console import Console

_LONG_FLAG = re.compile(r"--?(?P<name>[A-Za-z][\w-]+)")
_GLOG_FLAGS = {
    "alsologtoemail", "alsologtostderr", "colorlogtostderr", "log_dir", "log_link", "log_prefix", "logbuflevel",
    "logbufsecs", "logtostderr", "max_log_size", "minloglevel", "stderrthreshold", "vmodule",
}  # fmt: skip
INTERRUPTED = 130  # what shells expect of a program that Ctrl-C ended


class Command(click.Command):
    """A command that a user's mistake ends with a message and exit status 2, never a traceback.

    Flags may be written as the original's gflags allow: ``-solver x`` and ``-solver=x`` mean ``--solver=x``. Flags of
    glog, which the original's users write beside them, are refused in words.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        rest = []
        for i, arg in enumerate(args):
            if arg == "--":
                rest += args[i:]
                break
            flag = _LONG_FLAG.match(arg)
            if flag and flag["name"] in _GLOG_FLAGS:
                has_log = any("--log" in param.opts for param in self.get_params(ctx))
                hint = "; `--log FILE` says where the log goes" if has_log else ""
                raise click.UsageError(f"`{flag[0]}` is a flag of glog, which is not used here: leave it out{hint}", ctx)
            rest.append(f"-{arg}" if flag and not arg.startswith("--") else arg)
        return super().parse_args(ctx, rest)

    def invoke(self, ctx: click.Context) -> Any:
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            try:
                return super().invoke(ctx)
            except NetdefError as error:
                fail(ctx, str(error), getattr(error, "exit_status", 2))
            except KeyboardInterrupt:
                click.echo("interrupted", err=True)
                ctx.exit(INTERRUPTED)
            except OSError as error:
                if error.errno == errno.EPIPE:  # a closed pipe: click knows what to do
                    raise
                reason = error.strerror or str(error)
                fail(ctx, reason if error.filename is None else f"{error.filename}: {reason}")
            except (MemoryError, RuntimeError) as error:
                if "device-side assert" in str(error):  # all that CUDA tells of it
                    fail(ctx, "the GPU was given an index beyond what it points into, most often a label that is no class; "
                         "with --device cpu the same run says which and where")
                if "DataLoader worker (pid" in str(error):
                    fail(ctx, f"a process that makes batches has ended: {str(error).splitlines()[0]} Is memory short, or shared "
                         "memory (a container's --shm-size)? Without --workers threads make them")
                if not _out_of_memory(error):
                    raise
                fail(ctx, f"out of memory: {str(error).splitlines()[0] if str(error) else 'no more to be had'}")


class Group(click.Group):
    """A command of commands, each of which fails as `Command` does."""

    command_class = Command


def fail(ctx: click.Context, message: str, status: int = 2) -> None:
    """Say what is wrong and exit, usually with 2, as for a wrong flag."""
    click.echo(message, err=True)
    ctx.exit(status)


def _out_of_memory(error: BaseException) -> bool:
    """torch says so in a RuntimeError: OutOfMemoryError on a GPU, its allocator's words on the CPU."""
    named = isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError"
    return named or "allocate memory" in str(error)


def _show_warning(message: Warning | str, *where: object, **more: object) -> None:
    click.echo(f"warning: {message}", err=True)


def options(*decorators: Callable) -> Callable:
    """Several click decorators as one, applied so that ``--help`` lists them in this order."""

    def decorate(function: Callable) -> Callable:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


def option_group(name: str, kind: type, *decorators: Callable) -> Callable:
    """Click options whose values the command takes as one parameter ``name``: a dataclass ``kind`` with these fields."""

    def decorate(function: Callable) -> Callable:
        @functools.wraps(function)  # with the options that are there already
        def call(*args: Any, **given: Any) -> Any:
            values = {field.name: given.pop(field.name) for field in dataclasses.fields(kind)}
            return function(*args, **given, **{name: kind(**values)})

        return options(*decorators)(call)

    return decorate


def names(text: str | None) -> tuple[str, ...]:
    """``a,b`` as ("a", "b")."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def split_names(ctx: click.Context, param: click.Parameter, text: str | None) -> tuple[str, ...]:
    """A click callback: `names` of the option's text."""
    return names(text)


state_options = options(
    click.option("--level", default=0, show_default=True, help="Network level, for include and exclude rules."),
    click.option("--stage", "stages", metavar="A,B", callback=split_names, help="Network stages, separated by commas."),
)

python_option = click.option(
    "--allow-python", is_flag=True, help="Let Python layers run the modules that they name. Off, a net runs no code.")

workers_option = click.option(
    "--workers", default=0, type=click.IntRange(min=0), metavar="N",
    help="Processes that decode images for a data layer; by default threads. With a GPU and cores to spare, faster.")

lenient_option = click.option(
    "--lenient", is_flag=True, help="Leave out fields that only a fork of Caffe knows, with a warning each.")


def check_device(ctx: click.Context, param: click.Parameter, name: str | None) -> str | None:
    """A click callback: refuse the name of a device that is not there, before anything else is done."""
    if name is not None:
        from netdef.graph.device import find_device

        try:
            if find_device(name).type == "meta":
                raise click.BadParameter("the device `meta` holds no numbers")
        except NetdefError as error:
            raise click.BadParameter(str(error)) from None
    return name


device_options = options(
    click.option("--gpu", metavar="IDS", help="Run on this GPU: 0; on several: 0,1, or all."),
    click.option("--device", metavar="NAME", callback=check_device,
                 help="Run on this device of torch: cpu, cuda:1, mps."),
)


def gpu_ids(text: str | None) -> list[int]:
    """The GPUs of a ``--gpu`` flag, checked to be there; none without the flag."""
    if text is None:
        return []
    import torch

    count = torch.cuda.device_count()
    if text == "all":
        ids = list(range(count))
    else:
        try:
            ids = [int(part) for part in names(text)]
        except ValueError:
            ids = []
        if not ids or len(set(ids)) < len(ids):
            allowed = "a GPU's number, a list of them such as 0,1, or all"
            raise click.BadParameter(f"`{text}` is not {allowed}", param_hint="--gpu")
    if missing := [i for i in ids if not 0 <= i < count] or not ids:
        which = "no GPU" if missing is True else f"no GPU {missing[0]}"
        has = "none" if count == 0 else f"GPUs 0 to {count - 1}" if count > 1 else "GPU 0"
        raise click.BadParameter(f"there is {which}; this machine has {has}", param_hint="--gpu")
    return ids


def console(**options: Any) -> Console:
    """The screen: standard output. Elsewhere than on a terminal lines are as long as they need to be."""
    from rich.console import Console

    made = Console(**options)
    if not made.is_terminal and "width" not in options:
        made = Console(**{**options, "width": 120})
    return made


force_option = click.option("--force", is_flag=True, help="Take the place of what is there already.")


def refuse_existing(path: str | Path | None, force: bool) -> None:
    """Raise `FileError` where something lies that nobody allowed to replace. To be asked before the work, not after."""
    if path is not None and not force and Path(path).exists():
        raise FileError(f"{path}: is there already; --force replaces it")


def progress(items: Iterable, text: str, total: int | None = None) -> Iterator:
    """The items, with a bar on standard error if that is a terminal."""
    from rich.console import Console
    from rich.progress import track

    screen = Console(stderr=True)
    return iter(track(items, text, total, console=screen, transient=True, disable=not screen.is_terminal))
