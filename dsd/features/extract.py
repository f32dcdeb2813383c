"""Blobs of a net for its own data, written down: what the original's extract_features does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import h5py
import numpy as np
import torch

from dsd.plan.nets import need_data
from netdef.data.databases.datum_writer import DatumWriter
from netdef.errors import NetdefError, did_you_mean
from netdef.files import atomic_write
from netdef.graph.net import Net
from netdef.schema.messages import Datum

Arrays = dict[str, np.ndarray]


def check_blobs(net: Net, blobs: Sequence[str]) -> None:
    """Raise `NetdefError` for names that are no blobs of the net, for blobs without items, for inputs without data."""
    for blob in blobs:
        if blob not in net.shapes:
            raise NetdefError(
                f"net `{net.name}` has no blob `{blob}`{did_you_mean(blob, net.shapes)}; it has {', '.join(net.shapes)}"
            )
        if not net.shapes[blob]:
            raise NetdefError(f"blob `{blob}` is one number, not one for each item")
    if len(set(blobs)) < len(blobs):
        raise NetdefError(f"a blob is named twice: {', '.join(blobs)}")
    need_data(net)


def extract(net: Net, blobs: Sequence[str], batches: int, device: torch.device) -> Iterator[Arrays]:
    """The blobs of each of so many batches, as float32 arrays."""
    for _ in range(batches):
        with torch.inference_mode():
            values = net.activations(**{name: tensor.to(device) for name, tensor in next(net.feeds).items()})
        yield {blob: values[blob].float().cpu().numpy() for blob in blobs}


class Sink(ABC):
    """Where features go, batch by batch."""

    @abstractmethod
    def write(self, arrays: Arrays) -> None:
        """Append a batch of each blob."""


class Hdf5Sink(Sink):
    """A data set a blob, of all its axes, the first growing."""

    def __init__(self, file: h5py.File):
        self._file = file

    def write(self, arrays: Arrays) -> None:
        for name, array in arrays.items():
            if name not in self._file:
                self._file.create_dataset(name, data=array, maxshape=(None, *array.shape[1:]), chunks=True)
                continue
            values = self._file[name]
            _same(name, array.shape[1:], values.shape[1:])
            values.resize(len(values) + len(array), axis=0)
            values[-len(array) :] = array


class DatabaseSink(Sink):
    """A database a blob: a float datum of channels, height and width an item, keys of ten digits."""

    def __init__(self, writers: dict[str, DatumWriter]):
        self._writers = writers

    def write(self, arrays: Arrays) -> None:
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
def hdf5_sink(path: Path) -> Iterator[Sink]:
    """An HDF5 file, whole or not there."""
    with atomic_write(path) as target, h5py.File(target.name, "w") as file:
        yield Hdf5Sink(file)


@contextmanager
def database_sink(paths: dict[str, Path], backend: str, replace: bool) -> Iterator[Sink]:
    """LMDBs or LevelDBs by blob, whole or not there."""
    with ExitStack() as stack:
        yield DatabaseSink({b: stack.enter_context(DatumWriter(path, backend, replace)) for b, path in paths.items()})


def _same(name: str, shape: tuple[int, ...], first: tuple[int, ...]) -> None:
    if shape != first:
        raise NetdefError(f"blob `{name}` has items of shape {shape}, those before of {first}")
