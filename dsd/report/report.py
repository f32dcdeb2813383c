"""A report: an HTML page without external files, and its pictures as PNG files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from dsd.display.plotting import encode
from dsd.report import markup
from dsd.report.svg import svg
from netdef.errors import FileError
from netdef.files import atomic_write

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Section = tuple[str, str, Sequence[str]]
"""A section's id, its heading and its parts; one without parts is left out."""


@dataclass
class Report:
    """A page with its pictures, {file name: PNG}. Make the sections first, then call `finish`."""

    title: str
    page: str = ""
    pictures: dict[str, bytes] = field(default_factory=dict)

    def picture(self, figure: Figure, name: str, description: str) -> str:
        """The figure as a part of the page; its PNG goes to ``pictures``."""
        drawn = svg(figure, name, description)
        figure.set_layout_engine("none")  # what is laid out once need not be again
        self.pictures[f"{name}.png"] = encode(figure, "png")
        return drawn

    def finish(self, state: str, kind: str, lead: str, notes: Sequence[str], sections: Sequence[Section]) -> Report:
        """Write the page. ``kind``, a class of the style, rates the ``state``: good, going or bad."""
        written = [(name, heading, markup.section(name, heading, *parts)) for name, heading, parts in sections]
        written = [section for section in written if section[2]]
        body = [
            f"<header>\n<h1>{escape(self.title)}</h1>",
            f'<p><span class="state {kind}">{escape(state)}</span></p>',
            markup.paragraph(lead, "lead"),
            markup.notes(notes),
            markup.contents((name, heading) for name, heading, _ in written), "</header>\n<main>",
            *(text for *_, text in written), "</main>",
        ]
        self.page = markup.document(self.title, "\n".join(body))
        return self

    def write(self, folder: Path) -> list[Path]:
        """Write ``report.html`` and the pictures, each whole or not at all. Raises `FileError`."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileError(f"{folder}: cannot be made: {error.strerror}") from None
        contents = {"report.html": self.page.encode(), **self.pictures}
        for name, content in contents.items():
            with atomic_write(folder / name) as target:
                target.write(content)
        return [folder / name for name in contents]
