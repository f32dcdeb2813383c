"""Read and write `.safetensors`: tensor ``<layer>.<i>`` is blob i of a layer, in Caffe's order and shape.

A shared blob is with its first layer only. ``<layer>.mask`` is a Mask layer's mask, bool, true = kept; a single true
without axes where all weights are kept. The metadata has the net's name as ``net``. Files with other names are state
dicts of torch.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from netdef.errors import FileError
from netdef.files import atomic_write
from netdef.weights.stored_layers import StoredBlob, StoredLayer, StoredMask, WrittenLayer, as_array, blame, get_mask, memory_of

if TYPE_CHECKING:
    from safetensors import safe_open


@contextmanager
def read(path: str | os.PathLike[str]) -> Iterator[list[StoredLayer] | dict[str, Tensor]]:
    """The layers of a file, to read while the context lasts; the tensors by name of a file with other names.

    Raises `FileError` for a damaged file.
    """
    from safetensors import SafetensorError, safe_open

    with blame(path, SafetensorError, OSError):
        opened = safe_open(path, "pt")
    with opened as file:
        names = list(file.keys())
        if all(map(_is_ours, names)):
            yield _layers(file, names)
        else:
            yield {name: file.get_tensor(name) for name in names}


def _layers(file: safe_open, names: Sequence[str]) -> list[StoredLayer]:
    layers: dict[str, StoredLayer] = {}
    for key in names:
        name, _, part = key.rpartition(".")
        layer = layers.setdefault(name, StoredLayer(name))
        shape = tuple(file.get_slice(key).get_shape())
        if part.isdecimal():
            layer.blobs[int(part)] = StoredBlob(shape, partial(_read, file, key))
        else:
            layer.mask = StoredMask(shape or None, partial(_kept, file, key))
    return list(layers.values())


def _is_ours(name: str) -> bool:
    """Whether the names are those that `write` gives."""
    part = name.rpartition(".")[2]
    return part.isdecimal() or part == "mask"


def _read(file: safe_open, key: str, into: Tensor) -> None:
    stored = file.get_tensor(key)
    into.copy_(stored.view(into.shape))


def _kept(file: safe_open, key: str) -> Tensor | None:
    kept = file.get_tensor(key)
    return kept.bool() if kept.ndim else None


def write(path: str | os.PathLike[str], name: str, layers: Sequence[WrittenLayer]) -> None:
    """Write each layer's blobs and masks. All or nothing; raises `FileError`."""
    tensors: dict[str, Tensor] = {}
    written: set[int] = set()
    for message, blobs in layers:
        for index, blob in enumerate(blobs):
            if memory_of(blob) not in written:
                tensors[f"{message.name}.{index}"] = torch.from_numpy(as_array(blob))
                written.add(memory_of(blob))
        mask = get_mask(message.mask_param)
        if mask is not None:
            kept = mask.kept()
            tensors[f"{message.name}.mask"] = torch.tensor(True) if kept is None else kept
    write_tensors(path, tensors, {"net": name})


def write_tensors(path: str | os.PathLike[str], tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
    """Write tensors by name, without copying them in memory. All or nothing; raises `FileError`."""
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    with atomic_write(path) as file:
        try:
            save_file(tensors, file.name, metadata)
        except SafetensorError as error:
            raise FileError(f"{os.fspath(path)}: cannot be written: {error}") from error
