"""Lists of image files with labels: the ``source`` of ImageData layers and of ``dsd-data images``."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from netdef.data.text_lines import NumberedLine, read_lines
from netdef.errors import FileError, printable
from netdef.files import atomic_write

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

ListEntry = tuple[str, int]  # a path as the list has it, and a label
_LABELS = range(-(2**31), 2**31)  # what a datum holds
_MORE_LABELS = re.compile(r"\s[-+]?\d+(\.\d*)?$")


def read_list(path: str | os.PathLike[str]) -> list[ListEntry]:
    """Read the lines ``path label`` of a list; a path may have blanks in it, the label is what follows the last one.

    Blank lines are passed over. Raises `FileError` for a file that cannot be read or lists nothing, and for a line
    without a whole number of 32 bits at its end, which Caffe takes for label 0.
    """
    entries = [_entry(path, line) for line in read_lines(path)]
    if not entries:
        raise FileError(f"{os.fspath(path)}: lists no images")
    return entries


def _entry(path: str | os.PathLike[str], line: NumberedLine) -> ListEntry:
    place = f"{os.fspath(path)}:{line.number}"
    *name, label = line.text.rsplit(maxsplit=1)
    try:
        entry = name[0], int(label)
    except (IndexError, ValueError):
        raise FileError(
            f"{place}: `{printable(line.text)}` is no image's path with a whole number behind it; "
            "other labels need an HDF5Data layer") from None
    if entry[1] not in _LABELS:
        allowed = f"labels are whole numbers from {_LABELS[0]} to {_LABELS[-1]}"
        raise FileError(f"{place}: `{printable(label)}` is no label; {allowed}")
    return entry


def read_numbers(path: str | os.PathLike[str], count: int) -> list[tuple[str, list[float]]]:
    """Read the lines of a list: a path and ``count`` numbers behind it, parted by blanks. Raises `FileError` as `read_list`."""
    entries = []
    for line in read_lines(path):
        name, *words = line.text.rsplit(maxsplit=count)
        try:
            entries.append((name, [float(word) for word in words]))
        except ValueError:
            words = []
        if len(words) != count:
            raise FileError(f"{os.fspath(path)}:{line.number}: `{printable(line.text)}` is no image's path with {count} numbers "
                            "behind it")
    if not entries:
        raise FileError(f"{os.fspath(path)}: lists no images")
    return entries


def read_paths(path: str | os.PathLike[str], count: int) -> list[tuple[str, ...]]:
    """Read the lines of a list of ``count`` words each, parted by blanks. Raises `FileError` as `read_list` does."""
    entries = []
    for line in read_lines(path):
        words = tuple(line.text.split())
        if len(words) != count:
            raise FileError(f"{os.fspath(path)}:{line.number}: `{printable(line.text)}` has {len(words)} words; it wants {count}")
        entries.append(words)
    if not entries:
        raise FileError(f"{os.fspath(path)}: lists no images")
    return entries


def write_list(path: str | os.PathLike[str], entries: Iterable[ListEntry]) -> None:
    """Write a list that `read_list` reads. Raises `FileError` for a path with a line break in it."""
    with atomic_write(path) as file:
        for name, label in entries:
            if "\n" in name or "\r" in name:
                raise FileError(f"{printable(name)}: a name with a line break cannot stand in a list")
            file.write(f"{name} {label}\n".encode(errors="surrogateescape"))


def missing_hint(name: str) -> str:
    """A hint for the error about a listed file that does not exist: what may be wrong with its name; "" for most names."""
    several = _MORE_LABELS.search(name)
    return "; a line is a path and one label: several labels need an HDF5Data layer" if several else ""


def search_folders(spec: LayerDefinition, source: Path) -> tuple[Path, ...]:
    """The folders in which a data layer looks for listed files: the list's, the net's, the working directory."""
    return tuple(dict.fromkeys((source.parent, Path(spec.base_dir), Path())))
