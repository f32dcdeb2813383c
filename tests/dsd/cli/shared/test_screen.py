"""Tables on standard output, bars on standard error."""

from __future__ import annotations

import pytest

from dsd.cli.shared.screen import console, progress


def test_output_is_120_wide_without_a_terminal(capsys: pytest.CaptureFixture[str]):
    made = console()
    assert made.width == 120
    made.print("word " * 30)
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 120


def test_a_width_is_followed():
    assert console(47).width == 47


def test_there_is_no_bar_without_a_terminal(capsys: pytest.CaptureFixture[str]):
    assert list(progress("abc", "letters")) == ["a", "b", "c"]
    assert capsys.readouterr() == ("", "")
