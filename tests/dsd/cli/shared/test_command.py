"""Flags and errors of commands."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import click
import pytest
from click.testing import CliRunner, Result

from dsd.cli.shared.command import Command
from netdef.errors import FileError


def run(body: Callable[[], None], *args: str) -> Result:
    """A command with two options that does ``body``, then echoes its arguments."""

    @click.command(cls=Command)
    @click.option("--max_iter", type=int)
    @click.option("--net")
    @click.argument("rest", nargs=-1)
    def main(max_iter, net, rest):
        body()
        click.echo(f"{max_iter} {net} {' '.join(rest)}")

    return CliRunner().invoke(main, args)


@pytest.mark.parametrize(
    "args, parsed",
    [
        (["--max_iter", "3", "a"], "3 None a"),
        (["-max_iter", "3", "a"], "3 None a"),
        (["-max_iter=3", "a", "-net=b"], "3 b a"),
        (["--net=-x", "a"], "None -x a"),
        (["a", "--", "-net"], "None None a -net"),
    ],
)
def test_flags_in_the_syntax_of_gflags(args, parsed):
    assert run(lambda: None, *args).output.strip() == parsed


@pytest.mark.parametrize("flag", ["-max_iters=3", "--max_iters=3"])
def test_unknown_flag_is_refused_with_a_hint(flag):
    result = run(lambda: None, flag)
    assert result.exit_code == 2 and "No such option '--max_iters'" in result.output and "--max_iter'" in result.output


@pytest.mark.parametrize("flag", ["--logtostderr=1", "-logtostderr", "-log_dir=logs"])
def test_flags_of_glog_are_refused(flag):
    result = run(lambda: None, flag, "a")
    assert result.exit_code == 2
    assert f"`{flag.partition('=')[0]}` is a flag of glog, which is not used here: leave it out" in result.output


def raises(error: BaseException):
    def body():
        raise error

    return body


@pytest.mark.parametrize(
    "error, status, words",
    [
        (FileError("a.lmdb: is damaged"), 2, "a.lmdb: is damaged"),
        (PermissionError(13, "Permission denied", "x.log"), 2, "x.log: Permission denied"),
        (OSError(28, "No space left on device"), 2, "No space left on device"),  # standard output is full
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"), 2, "out of memory"),
        (MemoryError(), 2, "out of memory"),
        (RuntimeError("CUDA error: device-side assert triggered\nCUDA kernel errors"), 2, "a label that is no class"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_user_errors_have_no_traceback(error, status, words):
    result = run(raises(error))
    assert result.exit_code == status
    assert words in result.output and "Traceback" not in result.output


def test_control_characters_of_files_do_not_reach_the_terminal():
    assert run(raises(FileError("a\x1b[2J\r.png:\n\tb\x9b"))).output == "a\\x1b[2J\\r.png:\n\tb\\x9b\n"
    assert run(lambda: warnings.warn("c\x07", stacklevel=1)).output.splitlines()[0] == r"warning: c\x07"


def test_a_bug_keeps_its_traceback():
    assert isinstance(run(raises(RuntimeError("shape"))).exception, RuntimeError)


def test_a_warning_is_one_line():
    before = warnings.showwarning
    result = run(lambda: warnings.warn("no GPU", stacklevel=1))
    assert result.output.splitlines()[0] == "warning: no GPU"
    assert warnings.showwarning is before
