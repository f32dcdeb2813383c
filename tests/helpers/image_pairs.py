"""Images and label images of which each place has a number of its own: what happened to both can be told from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image

COUNT, HEIGHT, WIDTH = 5, 6, 9


def grid(height: int, width: int) -> np.ndarray:
    """A plane in which each place has a number of its own, from 1 on."""
    return np.arange(1, height * width + 1, dtype=np.uint8).reshape(height, width)


def write_pairs(folder: Path) -> None:
    """Images 0.png, ... whose blue, green and red are the place's number + the image's, + 60 and + 120; labels 0.l.png, ...
    that are the place's number; lists of both."""
    for number in range(COUNT):
        place = grid(HEIGHT, WIDTH)
        blue = place + np.uint8(number)
        Image.fromarray(np.stack((blue + 120, blue + 60, blue), 2).astype(np.uint8)).save(folder / f"{number}.png")
        Image.fromarray(place).save(folder / f"{number}.l.png")
    (folder / "pairs.txt").write_text("".join(f"{i}.png {i}.l.png\n" for i in range(COUNT)))
    (folder / "images.txt").write_text("".join(f"{i}.png\n" for i in range(COUNT)))
    (folder / "labels.txt").write_text("".join(f"{i}.l.png\n" for i in range(COUNT)))
    (folder / "numbers.txt").write_text("".join(f"{i}.png {7 * i}\n" for i in range(COUNT)))


def plane(number: int) -> np.ndarray:
    """The blue of an image of `files`."""
    return grid(HEIGHT, WIDTH) + np.float32(number)


def agree(batch: dict[str, torch.Tensor], numbers: list[int]) -> None:
    """Image and labels are still of the same places."""
    for image, label, number in zip(batch["data"], batch["label"], numbers):
        np.testing.assert_array_equal(image, np.stack([label[0] + number + more for more in (0, 60, 120)]))
