"""The base class of data layers of images with label images; both get the same crop and mirroring."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from netdef.data.feeding.feed import Feed
from netdef.data.images.decode_threads import decode_each
from netdef.data.images.image_file import read_image
from netdef.data.images.list_file import search_folders
from netdef.data.images.resize import resize
from netdef.data.images.transform import Transform
from netdef.data.text_lines import locate
from netdef.errors import FileError, NetdefError
from netdef.layers.core.arity import exactly

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition


class ImagePairFeed(Feed):
    """Tops ``data`` (batch, channels, height, width) and ``label`` (batch, 1, height, width), from lists of files.

    With ``shuffle`` each epoch has an order of its own, a function of the seed and the epoch; ``rand_skip`` skips a number
    of images below it. A batch has the sizes of its first image. Batches are made in the background.
    """

    n_tops = exactly(2)

    def __init__(self, spec: LayerDefinition, batch_size: int, *, shuffle: bool, rand_skip: int, source: Path):
        """``source`` is the list. Subclasses set ``entries`` and what `arrays` needs, and call `set_shapes_by_first`."""
        super().__init__(spec, batch_size)
        self.shuffle, self.rand_skip, self.source = shuffle, rand_skip, source
        self.folders = search_folders(spec, source)
        self.entries: list[tuple[str, ...]] = []

    @abstractmethod
    def arrays(self, entry: tuple[str, ...], random: np.random.Generator) -> tuple[np.ndarray, ...]:
        """The arrays of the tops for an entry of the list."""

    def set_shapes_by_first(self, spec: LayerDefinition) -> None:
        """Set the shapes by those of the first entry."""
        try:
            first = self.arrays(self.entries[0], np.random.default_rng(0))
        except FileError:
            raise
        except NetdefError as error:
            raise spec.refuse(str(error)) from error
        self.set_shapes(spec, *(array.shape for array in first))
        self.work_ahead(spec.message.data_param.prefetch)

    def batch(self, number: int) -> dict[str, np.ndarray]:
        first, entries = self.first_item(number), self.entries_of(number)
        made = decode_each(lambda index: self._named(entries[index], first + index), range(len(entries)))
        for index, arrays in enumerate(made):
            for one, other in zip(arrays, made[0]):
                if one.shape != other.shape:
                    raise FileError(f"{self.source}: image `{entries[index][0]}` is of shape {one.shape}, the "
                                    f"first of its batch of {other.shape}")
        return {top: np.stack(arrays).astype(np.float32) for top, arrays in zip(self.tops, zip(*made))}

    def entries_of(self, number: int) -> list[tuple[str, ...]]:
        """The entries of the list of a batch."""
        return [self.entries[index] for index in self.indices(number, len(self.entries))]

    def epoch_size(self) -> int | None:
        """The number of entries of the list."""
        return len(self.entries)

    def _named(self, entry: tuple[str, ...], item: int) -> tuple[np.ndarray, ...]:
        """The arrays of an item of the endless sequence. Errors are `FileError`s that name the image."""
        try:
            return self.arrays(entry, self.generator("pair", item))
        except FileError:
            raise
        except NetdefError as error:
            raise FileError(f"{self.source}: image `{entry[0]}` {error}") from error

    def read(self, path: str, color: bool) -> np.ndarray:
        """The image of a file that the list names, uint8 (channels, rows, columns)."""
        return read_image(locate(path, self.folders, self.source), color)


def check_alike(image: np.ndarray, label: np.ndarray) -> None:
    """Raise `NetdefError` for an image and labels of different sizes."""
    if image.shape[1:] != label.shape[1:]:
        raise NetdefError(f"is of {image.shape[1]} x {image.shape[2]}, its labels of {label.shape[1]} x {label.shape[2]}")


def resize_pair(
    image: np.ndarray, label: np.ndarray, height: int, width: int, mode: str = "LINEAR"
) -> tuple[np.ndarray, np.ndarray]:
    """Resize both: the image by ``mode``, the labels by nearest neighbours."""
    return resize(image, height, width, mode), resize(label, height, width, "NEAREST")


def transform_pair(
    transform: Transform, image: np.ndarray, label: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Crop and mirror both alike; mean and scale apply to the image only. Raises `NetdefError` if they do not fit."""
    return transform_drawn_pair(transform, image, label, transform.draws(random, 1))


def transform_drawn_pair(
    transform: Transform, image: np.ndarray, label: np.ndarray, draws: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """`transform_pair` with the row of numbers that were drawn."""
    data = np.empty(transform.shape(image.shape), np.float32)
    transform.into(data[None], image[None], draws)
    label = label[transform.window(label.shape[1:], draws[0, 1:].tolist())]
    return data, label[..., ::-1] if transform.mirror and draws[0, 0] < 0.5 else label
