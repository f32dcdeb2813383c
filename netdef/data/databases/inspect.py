"""Looking into a database: what its records are, whether all are whole, what they look like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np

from netdef.data.databases.open import open_records
from netdef.data.databases.records import View, key_text
from netdef.data.images.datum import datum_array, parse_datum
from netdef.errors import NetdefError

_GAP = 2  # pixels between pictures


@dataclass(frozen=True)
class Record:
    """An item: its image (C, H, W), or why there is none."""

    key: str
    label: int = 0
    encoded: bool = False
    size: int = 0
    image: np.ndarray | None = None
    problem: str = ""


@dataclass
class Survey:
    """What all records of a database are: how many of which shape and label, and the damaged ones (key, complaint)."""

    count: int = 0
    encoded: int = 0
    shapes: Counter[tuple[int, ...]] = field(default_factory=Counter)
    labels: Counter[int] = field(default_factory=Counter)
    damaged: list[tuple[str, str]] = field(default_factory=list)


def records(path: Path, count: int | None = None) -> Iterator[Record]:
    """The records of a database, or the first ``count``. Raises `FileError` where there is none to read."""
    opened = open_records(path)
    try:
        for item in islice(opened.walk(), count):
            yield _record(item)
    finally:
        opened.close()


def survey(found: Iterable[Record]) -> Survey:
    """Count what the records are."""
    told = Survey()
    for record in found:
        told.count += 1
        if record.problem:
            told.damaged.append((record.key, record.problem))
            continue
        told.encoded += record.encoded
        told.shapes[record.image.shape] += 1
        told.labels[record.label] += 1
    return told


def sheet(images: Sequence[np.ndarray], columns: int = 10) -> np.ndarray:
    """Images (C, H, W), blue first, side by side as one picture (rows, columns, 3) of red, green, blue.

    Floats are stretched to 0 to 255; of more than three channels the first is shown.
    """
    pictures = [_picture(image) for image in images]
    height, width = (max(p.shape[axis] for p in pictures) + _GAP for axis in (0, 1))
    columns = min(columns, len(pictures))
    whole = np.full((-(-len(pictures) // columns) * height - _GAP, columns * width - _GAP, 3), 255, np.uint8)
    for index, picture in enumerate(pictures):
        row, column = divmod(index, columns)
        whole[row * height :, column * width :][: picture.shape[0], : picture.shape[1]] = picture
    return whole


def _record(item: View) -> Record:
    key = key_text(item)
    try:
        datum = parse_datum(item[1])
        return Record(key, datum.label, datum.encoded, len(item[1]), datum_array(datum))
    except NetdefError as error:
        return Record(key, problem=str(error))


def _picture(image: np.ndarray) -> np.ndarray:
    if image.dtype != np.uint8:
        low, high = image.min(), image.max()
        image = ((image - low) * (255 / ((high - low) or 1))).astype(np.uint8)
    planes = image[::-1] if len(image) == 3 else image[[0, 0, 0]]
    return planes.transpose(1, 2, 0)
