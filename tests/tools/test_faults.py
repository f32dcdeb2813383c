"""Faults are found where there are some, and none where a command is killed."""

from __future__ import annotations

import random
from pathlib import Path

from click.testing import CliRunner

from netdef.errors import FileError

PROGRAM = """
import pathlib, sys, time
place = pathlib.Path(sys.argv[1])
with open(place / "out", "w") as file:
    file.write("half")
    file.flush()
    while not (place / "go").exists():
        time.sleep(0.01)
    file.write(", whole")
"""


def test_half_written_files_are_damaged(tool, tmp_path, monkeypatch):
    faults = tool("faults")
    (tmp_path / "half_writer.py").write_text(PROGRAM)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    for part in ("disturbed", "undisturbed"):
        (tmp_path / part).mkdir()
    (tmp_path / "undisturbed" / "go").touch()

    checked = []

    def check(place: Path) -> None:
        checked.append(place)
        if len(checked) == 2:
            (place / "go").touch()  # for the last start
        if (place / "out").exists() and "whole" not in (place / "out").read_text():
            raise FileError(f"{place}: cut short")

    scenario = faults.Scenario(
        "half", lambda place: ["half_writer", str(place)], lambda place: (place / "out").read_text(), check,
        done=lambda place: float((place / "out").exists() and (place / "out").read_text() == "half"))
    tally = faults.trial(scenario, tmp_path, 2, random.Random(1))
    assert tally.lost and tally.same and tally.damaged[-1] == f"{tmp_path / 'disturbed'}: cut short"


def test_killed_commands_lose_nothing(tool):
    done = CliRunner().invoke(tool("faults").main, ["data", "--times", "2"])
    assert done.exit_code == 0, done.output
    assert "the same" in done.output
