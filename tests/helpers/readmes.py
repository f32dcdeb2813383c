"""The READMEs as data: their blocks of code, links and tables."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("[a-z]*/*.md"), *ROOT.glob("models/*/README.md")])
_BLOCK = re.compile(r"(?:^<!-- (slow|not run: [^\n]+) -->\n)?^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block. ``note`` is what the comment before it says: ``"slow"``, ``"not run: <reason>"`` or nothing."""

    note: str
    language: str
    text: str

    @property
    def excepted(self) -> bool:
        return self.note.startswith("not run")

    def commands(self) -> Iterator[list[str]]:
        """The words of each line of shell."""
        for line in self.text.replace("\\\n", " ").splitlines():
            if words := shlex.split(line, comments=True):
                yield words


def read(page: str) -> str:
    """The text of a page, named by its path from the root."""
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[Block]:
    """The fenced blocks of a language, in order."""
    found = [Block(note, kind, body) for note, kind, body in _BLOCK.findall(text)]
    return [block for block in found if block.language == language]


def prose(text: str) -> str:
    """The text without its fenced blocks."""
    return _BLOCK.sub("", text)


def links(text: str) -> list[str]:
    """The targets of links and pictures."""
    return re.findall(r"\]\(([^)\s]+)\)", prose(text))


def anchors(text: str) -> set[str]:
    """The anchors of the headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", prose(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def table(text: str, header: str) -> list[list[str]]:
    """The cells of the table whose first line begins so, row by row, without its head."""
    lines = text.split(f"\n{header}", 1)[1].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def code_words(cell: str) -> list[str]:
    """What a cell has between back quotes."""
    return re.findall(r"(?<!`)`([^`]+)`(?!`)", cell)
