"""Shell completion."""

from __future__ import annotations

from importlib import import_module

import pytest
from click.testing import CliRunner

from dsd.cli.main import COMMANDS, main


@pytest.mark.parametrize("line, wanted", [
    ("dsd tr", {"train"}), ("dsd train --sig", {"--sigint_effect", "--sighup_effect"}), ("dsd-train --max", {"--max_iter"}),
    ("dsd-log p", {"plot"}), ("dsd-draw net.prototxt out.svg --rankdir ", {"TB", "LR", "BT", "RL"}),
])
def test_commands_are_completed(line: str, wanted: set[str], monkeypatch: pytest.MonkeyPatch):
    program, *rest = line.split(" ")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(rest)))
    _, _, sub = program.partition("-")
    command = import_module(f"dsd.cli.{sub or 'main'}").main
    variable = f"_{program.upper().replace('-', '_')}_COMPLETE"
    result = CliRunner().invoke(command, [], prog_name=program, env={variable: "bash_complete"})
    assert {line.partition(",")[2] for line in result.output.splitlines()} == wanted


@pytest.mark.parametrize("shell, words", [("bash", "complete -o nosort"), ("zsh", "compdef"), ("fish", "complete --no-files")])
def test_the_completion_script_is_printed(shell: str, words: str):
    result = CliRunner().invoke(main, ["completion", shell])
    assert result.exit_code == 0 and result.output.count(words) >= 1 + len(COMMANDS)
    assert "_DSD_COMPLETE" in result.output and all(f"_DSD_{name.upper()}_COMPLETE" in result.output for name in COMMANDS)
