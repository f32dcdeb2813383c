"""Many images side by side as one picture."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from netdef.data.images.image_file import encode
from netdef.errors import NetdefError
from netdef.files import atomic_write

_GAP = 2  # pixels between images


def contact_sheet(images: Sequence[np.ndarray], columns: int = 10) -> np.ndarray:
    """Images (C, H, W), blue first, side by side as one image (3, rows, columns), blue first.

    Floats are stretched to 0 to 255; of more than three channels the first is shown.
    """
    tiles = [_tile(image) for image in images]
    height, width = (max(tile.shape[axis] for tile in tiles) + _GAP for axis in (1, 2))
    columns = min(columns, len(tiles))
    sheet = np.full((3, -(-len(tiles) // columns) * height - _GAP, columns * width - _GAP), 255, np.uint8)
    for index, tile in enumerate(tiles):
        row, column = divmod(index, columns)
        sheet[:, row * height :, column * width :][:, : tile.shape[1], : tile.shape[2]] = tile
    return sheet


def write_contact_sheet(path: str | os.PathLike[str], images: Sequence[np.ndarray]) -> None:
    """Write images side by side as one file, in the format of its ending. Raises `NetdefError` if there are none."""
    if not images:
        raise NetdefError("none of the records has an image to show")
    data = encode(contact_sheet(images), os.path.splitext(path)[1][1:])
    with atomic_write(path) as file:
        file.write(data)


def _tile(image: np.ndarray) -> np.ndarray:
    """An image as uint8 of three channels."""
    if image.dtype != np.uint8:
        low, high = image.min(), image.max()
        image = ((image - low) * (255 / ((high - low) or 1))).astype(np.uint8)
    return image if len(image) == 3 else image[[0, 0, 0]]
