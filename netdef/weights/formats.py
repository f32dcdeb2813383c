"""The formats of weight files: chosen by the contents when read, by the path's ending when written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple

from torch import Tensor

from netdef.errors import FileError
from netdef.graph.net import Net
from netdef.text.other_files import compression, kind_text, text_kind
from netdef.weights import caffemodel, hdf5, pt, safetensors
from netdef.weights.stored_layers import StoredLayer, WrittenLayer, layers_to_write

PathLike = str | os.PathLike[str]


class Format(NamedTuple):
    """A format of weight files.

    ``read(path)`` is a context in which the file is open. It gives the layers with blobs by index or, of a file that
    names tensors as torch does, the tensors by name. ``write(path, net)`` writes the weights of a net, all or nothing.
    Both raise `FileError`.
    """

    read: Callable[[PathLike], AbstractContextManager[list[StoredLayer] | dict[str, Tensor]]]
    write: Callable[[PathLike, Net], None]


def _by_index(write: Callable[[PathLike, str, Sequence[WrittenLayer]], None]) -> Callable[[PathLike, Net], None]:
    """The writer of a net, for a format that stores layers with blobs by index."""

    def write_net(path: PathLike, net: Net) -> None:
        write(path, net.name, layers_to_write(net))

    return write_net


CAFFEMODEL = Format(caffemodel.read, _by_index(caffemodel.write))
HDF5 = Format(hdf5.read, _by_index(hdf5.write))
SAFETENSORS = Format(safetensors.read, _by_index(safetensors.write))
PT = Format(pt.read, pt.write)
ENDINGS = {".caffemodel": CAFFEMODEL, ".h5": HDF5, ".hdf5": HDF5, ".safetensors": SAFETENSORS, ".pt": PT, ".pth": PT}

_HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_ZIP_SIGNATURE = b"PK\x03\x04"  # torch.save since torch 1.6
_PICKLE_SIGNATURE = b"\x80"  # torch.save before, and with `_use_new_zipfile_serialization=False`
_TEXT = frozenset(range(0x20, 0x7F)) | set(b"\t\n\r\f") | set(range(0x80, 0x100))


def format_to_read(path: PathLike) -> Format:
    """The format of a file, by its first bytes. Raises `FileError` for a file that is no weight file."""
    name = os.fspath(path)
    if os.path.isdir(path):
        raise FileError(f"{name}: is a folder; a file of weights is wanted")
    try:
        with open(path, "rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise FileError(f"{name}: cannot be read: {error.strerror}") from error
    if not start:
        raise FileError(f"{name}: is empty")
    if start.startswith(_HDF5_SIGNATURE):
        return HDF5
    if start[8:9] == b"{" and int.from_bytes(start[:8], "little") <= os.path.getsize(path):  # a length, then JSON
        return SAFETENSORS
    if start.startswith((_ZIP_SIGNATURE, _PICKLE_SIGNATURE)):
        return PT
    if (kind := compression(start)) is not None:
        raise FileError(f"{name}: {kind_text(kind, 'a file of weights')}")
    if _TEXT.issuperset(start):
        raise FileError(f"{name}: {_describe_text(start)}")
    found = ENDINGS.get(Path(path).suffix, CAFFEMODEL)
    if found is HDF5:
        raise FileError(f"{name}: is named as an HDF5 file and does not begin as one")
    return found


def _describe_text(start: bytes) -> str:
    """The kind of a text, in words that follow the name of its file."""
    kind = text_kind(start.decode("utf-8-sig", errors="replace"))
    return kind_text(kind, "a file of weights") if kind else "is text, not weights; is it the prototxt?"


@contextmanager
def read_layers(path: PathLike) -> Iterator[list[StoredLayer]]:
    """The layers of a file with their blobs by index, to read while the context lasts.

    A state dict of torch has none: its names and layouts need the net. Raises `FileError`.
    """
    with format_to_read(path).read(path) as found:
        yield found if isinstance(found, list) else []


def format_to_write(path: PathLike, kind: str | None = None) -> Format:
    """The format that a path's ending names, or ``kind``, an ending. Raises `FileError` for an unknown ending."""
    found = ENDINGS.get(kind or Path(path).suffix)
    if found is None:
        *others, last = ENDINGS
        raise FileError(f"{os.fspath(path)}: a file of weights ends in {', '.join(others)} or {last}")
    return found
