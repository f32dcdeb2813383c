"""The command `dsd`, and the help, version and completion of every command."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from importlib import import_module, metadata
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import dsd.cli
from dsd.cli.main import COMMANDS, main


def test_every_module_is_a_subcommand_and_a_program():
    modules = {path.stem for path in Path(dsd.cli.__file__).parent.glob("*.py")} - {"__init__", "main"}
    assert modules == {*COMMANDS, "completion"} == set(main.list_commands(click.Context(main)))
    programs = {script.name: script.value for script in metadata.entry_points(group="console_scripts")
                if script.value.startswith("dsd.")}
    wanted = {f"dsd-{name}": f"dsd.cli.{name}:main" for name in COMMANDS}
    assert {name: programs.get(name) for name in wanted} == wanted


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["train", "-h"], ["--version"], ["log", "csv", "--version"]])
def test_help_and_version_import_no_torch(arguments: list[str]):
    script = f"import sys; from dsd.cli.main import main; main({arguments!r}, standalone_mode=False); " \
             "print(sorted({'torch', 'numpy', 'rich'} & set(sys.modules)))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sys.path))}
    ended = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "[]"


def every_command() -> dict[str, click.Command]:
    """All commands by their words: ``data images`` too."""
    found = {}
    for name in [*COMMANDS, "completion"]:
        command = import_module(f"dsd.cli.{name}").main
        found[name] = command
        if isinstance(command, click.Group):
            found |= {f"{name} {sub}": command.commands[sub] for sub in command.commands}
    return found


@pytest.mark.parametrize("words", every_command())
def test_help_and_version_of_a_command(words: str):
    def said(flag: str) -> str:
        result = CliRunner().invoke(main, [*words.split(), flag], prog_name="dsd", terminal_width=80)
        assert result.exit_code == 0, result.output
        return result.output

    assert said("-h") == said("--help") and said("--help").startswith(f"Usage: dsd {words} ")
    assert said("--version") == f"netdef-dsd {metadata.version('netdef-dsd')}\n"
    assert "Example" in said("-h") and len(said("-h").splitlines()) <= (52 if words == "convert" else 40)
    assert max(map(len, said("-h").splitlines())) <= 80 and "\b" not in said("-h")


@pytest.mark.parametrize("name", [*COMMANDS, "completion"])
@pytest.mark.filterwarnings("ignore:'dsd.cli:RuntimeWarning")  # another test has imported it
def test_a_command_runs_as_a_module(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr("sys.argv", [name, "--help"])
    with pytest.raises(SystemExit) as end:
        runpy.run_module(f"dsd.cli.{name}", run_name="__main__")
    assert end.value.code == 0 and capsys.readouterr().out.startswith("Usage: ")


def test_an_error_of_a_subcommand_is_a_message_and_2():
    result = CliRunner().invoke(main, ["check", "nope.prototxt"])
    assert result.exit_code == 2 and result.output.startswith("nope.prototxt: cannot be read")
