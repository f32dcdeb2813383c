"""A table that can be printed on a screen or pasted into a README."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.console import Console


@dataclass
class Sheet:
    """Cells as text; the first ``labels`` columns are words, the others numbers. ``breaks`` are the indices of rows
    that begin a group."""

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


def show(console: Console, sheet: Sheet, markdown: bool = False) -> None:
    """Print a sheet."""
    if markdown:
        console.print(sheet.markdown(), markup=False, highlight=False, soft_wrap=True)
        return
    from rich.table import Table

    table = Table(title=sheet.title, title_justify="left")
    for i, heading in enumerate(sheet.headings):
        table.add_column(heading, justify="left" if i < sheet.labels else "right", no_wrap=i < sheet.labels)
    for i, row in enumerate(sheet.rows):
        if i in sheet.breaks:
            table.add_section()
        table.add_row(*row)
    console.print(table)
