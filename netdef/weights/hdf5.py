"""Read and write `.caffemodel.h5` in Caffe's layout: data set ``data/<layer>/<i>`` is blob i of a layer.

Every layer has a group, with blobs or without; a shared blob is with its first layer only. Masks are outside of
``data``, where stock Caffe does not look: ``mask/<layer>`` has the bits (see `pack_mask`), and the shape as its attribute
``shape``; it is empty where all weights are kept.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from torch import Tensor

from netdef.errors import FileError
from netdef.files import atomic_hdf5
from netdef.weights.mask_bits import unpack_mask
from netdef.weights.stored_layers import BlobDiff, StoredBlob, StoredLayer, StoredMask, WrittenLayer, as_array, blame, memory_of

if TYPE_CHECKING:
    import h5py


@contextmanager
def read(path: str | os.PathLike[str]) -> Iterator[list[StoredLayer]]:
    """The layers of a file, to read while the context lasts. Raises `FileError` for a damaged or other file."""
    import h5py

    with blame(path, OSError):
        file = h5py.File(path, "r")
    with file:
        with blame(path, OSError, RuntimeError, KeyError, TypeError, ValueError):
            data = file.get("data")
            if not isinstance(data, h5py.Group):
                names = ", ".join(f"`{name}`" for name in file)
                raise FileError(f"{os.fspath(path)}: holds {names or 'nothing'}; weights are in a group `data`")
            layers: dict[str, StoredLayer] = {}
            data.visititems(partial(_add_blob, layers))
            masks = file.get("mask")
            if isinstance(masks, h5py.Group):
                masks.visititems(partial(_add_mask, layers))
        yield list(layers.values())


def _add_blob(layers: dict[str, StoredLayer], name: str | bytes, item: h5py.HLObject) -> None:
    """Add a group or data set. A group within a group is a layer, too: a layer named `a/b` is group b in group a."""
    import h5py

    if isinstance(name, bytes):  # not UTF-8: no layer's name
        return
    layer, _, index = name.rpartition("/")
    if isinstance(item, h5py.Group):
        layers.setdefault(name, StoredLayer(name))
    elif isinstance(item, h5py.Dataset) and index.isdecimal():
        if item.dtype.kind not in "fiu":
            raise ValueError(f"`data/{name}` holds {item.dtype}, not numbers")
        blob = StoredBlob(item.shape or (), partial(_read, item))
        layers.setdefault(layer, StoredLayer(layer)).blobs[int(index)] = blob


def _read(dataset: h5py.Dataset, into: Tensor) -> None:
    if into.numel():
        with blame(dataset.file.filename, OSError):
            dataset.read_direct(into.view(dataset.shape).numpy())


def _add_mask(layers: dict[str, StoredLayer], layer: str | bytes, bits: h5py.HLObject) -> None:
    import h5py

    if isinstance(layer, str) and isinstance(bits, h5py.Dataset) and "shape" in bits.attrs:
        shape = tuple(map(int, bits.attrs["shape"]))
        if bits.dtype != np.uint8 or (bits.size is not None and bits.size > math.prod(shape)):
            raise ValueError(f"mask `{layer}` is no row of bytes for a shape of {shape}")
        kept = (lambda: None) if bits.shape is None else (lambda: unpack_mask(shape, bits[()].tobytes()))
        layers.setdefault(layer, StoredLayer(layer)).mask = StoredMask(shape, kept)


def write(path: str | os.PathLike[str], name: str, layers: Sequence[WrittenLayer], diff: BlobDiff | None = None) -> None:
    """Write each layer's blobs and masks, and the result of ``diff`` for each blob as ``diff/<layer>/<i>``; no net's name.

    All or nothing; raises `FileError`.
    """
    import h5py

    written: set[int] = set()
    masks = [message.mask_param for message, _ in layers]
    values = sum(4 * blob.numel() for _, blobs in layers for blob in blobs)
    copies = 1 if diff is None else 2
    size = copies * values + sum(len(mask.bits) for mask in masks)
    with atomic_hdf5(path, size, sum(copies * (len(blobs) + 2) for _, blobs in layers)) as file:
        data = file.create_group("data")
        for message, blobs in layers:
            group = data.require_group(message.name)
            for index, blob in enumerate(blobs):
                if memory_of(blob) not in written and str(index) not in group:
                    group[str(index)] = as_array(blob)
                    written.add(memory_of(blob))
                if diff is not None and f"diff/{message.name}/{index}" not in file:
                    file[f"diff/{message.name}/{index}"] = as_array(diff(blob))
            if message.mask_param.HasField("shape"):
                mask = message.mask_param
                bits = np.frombuffer(mask.bits, np.uint8) if mask.HasField("bits") else h5py.Empty("u1")
                file.create_dataset(f"mask/{message.name}", data=bits).attrs["shape"] = np.array(mask.shape.dim, "<i8")
