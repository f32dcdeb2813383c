"""Image files to a database, as Caffe's ``convert_imageset`` does it: ``dsd-data images``.

A list of images becomes a database in three steps::

    entries = read_list("train.txt")                       # or list_classes("train/"), from folders of images
    images = convert_images(entries, "train/", ImageConversion(height=256, width=256))
    with DatumWriter("train_lmdb") as writer:
        problems = write_converted(writer, images)         # of images that could not be read
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from PIL import Image

from netdef.data.databases.datum_writer import DatumWriter
from netdef.data.images.datum import array_datum
from netdef.data.images.decode_threads import decoders
from netdef.data.images.image_file import decode, encode, image_format, read_image
from netdef.data.images.list_file import ListEntry, missing_hint
from netdef.data.images.resize import resize
from netdef.data.text_lines import spellings
from netdef.errors import FileError, NetdefError
from netdef.schema import messages

_MOST_WAITING = 64  # converted images held until their turn


@dataclass(frozen=True)
class ConvertedImage:
    """The datum made from an entry of the list and the image's shape, or why the image could not be read."""

    key: str
    datum: messages.Datum | None
    shape: tuple[int, ...] | None = None
    problem: str = ""

    @property
    def name(self) -> str:
        """The image's path in the list, which follows the number in the key."""
        return self.key.partition("_")[2]


@dataclass(frozen=True)
class ImageConversion:
    """Settings for converting image files to datums.

    Raw bytes, unless ``encoded``: then a file that needs neither another size nor another format is stored as it is,
    and others are compressed in the format ``encode_type``, or in the one that the file's name ends in. Height, width
    and channels of an encoded datum are 0, as in Caffe.
    """

    color: bool = True
    height: int = 0
    width: int = 0
    encoded: bool = False
    encode_type: str = ""

    def __post_init__(self) -> None:
        """Raise `NetdefError` for one of the two sizes alone and for formats that cannot be written."""
        if bool(self.height) != bool(self.width):
            raise NetdefError(f"cannot resize to {self.height} x {self.width}: give height and width, or neither")
        if self.encode_type:
            image_format(self.encode_type)

    def datum(self, path: str, label: int) -> tuple[messages.Datum, tuple[int, ...]]:
        """The datum of a file, and the image's shape. Raises `FileError` for a file that cannot be read."""
        if not (self.encoded or self.encode_type):
            image = read_image(path, self.color, self.height, self.width)
            datum = array_datum(image, label)
            datum.encoded = False  # the original writes the field out
            return datum, image.shape
        try:
            with open(path, "rb") as file:
                data = file.read()
            image = decode(data, self.color)
            kind = self.encode_type or os.path.splitext(path)[1][1:]
            keeps = not self.height and _same_format(path, kind) and (self.color or decode(data).shape[0] == 1)
            if not keeps:
                image = resize(image, self.height, self.width) if self.height else image
                data = encode(image, kind)
        except OSError as error:
            raise FileError(f"{path}: {error.strerror or error}") from error
        except (NetdefError, ValueError) as error:  # ValueError: a NUL in the name
            raise FileError(f"{path}: {error}") from error
        return messages.Datum(data=data, encoded=True, label=label), image.shape


def convert_images(entries: Sequence[ListEntry], root: str, how: ImageConversion) -> Iterator[ConvertedImage]:
    """Convert every entry of a list in order, decoding on all cores. Keys are Caffe's: the number in eight digits, ``_``
    and the path.

    ``root`` is the folder of the paths, or any text to put before them.
    """
    before = os.path.join(root, "") if os.path.isdir(root) else root

    def convert(number: int, name: str, label: int) -> ConvertedImage:
        key = f"{number:08}_{name}"
        paths = [before + spelling for spelling in spellings(name)]
        path = next(filter(os.path.isfile, paths), paths[0])
        try:
            return ConvertedImage(key, *how.datum(path, label))
        except FileError as error:
            return ConvertedImage(key, None, problem=f"{error}{missing_hint(name)}")

    pool = decoders(os.getpid())
    waiting: deque[Future[ConvertedImage]] = deque()
    try:
        for number, (name, label) in enumerate(entries):
            waiting.append(pool.submit(convert, number, name, label))
            if len(waiting) == _MOST_WAITING:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def write_converted(writer: DatumWriter, images: Iterable[ConvertedImage], check_size: bool = False) -> list[str]:
    """Add converted images to a database; returns why the others could not be read.

    Raises `NetdefError` for an image of another size than the first, if ``check_size`` forbids that.
    """
    first: ConvertedImage | None = None
    problems = []
    for image in images:
        if image.datum is None:
            problems.append(image.problem)
            continue
        first = first or image
        if check_size and image.shape != first.shape:
            raise NetdefError(f"{image.name}: is of shape {image.shape}, {first.name} of {first.shape}")
        writer.add(image.datum, image.key)
    return problems


def _same_format(path: str, kind: str) -> bool:
    """Whether a file's name ends in the format of this ending: ``a.jpeg`` and ``jpg``."""
    formats = Image.registered_extensions()
    ending = os.path.splitext(path)[1].lower()
    return ending == f".{kind.lower()}" or formats.get(ending, "?") == formats.get(f".{kind.lower()}")
