"""`HDF5Data`: data sets of HDF5 files; each top is the data set of its name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from netdef.data.feeding.feed import Feed
from netdef.data.text_lines import read_lines, spellings
from netdef.errors import FileError, among
from netdef.layers.core.arity import at_least
from netdef.layers.core.registry import register

if TYPE_CHECKING:
    import h5py

    from netdef.definition.definitions import LayerDefinition

_PARAM = "hdf5_data_param"


@register("HDF5Data")
class HDF5Data(Feed):
    """Tops are data sets of the HDF5 files that ``source`` lists, one path a line; their first axis counts the items.

    Floats and integers become float32. One file is held in memory at a time, as in Caffe. With ``shuffle`` each epoch
    has its own order of files and of the items of each file, both a function of the seed and the epoch.

    From mikuhatsune's fork, of the first top: ``mean_value`` is subtracted, ``scale`` multiplies, and ``mirror`` turns items
    at random, left to right, a function of the seed and the batch.
    """

    n_tops = at_least(1)

    def __init__(self, spec: LayerDefinition):
        param = spec.message.hdf5_data_param
        super().__init__(spec, param.batch_size)
        if spec.message.HasField("transform_param"):
            raise spec.refuse("does not transform data", "transform_param")
        self.files = _listed(spec)
        self.shuffle = param.shuffle
        first, *others = (self.inspect(file) for file in self.files)
        for file, (_, shapes) in zip(self.files[1:], others):
            if shapes != first[1]:
                raise FileError(f"{file}: its items are of shape {shapes}, those of {self.files[0]} of {first[1]}")
        self.counts = [count for count, _ in (first, *others)]
        self.set_shapes(spec, *first[1].values())
        self._read_changes(spec)
        self._loaded: tuple[int, dict[str, np.ndarray]] | None = None
        self._permuted: tuple[tuple[int, int], np.ndarray] | None = None
        if len(self.files) > 1:
            self.work_ahead(1)

    def _read_changes(self, spec: LayerDefinition) -> None:
        """Read the changes of the first top: means, one a channel or one for all, a factor, and mirroring."""
        param, shape = spec.message.hdf5_data_param, self.shapes[self.tops[0]]
        self.means, self.scale, self.mirror = np.array(param.mean_value, np.float32), param.scale, param.mirror
        if (len(self.means) or self.mirror) and len(shape) != 4:
            raise spec.refuse(f"changes images, which have 4 axes; `{self.tops[0]}` has shape {shape}", _PARAM)
        if len(self.means) not in (0, 1, shape[1] if len(shape) == 4 else 0):
            raise spec.refuse(f"gives `mean_value` {len(self.means)} times for {shape[1]} channels", _PARAM, "mean_value", 0)

    def _change(self, x: np.ndarray, number: int) -> None:
        """Change the first top of batch ``number`` in place."""
        if len(self.means):
            x -= self.means[:, None, None]
        if self.mirror:
            turned = self.generator("mirror", self.first_item(number)).random(len(x)) < 0.5
            x[turned] = x[turned, ..., ::-1]
        if self.scale != 1:
            x *= np.float32(self.scale)

    def inspect(self, file: Path) -> tuple[int, dict[str, tuple[int, ...]]]:
        """The number of items in a file, and an item's shape for each top. Raises `FileError` if the data sets do not fit."""
        with _open(file) as group:
            sets = {top: _data_set(group, top, file) for top in self.tops}
            counts = {top: data_set.shape[0] for top, data_set in sets.items()}
            if len(set(counts.values())) != 1 or 0 in counts.values():
                has = ", ".join(f"`{top}` has {count}" for top, count in counts.items())
                raise FileError(f"{file}: its data sets need the same number of items, at least 1; {has}")
            return counts[self.tops[0]], {top: data_set.shape[1:] for top, data_set in sets.items()}

    def batch(self, number: int) -> dict[str, np.ndarray]:
        out = {top: np.empty(shape, np.float32) for top, shape in self.shapes.items()}
        done, item = 0, self.first_item(number)
        while done < self.batch_size:
            file, rows = self.rows(item + done, self.batch_size - done)
            for top, values in self.load(file).items():
                out[top][done : done + len(rows)] = values[rows]
            done += len(rows)
        self._change(out[self.tops[0]], number)
        return out

    def epoch_size(self) -> int:
        """The number of items of all files."""
        return sum(self.counts)

    def rows(self, item: int, most: int) -> tuple[int, np.ndarray]:
        """The file that holds item ``item`` of the endless sequence, and at most ``most`` of its rows from there on."""
        epoch, item = divmod(item, sum(self.counts))
        files = np.arange(len(self.files))
        if self.shuffle:
            files = self.generator("files", epoch).permutation(files)
        for file in files:
            count = self.counts[file]
            if item < count:
                break
            item -= count
        stop = min(item + most, count)
        return int(file), self.order(epoch, int(file))[item:stop] if self.shuffle else np.arange(item, stop)

    def order(self, epoch: int, file: int) -> np.ndarray:
        """The shuffled order of a file's rows in an epoch; the last one asked for is kept."""
        if self._permuted is None or self._permuted[0] != (epoch, file):
            rows = self.generator("rows", epoch, file).permutation(self.counts[file])
            self._permuted = (epoch, file), rows
        return self._permuted[1]

    def forget(self) -> None:
        super().forget()
        self._permuted = None

    def load(self, file: int) -> dict[str, np.ndarray]:
        """A file's data sets as float32; the last file asked for is kept."""
        if self._loaded is None or self._loaded[0] != file:
            self._loaded = None  # frees it before the next file is read
            path = self.files[file]
            with _open(path) as group:
                self._loaded = file, {top: _data_set(group, top, path).astype(np.float32)[:] for top in self.tops}
        return self._loaded[1]

    def close(self) -> None:
        super().close()
        self._loaded = None


