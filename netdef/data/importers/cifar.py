"""Read CIFAR-10: its binary version, and folders or zip files of images.

Planes are red, green, blue, the order of the binary version and so of Caffe's own databases of CIFAR-10, though Caffe's
order for image files is blue first.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from netdef.data.images.image_file import decode
from netdef.errors import FileError, NetdefError

SHAPE = 3, 32, 32
PARTS = {"train": [f"data_batch_{i}.bin" for i in range(1, 6)], "test": ["test_batch.bin"]}
_ROW = 1 + 3 * 32 * 32
_SEED = 10


def read_cifar(
    source: Path, part: str, progress: Callable[[Iterable], Iterable] = iter, first: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Read images (N, 3, 32, 32) and labels (N,) of the part ``train`` or ``test``; only the ``first`` N if given.

    ``source`` is the folder of the binary version (data_batch_1.bin to data_batch_5.bin, test_batch.bin), or a folder
    or zip file of images named train/<class>/<name> and test/<class>/<name>. The binary version keeps its order; images
    are shuffled the same way every time. Classes are numbered in alphabetical order. Raises `FileError` for anything else,
    and for fewer images than ``first``. ``progress`` is given the images one by one and yields them: a progress bar.
    """
    if source.is_file() and not zipfile.is_zipfile(source):
        raise FileError(f"{source}: is neither a folder nor a zip file")
    if (source / PARTS["test"][0]).is_file():
        return _batches(source, part, first)
    return _images(source if source.is_dir() else zipfile.Path(source), part, progress, first)


def _batches(folder: Path, part: str, first: int | None) -> tuple[np.ndarray, np.ndarray]:
    rows = []
    for name in PARTS[part]:
        try:
            data = np.fromfile(folder / name, np.uint8)
        except OSError as error:
            raise FileError(f"{folder / name}: {error.strerror or error}") from error
        if not data.size or data.size % _ROW:
            raise FileError(f"{folder / name}: its {data.size} bytes are no rows of {_ROW}")
        rows.append(data.reshape(-1, _ROW))
    table = np.concatenate(rows)
    _check_enough(folder, part, len(table), first)
    table = table[:first]
    return table[:, 1:].reshape(-1, *SHAPE), table[:, 0]


def _images(
    root: Path | zipfile.Path, part: str, progress: Callable[[Iterable], Iterable], first: int | None
) -> tuple[np.ndarray, np.ndarray]:
    folder = root / part
    classes = sorted(entry.name for entry in folder.iterdir() if entry.is_dir()) if folder.is_dir() else []
    names = [
        (label, name)
        for label, kind in enumerate(classes)
        for name in sorted(entry.name for entry in (folder / kind).iterdir())
    ]
    if not names:
        raise FileError(f"{root}: has neither {PARTS[part][0]} nor {part}/<class>/<image>")
    _check_enough(root, part, len(names), first)
    order = np.random.default_rng(_SEED).permutation(len(names))[:first]
    images = np.empty((len(order), *SHAPE), np.uint8)
    for index, (label, name) in progress(list(enumerate(names[i] for i in order))):
        file = folder / classes[label] / name
        try:
            image = decode(file.read_bytes(), color=True)[::-1]
        except NetdefError as error:
            raise FileError(f"{file}: {error}") from error
        if image.shape != SHAPE:
            raise FileError(f"{file}: is of shape {image.shape}, not {SHAPE}")
        images[index] = image
    return images, np.array([names[i][0] for i in order], np.uint8)


def _check_enough(source: Path | zipfile.Path, part: str, count: int, first: int | None) -> None:
    if first and first > count:
        raise FileError(f"{source}: {part} holds {count:,} images, not the first {first:,}")
