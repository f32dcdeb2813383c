"""The mean image of a database."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from netdef.data.databases.open import open_records
from netdef.data.databases.records import View, key_text
from netdef.data.images.datum import datum_array, parse_datum
from netdef.errors import FileError, NetdefError


def database_mean(
    path: str | os.PathLike[str], progress: Callable[[Iterable[View]], Iterable[View]] = iter
) -> np.ndarray:
    """The mean image, float32 (C, H, W), of a database whose images are of one size.

    Summed in float64 (compute_image_mean sums in float32). Raises `FileError` for a database that cannot be read and for
    images of different sizes. ``progress`` is given the items and yields them: a progress bar.
    """
    records = open_records(Path(path))
    total: np.ndarray | None = None
    count = 0
    for count, item in enumerate(progress(records.walk()), 1):
        try:
            image = datum_array(parse_datum(item[1]))
            if total is None:
                total = np.zeros(image.shape, np.float64)
            if image.shape != total.shape:
                raise NetdefError(f"is of shape {image.shape}, the first item of {total.shape}")
        except NetdefError as error:
            raise FileError(f"{path}: item `{key_text(item)}` {error}") from error
        total += image
    records.close()
    if total is None:
        raise FileError(f"{path}: the database holds no items")
    return (total / count).astype(np.float32)
