"""Image files as datums, as Caffe's convert_imageset makes them."""

from __future__ import annotations

import io
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
from PIL import Image

from netdef.data.images.datum import array_datum, decode
from netdef.data.images.decode_threads import decoders
from netdef.data.images.lists import Entry, read_image
from netdef.data.images.resize import resize
from netdef.errors import FileError, NetdefError, did_you_mean
from netdef.schema import messages

_AHEAD = 64  # images that may wait for their turn
_QUALITY = {"JPEG": {"quality": 95, "subsampling": "4:2:0"}}  # OpenCV's


@dataclass(frozen=True)
class Converted:
    """What became of an entry of the list: its datum and the image's shape, or why it could not be read."""

    key: str
    datum: messages.Datum | None
    shape: tuple[int, ...] | None = None
    problem: str = ""


@dataclass(frozen=True)
class Conversion:
    """How an image file becomes a datum.

    Raw bytes, unless ``encoded``: then a file that needs neither another size nor another kind goes in as it is, and
    others are compressed as ``encode_type`` says, or as their name's ending does. Height, width and channels of an
    encoded datum are 0, as in Caffe.
    """

    color: bool = True
    height: int = 0
    width: int = 0
    encoded: bool = False
    encode_type: str = ""

    def __post_init__(self) -> None:
        """Raises `NetdefError` for one of the two sizes alone and for kinds of images that cannot be written."""
        if bool(self.height) != bool(self.width):
            raise NetdefError(f"cannot resize to {self.height} x {self.width}: give height and width, or neither")
        if self.encode_type:
            image_format(self.encode_type)

    def datum(self, path: str, label: int) -> tuple[messages.Datum, tuple[int, ...]]:
        """The datum of a file, and the image's shape. Raises `FileError` for what cannot be read."""
        if not (self.encoded or self.encode_type):
            image = read_image(path, self.color, self.height, self.width)
            datum = array_datum(image, label)
            datum.encoded = False  # the original spells it out
            return datum, image.shape
        try:
            with open(path, "rb") as file:
                data = file.read()
            image = decode(data, self.color)
            kind = self.encode_type or os.path.splitext(path)[1][1:]
            keeps = not self.height and _same_kind(path, kind) and (self.color or decode(data).shape[0] == 1)
            if not keeps:
                image = resize(image, self.height, self.width) if self.height else image
                data = encode(image, kind)
        except OSError as error:
            raise FileError(f"{path}: {error.strerror or error}") from error
        except (NetdefError, ValueError) as error:  # ValueError: a NUL in the name
            raise FileError(f"{path}: {error}") from error
        return messages.Datum(data=data, encoded=True, label=label), image.shape


def convert(entries: Sequence[Entry], root: str, how: Conversion) -> Iterator[Converted]:
    """Every entry of a list in its order, with Caffe's key: its number as eight digits, and its path.

    ``root`` is the folder of the paths (or whatever stands before them). Images are decoded on all cores.
    """
    before = os.path.join(root, "") if os.path.isdir(root) else root

    def make(number: int, name: str, label: int) -> Converted:
        key = f"{number:08}_{name}"
        try:
            return Converted(key, *how.datum(before + name, label))
        except FileError as error:
            return Converted(key, None, problem=str(error))

    pool = decoders(os.getpid())
    waiting: deque[Future] = deque()
    try:
        for number, (name, label) in enumerate(entries):
            waiting.append(pool.submit(make, number, name, label))
            if len(waiting) == _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def encode(image: np.ndarray, kind: str) -> bytes:
    """An image (C, H, W), blue first, as the bytes of a file of a kind: png, jpg, ... Raises `NetdefError`."""
    buffer = io.BytesIO()
    pixels = image[0] if len(image) == 1 else np.ascontiguousarray(image[::-1].transpose(1, 2, 0))
    name = image_format(kind)
    try:
        Image.fromarray(pixels).save(buffer, name, **_QUALITY.get(name, {}))
    except (OSError, ValueError) as error:
        raise NetdefError(f"cannot be written as {name}: {error}") from error
    return buffer.getvalue()


def image_format(kind: str) -> str:
    """Pillow's name of a kind of image (png, jpg, ...) that it can write. Raises `NetdefError` for others."""
    known = Image.registered_extensions()
    name = known.get(f".{kind.lower()}")
    if name not in Image.SAVE:
        kinds = sorted(ending[1:] for ending, format in known.items() if format in Image.SAVE)
        raise NetdefError(f"images cannot be encoded as `{kind}`{did_you_mean(kind, kinds)}; try png or jpg")
    return name


def _same_kind(path: str, kind: str) -> bool:
    endings = Image.registered_extensions()
    ending = os.path.splitext(path)[1].lower()
    return ending == f".{kind.lower()}" or endings.get(ending, "?") == endings.get(f".{kind.lower()}")
