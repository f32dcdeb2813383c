"""Write blobs batch by batch: to an HDF5 file, or to databases."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import h5py

from dsd.features.extract import FeatureArrays
from netdef.data.databases.datum_writer import DatumWriter
from netdef.errors import NetdefError
from netdef.files import atomic_write
from netdef.schema.messages import Datum


class FeatureWriter(ABC):
    """An open file, or files, that blobs are appended to."""

    @abstractmethod
    def write(self, arrays: FeatureArrays) -> None:
        """Append a batch of each blob."""


class Hdf5Features(FeatureWriter):
    """An HDF5 file with a data set a blob, whose first axis grows."""

    def __init__(self, file: h5py.File):
        self._file = file

    def write(self, arrays: FeatureArrays) -> None:
        for name, array in arrays.items():
            if name not in self._file:
                self._file.create_dataset(name, data=array, maxshape=(None, *array.shape[1:]), chunks=True)
                continue
            values = self._file[name]
            _check_same(name, array.shape[1:], values.shape[1:])
            values.resize(len(values) + len(array), axis=0)
            values[-len(array) :] = array


class DatabaseFeatures(FeatureWriter):
    """A database a blob, with a float datum (channels, height, width) an item and keys of ten digits."""

    def __init__(self, writers: dict[str, DatumWriter]):
        self._writers = writers

    def write(self, arrays: FeatureArrays) -> None:
        for name, array in arrays.items():
            if array.ndim > 4:
                raise NetdefError(f"blob `{name}` has {array.ndim} axes, and a datum three; write it as HDF5")
            channels, height, width = (*array.shape[1:], 1, 1, 1)[:3]
            writer = self._writers[name]
            for item in array:
                datum = Datum(channels=channels, height=height, width=width)
                datum.float_data.extend(item.ravel().tolist())
                writer.add(datum, f"{writer.count:010}")


@contextmanager
def hdf5_features(path: Path) -> Iterator[FeatureWriter]:
    """A new HDF5 file, complete or absent."""
    with atomic_write(path) as target, h5py.File(target.name, "w") as file:
        yield Hdf5Features(file)


@contextmanager
def database_features(paths: dict[str, Path], backend: str, replace: bool) -> Iterator[FeatureWriter]:
    """New LMDBs or LevelDBs by blob, complete or absent."""
    with ExitStack() as stack:
        yield DatabaseFeatures({b: stack.enter_context(DatumWriter(path, backend, replace)) for b, path in paths.items()})


def _check_same(name: str, shape: tuple[int, ...], first: tuple[int, ...]) -> None:
    if shape != first:
        raise NetdefError(f"blob `{name}` has items of shape {shape}, those before of {first}")
