"""Lists of windows of images: the ``source`` of WindowData layers, R-CNN's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from netdef.data.text_lines import read_text
from netdef.errors import FileError, printable

Corners = tuple[int, int, int, int]  # x1, y1, x2, y2, borders included


@dataclass(frozen=True)
class LabelledWindow:
    """A rectangle of an image, with its class; 0 is background."""

    image: str
    label: int
    box: Corners


@dataclass
class WindowList:
    """The foreground and background windows of a list, and the channels of its images."""

    background: list[LabelledWindow]
    foreground: list[LabelledWindow]
    channels: int


def read_windows(source: Path, foreground: float, background: float) -> WindowList:
    """Read the windows with an overlap of at least ``foreground``, and those with one below ``background``.

    An image is ``# index``, path, channels, height, width and the number of its windows, a window ``class overlap x1 y1
    x2 y2``. Raises `FileError` that quotes what is wrong.
    """
    words = _Words(source)
    found = WindowList([], [], 0)
    while (mark := words.next()) is not None:
        if mark != "#":
            raise FileError(f"{source}: has `{printable(mark)}` where an image begins with `#`")
        words.integer()
        image = words.next() or ""
        channels, _, _ = (words.integer() for _ in range(3))
        found.channels = found.channels or channels
        if channels != found.channels:
            raise FileError(f"{source}: image `{image}` has {channels} channels, those before it {found.channels}")
        for _ in range(words.integer()):
            label, overlap = words.integer(), words.number()
            box = words.integer(), words.integer(), words.integer(), words.integer()
            if overlap >= foreground:
                if label < 1:
                    raise FileError(f"{source}: image `{image}` has a foreground window of class {label}; 0 is background")
                found.foreground.append(LabelledWindow(image, label, box))
            elif overlap < background:
                found.background.append(LabelledWindow(image, 0, box))
    if not found.channels:
        raise FileError(f"{source}: lists no images")
    return found


class _Words:
    """The words of a file, one by one."""

    def __init__(self, source: Path):
        self._source = source
        self._words: Iterator[str] = iter(read_text(source).split())

    def next(self) -> str | None:
        return next(self._words, None)

    def integer(self) -> int:
        word = self.next()
        try:
            return int(word or "")
        except ValueError:
            raise self._no_number(word) from None

    def number(self) -> float:
        word = self.next()
        try:
            return float(word or "")
        except ValueError:
            raise self._no_number(word) from None

    def _no_number(self, word: str | None) -> FileError:
        found = "ends" if word is None else f"has `{printable(word)}`"
        return FileError(f"{self._source}: {found} where a number should be")
