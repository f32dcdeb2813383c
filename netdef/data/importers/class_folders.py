"""Folders of images, one a class, as a list of images with labels."""

from __future__ import annotations

import os
from pathlib import Path

from PIL import Image

from netdef.data.images.list_file import ListEntry
from netdef.errors import FileError


def list_classes(folder: Path) -> tuple[list[ListEntry], list[str]]:
    """The images ``<class>/.../<image>`` below a folder with their labels, and the names of the classes in label order.

    Labels count the folders in alphabetical order; where all are numbers, in the order of the numbers. Images are the
    files whose names end as image files do; names that begin with a dot are passed over. Raises `FileError` for a folder
    without images in folders, and for a class without images.
    """
    try:
        classes = [entry.name for entry in os.scandir(folder) if entry.is_dir() and not entry.name.startswith(".")]
    except OSError as error:
        raise FileError(f"{folder}: {error.strerror or error}") from error
    if not classes:
        raise FileError(f"{folder}: has no folders of images; wanted are {folder}/<class>/<image>, or a list of images")
    classes.sort(key=int if all(name.isdecimal() for name in classes) else None)
    entries = []
    for label, name in enumerate(classes):
        images = _images(folder / name)
        if not images:
            raise FileError(f"{folder / name}: has no images")
        entries += [(path.relative_to(folder).as_posix(), label) for path in images]
    return entries, classes


def _images(folder: Path) -> list[Path]:
    endings = Image.registered_extensions()
    found = []
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(place, name) for name in files
                  if not name.startswith(".") and os.path.splitext(name)[1].lower() in endings]
    return sorted(found)
