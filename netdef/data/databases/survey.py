"""Decode the items of a database, and count their shapes, labels and errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np

from netdef.data.databases.open import open_records
from netdef.data.databases.records import View, key_text
from netdef.data.images.datum import datum_array, parse_datum
from netdef.errors import NetdefError
from netdef.layers.core.shapes import shape_text


@dataclass(frozen=True)
class DecodedItem:
    """An item of a database: its image (C, H, W), or why it has none. ``size`` is that of its value, in bytes."""

    key: str
    label: int = 0
    encoded: bool = False
    size: int = 0
    image: np.ndarray | None = None
    problem: str = ""


@dataclass
class Survey:
    """Counts of items by shape and by label, and the damaged ones (key, complaint)."""

    count: int = 0
    encoded: int = 0
    shapes: Counter[tuple[int, ...]] = field(default_factory=Counter)
    labels: Counter[int] = field(default_factory=Counter)
    damaged: list[tuple[str, str]] = field(default_factory=list)

    def summary(self) -> str:
        """``297 records, 1x8x8, labels 0 to 9 (10 of them)``."""
        parts = [f"{self.count:,} records"]
        parts += [shape_text(shape) for shape in self.shapes] if len(self.shapes) == 1 else []
        if self.encoded:
            parts.append("encoded" if self.encoded == self.count else f"{self.encoded:,} of them encoded")
        if self.labels:
            parts.append(f"labels {min(self.labels)} to {max(self.labels)} ({len(self.labels):,} of them)")
        return ", ".join(parts)

    def problems(self, most: int = 10) -> list[str]:
        """The problems of the database: the first damaged records and how many more, several shapes, no records."""
        problems = [f"item `{key}` {problem}" for key, problem in self.damaged[:most]]
        if len(self.damaged) > most:
            problems.append(f"and {len(self.damaged) - most:,} more records that cannot be decoded")
        if len(self.shapes) > 1:
            shapes = ", ".join(f"{count:,} of {shape_text(shape)}" for shape, count in self.shapes.most_common(most))
            problems.append(f"{len(self.shapes):,} shapes, which only a crop_size brings together: {shapes}")
        if not self.count:
            problems.append("the database holds no items")
        return problems


def decoded_items(path: Path, count: int | None = None) -> Iterator[DecodedItem]:
    """The items of a database, or the first ``count``. Raises `FileError` where there is no database."""
    records = open_records(path)
    try:
        for item in islice(records.walk(), count):
            yield _decoded(item)
    finally:
        records.close()


def survey(items: Iterable[DecodedItem]) -> Survey:
    """Count shapes, labels and damage."""
    found = Survey()
    for item in items:
        found.count += 1
        if item.image is None:
            found.damaged.append((item.key, item.problem))
            continue
        found.encoded += item.encoded
        found.shapes[item.image.shape] += 1
        found.labels[item.label] += 1
    return found


def _decoded(item: View) -> DecodedItem:
    key = key_text(item)
    try:
        datum = parse_datum(item[1])
        return DecodedItem(key, datum.label, datum.encoded, len(item[1]), datum_array(datum))
    except NetdefError as error:
        return DecodedItem(key, problem=str(error))
