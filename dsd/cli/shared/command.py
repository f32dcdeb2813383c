"""The base of every command: reading flags, showing the version, ending with an error."""

from __future__ import annotations

import errno
import os
import re
import sys
import warnings
from typing import Any, NoReturn

import click

from dsd.cli.shared.garbage import late_collection
from dsd.compute.allocator import keep_freed_memory
from dsd.compute.waiting import limit_busy_waiting
from netdef.errors import NetdefError, printable

INTERRUPTED = 130  # the exit status that shells expect after Ctrl-C

_LAYOUT = "\n\t"  # control characters that messages have; others come from files
_HOME = re.compile(r"(?<![^=,])~(?=/)")  # which the shell leaves in --weights=~/a.caffemodel,~/b.caffemodel
_LONG_FLAG = re.compile(r"--?(?P<name>[A-Za-z][\w-]+)")
_GLOG_FLAGS = {
    "alsologtoemail", "alsologtostderr", "colorlogtostderr", "log_dir", "log_link", "log_prefix", "logbuflevel",
    "logbufsecs", "logtostderr", "max_log_size", "minloglevel", "stderrthreshold", "vmodule",
}  # fmt: skip


class _WithVersion(click.Command):
    """A command that answers ``-h`` and ``--version``."""

    def __init__(self, *args: Any, **attributes: Any):
        super().__init__(*args, **attributes)
        self.context_settings.setdefault("help_option_names", ["-h", "--help"])
        self.params.append(click.Option(
            ["--version"], is_flag=True, expose_value=False, is_eager=True, callback=_show_version,
            help="Show the version and exit."))


class Command(_WithVersion):
    """A command that reports user errors as one message and exits with status 2.

    Flags may be written as the original's gflags allow: ``-solver x`` and ``-solver=x`` mean ``--solver=x``. Flags of
    glog, which users of the original write beside them, are refused.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        rest = []
        for i, arg in enumerate(args):
            if arg == "--":
                rest += args[i:]
                break
            flag = _LONG_FLAG.match(arg)
            if flag and flag["name"] in _GLOG_FLAGS and not ctx.resilient_parsing:
                has_log = any("--log" in param.opts for param in self.get_params(ctx))
                hint = "; `--log FILE` says where the log goes" if has_log else ""
                raise click.UsageError(f"`{flag[0]}` is a flag of glog, which is not used here: leave it out{hint}", ctx)
            arg = _HOME.sub(lambda found: os.path.expanduser(found[0]), arg)
            rest.append(f"-{arg}" if flag and not arg.startswith("--") else arg)
        return super().parse_args(ctx, rest)

    def invoke(self, ctx: click.Context) -> Any:
        if "torch" not in sys.modules:  # else the process is another program's
            limit_busy_waiting()
            keep_freed_memory()
        with late_collection(), warnings.catch_warnings():
            warnings.showwarning = _show_warning
            try:
                return super().invoke(ctx)
            except KeyboardInterrupt:
                _fail(ctx, "interrupted", INTERRUPTED)
            except (NetdefError, OSError, MemoryError, RuntimeError) as error:
                message = _message(error)
                if message is None:
                    raise
                _fail(ctx, message, getattr(error, "exit_status", 2))


class Group(_WithVersion, click.Group):
    """A command of commands, each a `Command`."""

    command_class = Command


def _message(error: BaseException) -> str | None:
    """The message for an error of the user; None for a bug, which keeps its traceback."""
    if isinstance(error, NetdefError):
        return str(error)
    if isinstance(error, OSError):
        if error.errno == errno.EPIPE:  # a closed pipe: click ends quietly
            return None
        reason = error.strerror or str(error)
        return reason if error.filename is None else f"{error.filename}: {reason}"
    text = str(error)
    if "device-side assert" in text:  # all that CUDA says
        return ("the GPU was given an index beyond what it points into, most often a label that is no class; "
                "with --device cpu the same run says which and where")
    if _is_out_of_memory(error):
        return f"out of memory: {text.splitlines()[0] if text else 'no more to be had'}"
    return None


def _is_out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out: torch raises OutOfMemoryError on a GPU, a plain RuntimeError on the CPU."""
    named = isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError"
    return named or "allocate memory" in str(error)


def _fail(ctx: click.Context, message: str, status: int) -> NoReturn:
    click.echo(printable(message, keep=_LAYOUT), err=True)
    ctx.exit(status)


def _show_warning(message: Warning | str, *where: object, **more: object) -> None:
    click.echo(f"warning: {printable(str(message), keep=_LAYOUT)}", err=True)


def _show_version(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from netdef import __version__

        click.echo(f"netdef-dsd {__version__}")
        ctx.exit()
