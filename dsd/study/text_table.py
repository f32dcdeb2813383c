"""A table that can be printed on a screen or pasted into a README."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rich.console import Console


@dataclass
class TextTable:
    """Cells as text; the first ``labels`` columns are words, the others numbers.

    ``breaks`` are the indices of rows that begin a group.
    """

    title: str
    headings: list[str]
    labels: int = 1
    rows: list[list[str]] = field(default_factory=list)
    breaks: set[int] = field(default_factory=set)

    def markdown(self) -> str:
        """A GitHub table."""
        rule = ["---" if i < self.labels else "---:" for i in range(len(self.headings))]
        lines = [self.headings, rule, *self.rows]
        return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def show(console: Console, content: TextTable, markdown: bool = False) -> None:
    """Print a table. Columns that do not fit in the width follow below, behind the labels again; no word is cut."""
    if markdown:
        console.print(content.markdown(), markup=False, highlight=False, soft_wrap=True)
        return
    from rich.table import Table

    cells = list(zip(content.headings, *content.rows))
    least = [max(len(word) for cell in column for word in cell.split()) for column in cells]
    for number, block in enumerate(_blocks(least, content.labels, console.width)):
        table = Table(title=None if number else content.title, title_justify="left")
        room = console.width - _width(least[i] for i in block)
        for i in block:
            wider = min(max(map(len, cells[i][1:]), default=0) - least[i], room)
            width = least[i] + max(wider, 0)
            room -= width - least[i]
            table.add_column(content.headings[i], justify="left" if i < content.labels else "right", width=width)
        for row_number, row in enumerate(content.rows):
            if row_number in content.breaks:
                table.add_section()
            table.add_row(*(row[i] for i in block))
        console.print(table)


def _blocks(least: list[int], labels: int, width: int) -> list[list[int]]:
    """The columns of each table below one another: the labels, and as many others as fit."""
    blocks = [list(range(labels))]
    for i in range(labels, len(least)):
        if len(blocks[-1]) > labels and _width(least[j] for j in (*blocks[-1], i)) > width:
            blocks.append(list(range(labels)))
        blocks[-1].append(i)
    return blocks


def _width(columns: Iterable[int]) -> int:
    """Width of a table with columns of these widths: each has a border and a blank on each side."""
    return sum(width + 3 for width in columns) + 1
