"""Tables on screens of any width."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from dsd.study.text_table import TextTable, show

SHEET = TextTable("What was found", ["solver", "survivors, no clipping", "first update", "unit"], 1, [
    ["SGD (momentum 0.9)", "0", "91", "rate x gradient"], ["AdaGrad", "0.06", "3.16, up to 6.57", "rate"]], {1})


def shown(width: int) -> list[str]:
    file = io.StringIO()
    show(Console(file=file, width=width), SHEET)
    return file.getvalue().splitlines()


@pytest.mark.parametrize(("width", "tables"), [(30, 3), (45, 2), (60, 1), (200, 1)])
def test_no_word_is_cut_whatever_the_width(width, tables):
    lines = shown(width)
    assert max(map(len, lines)) <= width
    text = "\n".join(lines)
    assert all(word in text for row in [SHEET.headings, *SHEET.rows] for cell in row for word in cell.split())
    assert text.count("AdaGrad") == text.count("solver") == tables


def test_a_wide_screen_has_a_line_for_each_cell():
    rows = [line for line in shown(200) if "91" in line or "6.57" in line]
    assert len(rows) == 2 and "SGD (momentum 0.9)" in rows[0] and "3.16, up to 6.57" in rows[1]


def test_markdown():
    assert SHEET.markdown().splitlines()[1:3] == [
        "| --- | ---: | ---: | ---: |", "| SGD (momentum 0.9) | 0 | 91 | rate x gradient |"]
