"""Lists of image files with labels: the ``source`` of ImageData layers and of ``dsd-data images``."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from netdef.errors import FileError

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

ListEntry = tuple[str, int]  # a path as the list has it, and a label
_LABELS = range(-(2**31), 2**31)  # what a datum holds


def read_list(path: str | os.PathLike[str]) -> list[ListEntry]:
    """Read the lines ``path label`` of a list; a path may have blanks in it, the label is what follows the last one.

    Blank lines are passed over. Raises `FileError` for a file that cannot be read or lists nothing, and for a line
    without a whole number of 32 bits at its end, which Caffe takes for label 0.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError as error:
        raise FileError(f"{os.fspath(path)}: {error.strerror or error}") from error
    entries = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        *name, label = line.rsplit(maxsplit=1)
        try:
            entry = name[0].strip(), int(label)
        except (IndexError, ValueError):
            raise FileError(
                f"{os.fspath(path)}:{number}: `{line.strip()}` is no image's path with a whole number behind it"
            ) from None
        if entry[1] not in _LABELS:
            allowed = f"labels are whole numbers from {_LABELS[0]} to {_LABELS[-1]}"
            raise FileError(f"{os.fspath(path)}:{number}: `{label}` is no label; {allowed}")
        entries.append(entry)
    if not entries:
        raise FileError(f"{os.fspath(path)}: lists no images")
    return entries


def places(spec: LayerDefinition, source: Path) -> tuple[Path, ...]:
    """Where a data layer looks for the files that its list names: beside the list, beside the net, in the working directory."""
    return tuple(dict.fromkeys((source.parent, Path(spec.base_dir), Path())))


def locate(path: str, places: Iterable[Path], source: Path) -> Path:
    """Find a file that the list ``source`` names in the first of the places that has it. Raises `FileError`."""
    tried = [place / path for place in places]
    for file in tried:
        if os.path.isfile(file):  # False for a name too long, where `Path.is_file` raises
            return file
    raise FileError(f"{source}: lists `{path}`, and there is no file {' or '.join(map(str, tried))}")


