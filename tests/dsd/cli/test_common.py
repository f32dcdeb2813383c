from __future__ import annotations

import os
import runpy
import warnings
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import dsd.cli
from dsd.cli.common import Command, gpu_ids, names
from netdef.errors import FileError


def run(body, *args: str):
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
def test_flags_as_gflags_takes_them(args, parsed):
    assert run(lambda: None, *args).output.strip() == parsed


@pytest.mark.parametrize("flag", ["-max_iters=3", "--max_iters=3"])
def test_an_unknown_flag_is_a_mistake(flag):
    result = run(lambda: None, flag)
    assert result.exit_code == 2 and "No such option '--max_iters'" in result.output and "--max_iter'" in result.output


@pytest.mark.parametrize("flag", ["--logtostderr=1", "-logtostderr", "-log_dir=logs"])
def test_flags_of_glog_are_refused_in_words(flag):
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
        (RuntimeError("DataLoader worker (pid 7) is killed by signal: Killed. "), 2, "a process that makes batches has ended"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_what_a_user_can_mend_is_said_without_a_traceback(error, status, words):
    result = run(raises(error))
    assert result.exit_code == status
    assert words in result.output and "Traceback" not in result.output


def test_a_mistake_of_ours_keeps_its_traceback():
    assert isinstance(run(raises(RuntimeError("shape"))).exception, RuntimeError)


def test_warnings_are_a_line():
    before = warnings.showwarning
    result = run(lambda: warnings.warn("no GPU", stacklevel=1))
    assert result.output.splitlines()[0] == "warning: no GPU"
    assert warnings.showwarning is before


def test_names():
    assert names(None) == names("") == ()
    assert names("a, b,,c") == ("a", "b", "c")


@pytest.mark.parametrize("text, ids", [("0", [0]), ("1,0", [1, 0]), ("all", [0, 1, 2]), (None, [])])
def test_gpus(monkeypatch, text, ids):
    monkeypatch.setattr("torch.cuda.device_count", lambda: 3)
    assert gpu_ids(text) == ids


@pytest.mark.parametrize(
    "text, count, words",
    [
        ("3", 3, "no GPU 3; this machine has GPUs 0 to 2"),
        ("all", 0, "no GPU; this machine has none"),
        ("0,", 0, "no GPU 0; this machine has none"),
        ("-1", 1, "no GPU -1; this machine has GPU 0"),
    ],
)
def test_gpus_that_are_not_there(monkeypatch, text, count, words):
    monkeypatch.setattr("torch.cuda.device_count", lambda: count)
    with pytest.raises(click.BadParameter, match=words):
        gpu_ids(text)


def test_several_gpus_become_processes_that_see_just_these(monkeypatch):
    from dsd.cli import train

    monkeypatch.setattr("torch.cuda.device_count", lambda: 3)
    monkeypatch.delenv("LOCAL_RANK", raising=False)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.setattr("sys.argv", ["dsd-train", "solver.prototxt", "--gpu", "2,0"])
    started = []
    monkeypatch.setattr("os.execv", lambda program, command: started.append(command))
    train._take_gpus("2,0")
    (command,) = started
    assert command[1:] == ["-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2", "-m", "dsd.cli.train",
                           "solver.prototxt", "--gpu", "2,0"]  # fmt: skip
    assert os.environ["CUDA_VISIBLE_DEVICES"] == "2,0"
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert train._take_gpus("2,0") == "cuda:1"


COMMANDS = sorted({path.stem for path in Path(dsd.cli.__file__).parent.glob("*.py")} - {"__init__", "common"})


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.filterwarnings("ignore:'dsd.cli:RuntimeWarning")  # another test has imported it
def test_every_command_runs_as_a_module_too(command, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", [command, "--help"])
    with pytest.raises(SystemExit) as end:
        runpy.run_module(f"dsd.cli.{command}", run_name="__main__")
    assert end.value.code == 0 and capsys.readouterr().out.startswith("Usage: ")