def _listed(spec: LayerDefinition) -> list[Path]:
    """The files that ``source`` lists, found beside the list, beside the net or in the working directory.

    A source that is an HDF5 file itself is the only one.
    """
    import h5py

    source = spec.resolve(spec.message.hdf5_data_param.source, _PARAM, "source")
    if source.is_file() and h5py.is_hdf5(source):
        return [source]
    try:
        names = [line.text for line in read_lines(source)]
    except FileError as error:
        raise spec.refuse(f"cannot read its source, a list of files: {error}", _PARAM, "source") from error
    if not names:
        raise spec.refuse(f"has a source that lists no files: {source}", _PARAM, "source")
    return [_find(spec, source, name) for name in names]


def _find(spec: LayerDefinition, source: Path, name: str) -> Path:
    for spelling in spellings(name):
        if os.path.isfile(source.parent / spelling):
            return source.parent / spelling
    return spec.resolve(spellings(name)[-1], _PARAM, "source")


@contextmanager
def _open(path: Path) -> Iterator[h5py.File]:
    """Open a file for reading. Raises `FileError` for every error of h5py, also of those while it is read."""
    import h5py

    try:
        with h5py.File(path, "r") as file:
            yield file
    except MemoryError as error:
        raise FileError(f"{path}: does not fit into memory: {error}") from error
    except (OSError, RuntimeError, KeyError) as error:
        raise FileError(f"{path}: cannot be read as HDF5: {error}") from error


def _data_set(file: h5py.File, top: str, path: Path) -> h5py.Dataset:
    import h5py

    found = file.get(top)
    if not isinstance(found, h5py.Dataset):
        names = [name for name in file if isinstance(name, str)]  # h5py gives names that are not UTF-8 as bytes
        raise FileError(f"{path}: has no data set `{top}`{among(top, names, 'it has')}")
    if not found.shape or found.dtype.kind not in "fiu":
        raise FileError(f"{path}: data set `{top}` is of type {found.dtype} and shape {found.shape}; it takes numbers")
    return found
